"""Generate a project from given answers, taken literally and without asking."""

import json
import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cookiecutter.generate import generate_context, generate_files
from cookiecutter.prompt import prompt_for_config

TEMPLATE = Path(__file__).resolve().parent.parent
# A hook that fails says why itself; cookiecutter would add a traceback.
logging.getLogger("cookiecutter").addHandler(logging.NullHandler())


def read_questions(template: Path) -> dict[str, Any]:
    """Give all that cookiecutter.json holds."""
    content = json.loads((template / "cookiecutter.json").read_text(encoding="utf-8"))
    return dict(content)


def offered(template: Path = TEMPLATE) -> dict[str, Any]:
    """Give the questions with their default or their list of choices."""
    return {k: v for k, v in read_questions(template).items() if not k.startswith("_")}


def version(template: Path = TEMPLATE) -> str:
    """Give the version of the template, as projects keep it among their answers."""
    return str(read_questions(template)["_template_version"])


def as_template(text: str) -> str:
    """Give a Jinja template that renders to the text, whatever it holds.

    Cookiecutter renders the answers it is given; those typed at a prompt it does not.
    """
    escaped = text.encode("unicode_escape").decode("ascii").replace("'", r"\'")
    return "{{ '" + escaped + "' }}"


def render(
    answers: Mapping[str, str], folder: Path, template: Path = TEMPLATE, **options: bool
) -> Path:
    """Generate the project in a folder and give its path.

    The options are those of cookiecutter's `generate_files`. Neither the user's
    configuration nor cookiecutter's memory of earlier answers is read or written.
    Raises cookiecutter's FailedHookException, which says why, for a bad answer, and
    ValueError for a choice that is not offered.
    """
    literal = {
        key: as_template(answers[key]) if isinstance(default, str) else answers[key]
        for key, default in offered(template).items()
        if key in answers
    }
    context = generate_context(str(template / "cookiecutter.json"), None, literal)
    with importable(template):
        context["cookiecutter"] = prompt_for_config(context, no_input=True)
        return Path(generate_files(str(template), context, str(folder), **options))


@contextmanager
def importable(template: Path) -> Iterator[None]:
    """Let the template's own rules for answers, and no other copy's, be imported."""
    before = sys.path
    sys.path = [str(template.resolve()), *before]
    try:
        yield
    finally:
        sys.path = before


@contextmanager
def silence() -> Iterator[None]:
    """Keep what the hooks print off the screen; being programs, they write to file 1."""
    sys.stdout.flush()
    screen = os.dup(1)
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 1)
        yield
    finally:
        os.dup2(screen, 1)
        os.close(screen)
