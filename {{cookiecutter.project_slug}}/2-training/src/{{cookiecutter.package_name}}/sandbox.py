"""Run a command of the project in another folder, with the code that lies there."""

import os
import subprocess
import sys
from pathlib import Path

from .refusal import Refusal

# What was said to this command is not meant for the one that runs there.
SAID = ("DATA", "OUT", "RUN", "BUNDLE", "PYTHONPATH")


def run(folder: Path, code: Path, *words: str) -> None:
    """Run Python with `words` in `folder`; its own last line is the reason of a failure."""
    kept = {name: value for name, value in os.environ.items() if name not in SAID}
    done = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(code.resolve()), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Refusal(f"`{words[-1]}` stopped: {find_reason(done)}")


def find_reason(done: subprocess.CompletedProcess[str]) -> str:
    """Give the last line that a command wrote about its failure."""
    return (done.stderr.strip() or "it gave no reason").splitlines()[-1]


def name_package(code: Path) -> str:
    """Give the name of the package in a folder src/."""
    found = sorted(path.parent.name for path in code.glob("*/__main__.py"))
    if not found:
        raise Refusal(f"There is no package in {code}.")
    return found[0]
