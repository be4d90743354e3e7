"""The 60 statements of Marvelous MLOps: true, likely, in part, false, or to be asked."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ... import models
from ...questionnaire.answers import Reply
from ..assessment import Assessment
from ..standing import State
from . import invert


class Truth(StrEnum):
    """What can be said of a statement."""

    TRUE = "true"
    LIKELY = "likely"
    PART = "in part"
    FALSE = "not seen"
    DECLARED = "declared"
    DENIED = "denied"
    ASK = "to be asked"


@dataclass(frozen=True)
class Line:
    """One statement with what is known of it."""

    number: int
    says: str
    truth: Truth
    capabilities: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """One section of the questionnaire."""

    name: str
    lines: tuple[Line, ...]
    needed: bool

    @property
    def true(self) -> int:
        """How many statements hold, by evidence or by declaration."""
        return sum(line.truth in (Truth.TRUE, Truth.DECLARED) for line in self.lines)


@dataclass(frozen=True)
class Checklist:
    """All sections; `mature` by the authors' rule, that all needed statements are true."""

    parts: tuple[Part, ...]
    mature: bool


def view(assessment: Assessment) -> Checklist:
    """Go through the statements on evidence and answers."""
    model = models.read("marvelousmlops")
    parts = tuple(judge_part(entry, model, assessment) for entry in model["sections"])
    needed = [part for part in parts if part.needed]
    return Checklist(parts, all(part.true == len(part.lines) for part in needed))


def judge_part(
    entry: dict[str, Any], model: dict[str, Any], assessment: Assessment
) -> Part:
    """Go through one section."""
    lines = tuple(
        judge(number, statement, assessment)
        for number, statement in entry["statements"].items()
    )
    return Part(entry["name"], lines, entry["number"] in model["mature"])


def judge(number: int, statement: dict[str, str], assessment: Assessment) -> Line:
    """Say what is known of one statement: a word of a person first, then evidence."""
    capabilities = invert("marvelous").get(str(number), ())
    said = assessment.answers.statements.get("marvelousmlops", {}).get(str(number))
    truth = believe(said) if said else look(capabilities, statement["seen"], assessment)
    return Line(number, statement["says"], truth, capabilities)


def believe(reply: Reply) -> Truth:
    """Turn an answer into what it says of a statement."""
    if reply in (Reply.UNKNOWN, Reply.NOT_APPLICABLE):
        return Truth.ASK
    return Truth.DECLARED if reply.affirms else Truth.DENIED


def look(capabilities: tuple[str, ...], seen: str, assessment: Assessment) -> Truth:
    """Judge a statement by its capabilities, as far as a scan can see it at all."""
    standings = [assessment.standings[name] for name in capabilities]
    if standings and all(one.state is State.DECLARED for one in standings):
        return Truth.DECLARED
    counts = [one.evidence for one in standings]
    known = [count for count in counts if count is not None]
    if not known or seen in ("no", "forge"):
        return Truth.ASK
    if all(count == 1 for count in counts):
        return Truth.TRUE if seen == "yes" else Truth.LIKELY
    return Truth.PART if any(known) else Truth.FALSE
