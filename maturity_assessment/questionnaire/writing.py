"""Writing the file of answers, in the order of the model."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml

from ..capabilities import read_assessed
from ..refusal import Refusal
from .answers import Answer, Answers, Waiver

VERSION = 1


def write(path: Path, answers: Answers) -> None:
    """Write a file of answers whole, or leave the old one. Raises Refusal."""
    text = yaml.safe_dump(dump(answers), sort_keys=False, allow_unicode=True, width=100)
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_text(text, "utf-8")
        os.replace(part, path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise Refusal(
            f"{path} cannot be written: choose another file with --answers."
        ) from error


def dump(answers: Answers) -> dict[str, Any]:
    """Give answers as plain values, in the order of the model."""
    order = list(read_assessed())
    given = sorted(answers.answers, key=order.index)
    content: dict[str, Any] = {
        "version": VERSION,
        "answers": {name: dump_answer(answers.answers[name]) for name in given},
    }
    if answers.waivers:
        content["waivers"] = {n: dump_waiver(w) for n, w in answers.waivers.items()}
    if answers.statements:
        content["statements"] = {
            model: {number: reply.value for number, reply in said.items()}
            for model, said in answers.statements.items()
        }
    return content


def dump_answer(answer: Answer) -> str | dict[str, str]:
    """Give an answer in one word if it is no more."""
    fields = {"reply": answer.reply.value}
    fields |= {"reference": answer.reference} if answer.reference else {}
    fields |= {"note": answer.note} if answer.note else {}
    return fields if len(fields) > 1 else answer.reply.value


def dump_waiver(waiver: Waiver) -> dict[str, str]:
    """Give a waiver as plain values."""
    fields = {
        "reason": waiver.reason.value,
        "author": waiver.author,
        "expires": waiver.expires.isoformat(),
    }
    return fields | ({"note": waiver.note} if waiver.note else {})
