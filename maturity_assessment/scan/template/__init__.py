"""A cookiecutter template as the project that it makes: rendered with its default answers.

Nothing of the template runs: no hook, no extension of its own, no import. Its marks are filled
in by jinja2's sandbox, in a process of its own that is ended when it takes too long.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from maturity_assessment.evidence import Note

QUESTIONS = "cookiecutter.json"
SECONDS = 60
PACKAGES = Path(__file__).resolve().parents[3]


class NoTemplate(ValueError):
    """There is nothing in a folder that can be rendered; the text says what is missing."""


@contextmanager
def rendered(template: Path) -> Iterator[tuple[Path, list[Note]]]:
    """Give the project that a template makes, in a folder that is removed again.

    With it come notes on what was not rendered. Raises NoTemplate.
    """
    if not (template / QUESTIONS).is_file():
        raise NoTemplate(f"There is no {QUESTIONS} in {template}.")
    with tempfile.TemporaryDirectory() as name:
        into = Path(name).resolve()
        notes = render_apart(template.resolve(), into)
        yield find_project(into, notes), notes


def render_apart(template: Path, into: Path) -> list[Note]:
    """Render in a process of its own; give its notes."""
    own = f"{__name__}.render"
    command = [sys.executable, "-P", "-m", own, str(template), str(into)]
    paths = [str(PACKAGES), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    try:
        done = subprocess.run(
            command,
            cwd=into,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        why = f"rendering took longer than {SECONDS} seconds and was ended"
        return [Note("", f"{why}: the rest is not seen")]
    if done.returncode:
        return [Note("", "rendering failed: what it had not made by then is not seen")]
    return [Note(*pair) for pair in json.loads(done.stdout)]


def find_project(into: Path, notes: list[Note]) -> Path:
    """Give the folder of the project. Raises NoTemplate where nothing was made."""
    projects = sorted(path for path in into.iterdir() if path.is_dir())
    if not projects:
        why = notes[0].why if notes else "it has no files"
        raise NoTemplate(f"The template cannot be rendered: {why}.")
    return projects[0]
