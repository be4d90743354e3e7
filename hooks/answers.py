"""Refuse the answers that would make a broken project, in one sentence each.

Cookiecutter and cruft load `Answers` from cookiecutter.json while they ask, so a bad
answer ends in its sentence before any folder is made. No file makes a package of this
folder: so each copy of the template, though they share a process, finds its own.
"""

import json
import re
import reprlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cookiecutter.exceptions import FailedHookException
from jinja2 import Environment
from jinja2.ext import Extension

from hooks.names import package_problems, slug_problems

QUESTIONS = json.loads(
    Path(__file__).parent.with_name("cookiecutter.json").read_text(encoding="utf-8")
)
CHOICES = {
    field: choices
    for field, choices in QUESTIONS.items()
    if isinstance(choices, list) and not field.startswith("_")
}
LONGEST = {"project_name": 100, "description": 500, "author": 200}
FIELDS = [*LONGEST, "project_slug", "package_name", *CHOICES]
# What YAML, the strictest of the generated formats, cannot hold.
UNPRINTABLE = re.compile(r"[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Refusal(FailedHookException, SystemExit):  # type: ignore[misc]
    """One sentence, printed by cookiecutter, or by Python where cruft lets it pass."""

    def __init__(self, sentence: str) -> None:
        # A console that cannot show a letter of the answer must not hide the sentence.
        encoding = sys.stdout.encoding or "ascii"
        self.code = sentence.encode(encoding, "backslashreplace").decode(encoding)
        super().__init__(self.code)


class Answers(Extension):  # pylint: disable=abstract-method
    """The filters of cookiecutter.json and of the files it fills in."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.filters["settle"] = settle
        environment.filters["escaped"] = escape
        # `cruft update` uses two versions of the template in one process: the next
        # environment has to load the rules of its own.
        for module in ("hooks.answers", "hooks.names"):
            sys.modules.pop(module, None)


def escape(text: str) -> str:
    """Give the text as it stands between double quotes in TOML, YAML, JSON and Python."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def settle(answers: dict[str, Any]) -> str:
    """Put the free text on one line, in place, and raise Refusal for a bad answer.

    Answers of which some are missing are left alone: they come from a replay file, and
    `pre_gen_project.py` settles them together.
    """
    if not answers.keys() >= {*FIELDS}:
        return "later"
    answers.update({field: str(answers[field]) for field in FIELDS})
    answers.update({field: " ".join(answers[field].split()) for field in LONGEST})
    for problem in problems(answers):
        raise Refusal(problem)
    return "now"


def problems(answers: dict[str, str]) -> Iterator[str]:
    """Yield every problem, the ones to solve first at the front."""
    for field, longest in LONGEST.items():
        yield from text_problems(field, answers[field], longest)
    yield from slug_problems(answers["project_slug"])
    yield from package_problems(answers["package_name"])
    for field, choices in CHOICES.items():
        if answers[field] not in choices:
            shown = reprlib.repr(answers[field])
            yield f"{field} {shown} is not offered: choose one of {', '.join(choices)}."


def text_problems(field: str, text: str, longest: int) -> Iterator[str]:
    """Yield what is wrong with an answer that is free text."""
    if not text:
        yield f"{field} is empty: type at least one letter."
    if len(text) > longest:
        yield f"{field} has {len(text)} characters: use at most {longest}."
    for strange in UNPRINTABLE.findall(text):
        yield f"{field} holds the unprintable character {strange!a}: take it out."
