"""What each dimension amounts to: a share by evidence, and with claims."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..capabilities import read_assessed, read_model
from .standing import Standing, State


@dataclass(frozen=True)
class Dimension:
    """The capabilities of one side of the work.

    `evidence` and `claimed` are shares from 0 to 1 of the capabilities that count here;
    None where nothing does. `open` is the number of capabilities that nobody has spoken of.
    """

    id: str
    name: str
    evidence: float | None
    claimed: float | None
    standings: tuple[Standing, ...]

    @property
    def open(self) -> int:
        """How many capabilities nobody can tell, and nobody was asked about."""
        return sum(s.state is State.OPEN for s in self.standings)


def share(values: Iterable[float | None]) -> float | None:
    """Give the mean of what is known."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def group(standings: Mapping[str, Standing]) -> tuple[Dimension, ...]:
    """Put the standings into their dimensions, in the order of the model."""
    names: dict[str, str] = read_model()["dimensions"]
    capabilities = read_assessed()
    dimensions = []
    for key, name in names.items():
        own = [
            s for s in standings.values() if capabilities[s.capability].dimension == key
        ]
        counted = [s for s in own if s.counts]
        evidence = share(s.evidence or 0.0 for s in counted)
        claimed = share(s.claimed for s in counted)
        dimensions.append(Dimension(key, name, evidence, claimed, tuple(own)))
    return tuple(dimensions)


def evidenced(standings: Iterable[Standing]) -> float | None:
    """Give the part of all points that evidence carries; None when there are no points."""
    counted = [s for s in standings if s.counts]
    total = sum(s.claimed or 0.0 for s in counted)
    return sum(s.evidence or 0.0 for s in counted) / total if total else None
