"""Where one capability stands, once evidence, answer and waiver are taken together."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """What a standing rests on."""

    EVIDENCED = "evidenced"
    PARTIAL = "partly evidenced"
    CLAIMED = "claimed"
    DECLARED = "declared"
    WAIVED = "waived"
    ABSENT = "absent"
    OPEN = "open"
    NOT_APPLICABLE = "not applicable"


class Confidence(StrEnum):
    """How far a standing can be trusted."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    DECLARED = "declared"


@dataclass(frozen=True)
class Standing:  # pylint: disable=too-many-instance-attributes
    """Where one capability stands.

    `ladder` runs from 0 to 4. The three points run from 0 to 1, as the gates count them:
    `evidence` from the scan alone, `claimed` with capped claims, `shown` if every claim
    were shown to be true. None: not counted, as nobody can tell, or it does not apply.
    """

    capability: str
    state: State
    confidence: Confidence
    ladder: int | None
    evidence: float | None
    claimed: float | None
    shown: float | None
    remarks: tuple[str, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether it is part of its dimension's share."""
        return self.claimed is not None
