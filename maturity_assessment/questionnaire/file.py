"""The file of answers: YAML that people edit, git keeps and a reviewer reads.

    version: 1
    answers:
      cd_deploy: automated
      roles: {reply: by hand, reference: docs/team.md}
    waivers:
      data_versioning: {reason: not-detected, author: Ada, expires: 2027-01-31}
    statements:
      marvelousmlops: {13: no}

`no` needs no quotes, as every value is read as it is typed.
"""

from datetime import date
from pathlib import Path

import yaml

from .. import models
from ..capabilities import read_assessed
from .answers import Answer, Answers, Excuse, Reply, Waiver
from .nodes import Place, read_nodes
from .writing import VERSION, write

__all__ = ["NAME", "find", "list_statements", "read", "write"]

NAME = ".mlops-maturity.yaml"
STATED = ("ml_test_score", "marvelousmlops")


def find(folder: Path) -> Path | None:
    """Give the file of answers that lies in a repository; a link is not followed."""
    path = folder / NAME
    return path if path.is_file() and not path.is_symlink() else None


def read(path: Path) -> Answers:
    """Read a file of answers. Raises Refusal, which names the line."""
    top = Place(read_nodes(path), path).entries("the file")
    for name, place in top.items():
        place.known(name, ["version", "answers", "waivers", "statements"], "entry")
    if "version" in top and top["version"].text("the version") != str(VERSION):
        raise top["version"].refuse(
            f"only version {VERSION} is known: update this tool."
        )
    nothing = Place(yaml.ScalarNode("", ""), path)
    return Answers(
        read_answers(top.get("answers", nothing)),
        read_waivers(top.get("waivers", nothing)),
        read_statements(top.get("statements", nothing)),
    )


def read_answers(place: Place) -> dict[str, Answer]:
    """Read what was said of each capability."""
    known = list(read_assessed())
    found = {}
    for name, entry in place.entries("answers").items():
        entry.known(name, known, "capability")
        found[name] = read_answer(entry)
    return found


def read_answer(place: Place) -> Answer:
    """Read one answer, in one word or with a reference and a note."""
    if isinstance(place.node, yaml.ScalarNode):
        fields = {"reply": place}
    else:
        fields = place.entries("an answer")
    for name, entry in fields.items():
        entry.known(name, ["reply", "reference", "note"], "part of an answer")
    if "reply" not in fields:
        raise place.refuse("an answer needs a `reply`.")
    reply = read_reply(fields["reply"])
    texts = {n: e.text(n) for n, e in fields.items() if n != "reply"}
    if reply is Reply.NOT_APPLICABLE and not texts.get("note"):
        raise place.refuse("`not applicable` needs a `note` that says why.")
    return Answer(reply, **texts)


def read_reply(place: Place) -> Reply:
    """Read one word of an answer."""
    word = place.text("a reply")
    return Reply(place.known(word, [reply.value for reply in Reply], "answer"))


def read_waivers(place: Place) -> dict[str, Waiver]:
    """Read who asks not to count the scan's word, and until when."""
    known = list(read_assessed())
    found = {}
    for name, entry in place.entries("waivers").items():
        entry.known(name, known, "capability")
        found[name] = read_waiver(entry)
    return found


def read_waiver(place: Place) -> Waiver:
    """Read one waiver: reason, author and expiry are needed."""
    fields = place.entries("a waiver")
    for name, entry in fields.items():
        entry.known(name, ["reason", "author", "expires", "note"], "part of a waiver")
    missing = [n for n in ("reason", "author", "expires") if n not in fields]
    if missing:
        raise place.refuse(f"a waiver needs {' and '.join(missing)}.")
    texts = {name: entry.text(name) for name, entry in fields.items()}
    reasons = [excuse.value for excuse in Excuse]
    reason = fields["reason"].known(texts["reason"], reasons, "reason of a waiver")
    try:
        expires = date.fromisoformat(texts["expires"])
    except ValueError as error:
        says = f"{texts['expires']!r} is no day: write it as 2027-01-31."
        raise fields["expires"].refuse(says) from error
    if not texts["author"]:
        raise fields["author"].refuse("a waiver needs the name of its author.")
    return Waiver(Excuse(reason), texts["author"], expires, texts.get("note", ""))


def list_statements(model: str) -> dict[str, str]:
    """Give the numbered statements of a published model."""
    sections = models.read(model)["sections"]
    if model == "ml_test_score":
        return {key: says for tests in sections.values() for key, says in tests.items()}
    return {str(n): s["says"] for one in sections for n, s in one["statements"].items()}


def read_statements(place: Place) -> dict[str, dict[str, Reply]]:
    """Read what was said of the statements of published models."""
    found: dict[str, dict[str, Reply]] = {}
    for model, entries in place.entries("statements").items():
        known = list(list_statements(entries.known(model, list(STATED), "model")))
        found[model] = {
            entry.known(number, known, f"statement of {model}"): read_reply(entry)
            for number, entry in entries.entries(model).items()
        }
    return found
