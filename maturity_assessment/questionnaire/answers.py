"""The answers of a questionnaire, and the waivers beside them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Reply(StrEnum):
    """What can be said of one capability."""

    NO = "no"
    PLANNED = "planned"
    BY_HAND = "by hand"
    AUTOMATED = "automated"
    MEASURED = "measured"
    NOT_APPLICABLE = "not applicable"
    UNKNOWN = "unknown"

    @property
    def ladder(self) -> int:
        """The rung from 0 to 4 that it claims; 0 for what claims nothing."""
        return {"by hand": 1, "automated": 3, "measured": 4}.get(self.value, 0)

    @property
    def affirms(self) -> bool:
        """Whether it says that the capability is there."""
        return self.ladder > 0


class Excuse(StrEnum):
    """Why the scan's word does not hold: the only reasons a waiver may give."""

    TEST_DATA = "test-data"
    REMEDIATED = "remediated"
    NOT_APPLICABLE = "not-applicable"
    NOT_SUPPORTED = "not-supported"
    NOT_DETECTED = "not-detected"

    @property
    def affirms(self) -> bool:
        """Whether it says that the capability is there and was not seen."""
        return self in (Excuse.REMEDIATED, Excuse.NOT_DETECTED)


@dataclass(frozen=True)
class Answer:
    """What was said of one capability; `reference` is a path or address that shows it."""

    reply: Reply
    reference: str = ""
    note: str = ""


@dataclass(frozen=True)
class Waiver:
    """A person's word that the scan is not to count here, until a day."""

    reason: Excuse
    author: str
    expires: date
    note: str = ""


@dataclass(frozen=True)
class Answers:
    """All that was said of one repository.

    `answers` and `waivers` go by capability; `statements` by model and number, for what a
    published model asks and no capability shows.
    """

    answers: Mapping[str, Answer] = field(default_factory=dict)
    waivers: Mapping[str, Waiver] = field(default_factory=dict)
    statements: Mapping[str, Mapping[str, Reply]] = field(default_factory=dict)
