"""Write docs/benchmarks.md, or only some of its parts, and what the README shows of it.

`make bench` runs it, `make bench PARTS="serving drift"` only those. All figures of a part
come from one run, in turn with what stands beside them, so that a busy machine slows both.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from cookiecutter.main import cookiecutter

from maturity_assessment.capabilities import put

from . import assess, batch, drift, excerpt, serving, template, year
from .excerpt import HOUSE, REPORT
from .processes import describe_machine

# What each part measures.
PARTS: dict[str, Callable[[Path], list[str]]] = {
    "template": template.report,
    "serving": serving.report,
    "batch": batch.report,
    "drift": drift.report,
    "year": year.report,
    "assess": assess.report,
}
ALONE = ("template", "assess")  # they need no project of level 4 that has been trained


def settle(folder: Path) -> Path:
    """Generate level 4, train it and make its package."""
    project = Path(
        cookiecutter(
            str(HOUSE),
            no_input=True,
            extra_context={"maturity_level": "4"},
            output_dir=str(folder),
        )
    )
    subprocess.run(["git", "init", "--quiet"], cwd=project, check=True)
    subprocess.run(["make", "pipeline", "package"], cwd=project, check=True)
    return project


def main(parts: list[str]) -> None:
    """Measure the parts that are named, or all, and put each where its marks are."""
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        sys.exit(f"{unknown[0]!r} is no part; choose of: {', '.join(PARTS)}.")
    ours = HOUSE / ".venv" / "only-uv"
    os.environ["PATH"] = f"{ours}{os.pathsep}{os.environ['PATH']}"
    # As on its users' machines, Python keeps what it compiled: to import is not to compile.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as name:
        folder, project = Path(name), None
        for part in parts or PARTS:
            if part not in ALONE and project is None:
                project = settle(folder)
            found = PARTS[part](folder if part in ALONE or not project else project)
            where = (
                f"`make bench PARTS={part}` on {date.today()}: {describe_machine()}."
            )
            text = "\n".join([where, "", *found])
            REPORT.write_text(put(text, part, REPORT.read_text("utf-8")), "utf-8")
            print(text, flush=True)
    excerpt.show()


if __name__ == "__main__":
    main(sys.argv[1:])
