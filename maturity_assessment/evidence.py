"""What a scan finds: pieces of evidence, what they amount to, and what was not read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

EXCERPT_LENGTH = 160


class Status(StrEnum):
    """What the evidence for one capability amounts to."""

    PRESENT = "present"
    PARTIAL = "partial"
    ABSENT = "absent"
    NOT_ASSESSABLE = "not assessable"


class Strength(StrEnum):
    """How far a piece of evidence carries: wired end to end, there, or only mentioned."""

    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"


@dataclass(frozen=True)
class Evidence:
    """One place in a repository that speaks for a capability, or seems to.

    `path` is relative, with slashes; `line` counts from 1, and 0 means the whole file.
    `reasons` are sentences that say why the place does not count in full: with none of
    them it is operative.
    """

    path: str
    line: int
    kind: str  # file, ast, notebook, workflow_step, config or text
    excerpt: str
    strength: Strength = Strength.MEDIUM
    reasons: tuple[str, ...] = ()

    @property
    def operative(self) -> bool:
        """Whether nothing takes away from it."""
        return not self.reasons


@dataclass(frozen=True)
class Finding:
    """What a detector says of its capability, with the places it says it from.

    `why` is one sentence for the reader. `attributes` hold what a gate asks for beside the
    status, such as `trigger`: `automatic`, `approval` or `manual` of a deployment.
    """

    capability: str
    status: Status
    why: str
    evidence: tuple[Evidence, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Note:
    """A file that was not read, or not wholly, and why."""

    path: str
    why: str


@dataclass(frozen=True)
class Scan:
    """One repository, or one folder of it, as the detectors saw it.

    `scope` is one of the scopes of `scope.py`; `commit` is empty where there is no git;
    `ruler` names the version of detectors and gates, as scores of different rulers do not
    compare.
    """

    name: str
    scope: str
    findings: Mapping[str, Finding]
    notes: tuple[Note, ...] = ()
    files: int = 0
    commit: str = ""
    ruler: str = ""
