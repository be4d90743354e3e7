"""Run a program that the project does not install, such as kubectl or docker."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from ..refusal import Refusal


def find(name: str, advice: str) -> None:
    """Refuse a program that is not installed."""
    if shutil.which(name) is None:
        raise Refusal(f"{name} is not installed; {advice}")


def run(*command: str, advice: str) -> str:
    """Run a command and give what it prints; when it fails, its last word is a `Refusal`.

    `advice` says what to do when the program is not installed.
    """
    find(command[0], advice)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().split("\n")
        raise Refusal(f"{' '.join(command[:3])} failed: {said[-1]}")
    return done.stdout.strip()


def read_log(*command: str) -> str:
    """Give the last line that a command, such as `docker logs`, prints of a program's log."""
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    lines = done.stdout.strip().split("\n")
    return lines[-1]


@contextmanager
def start(*command: str, advice: str) -> Iterator[str]:
    """Run a command while the block runs, and give the first line that it prints."""
    find(command[0], advice)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
