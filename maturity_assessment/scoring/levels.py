"""The level that gates give: by evidence, if claims are shown, if the unseen is shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .. import models
from .gates import Gate, Points, explain, parse, say
from .standing import Standing


@dataclass(frozen=True)
class Rung:
    """One level of a model with its gates."""

    level: int
    name: str
    means: str
    gates: tuple[Gate, ...]
    beyond: str = ""

    def holds(self, points: Points) -> bool:
        """Tell whether its own gates are met; one that no repository shows is not."""
        return not self.beyond and all(gate.holds(points) for gate in self.gates)

    def rule(self) -> str:
        """Put its gates into words."""
        return self.beyond or "; ".join(say(gate) for gate in self.gates)

    def names(self) -> list[str]:
        """Give each capability that its gates ask about, once, in order."""
        named = (name for gate in self.gates for name in gate.name())
        return list(dict.fromkeys(named))


@dataclass(frozen=True)
class Statement:  # pylint: disable=too-many-instance-attributes
    """What a staged model says of a repository; each number is a level of that model.

    `shown` is the level if every claim and waiver were shown to be true, and `possible`
    if what cannot be seen in this repository were there as well. `claims` are the
    capabilities that lie between `evidence` and `shown`, `unseen` those up to `possible`.
    """

    model: str
    evidence: int
    shown: int
    possible: int
    claims: tuple[str, ...]
    unseen: tuple[str, ...]
    blockers: tuple[str, ...]
    blocking: tuple[str, ...]
    rungs: tuple[Rung, ...]

    @property
    def rung(self) -> Rung:
        """The level that evidence reaches."""
        return self.rungs[self.evidence]

    @property
    def next(self) -> Rung | None:
        """The level above it, if there is one."""
        above = self.evidence + 1
        return self.rungs[above] if above < len(self.rungs) else None


def read_rungs(model: dict[str, Any]) -> tuple[Rung, ...]:
    """Read the levels of a staged model."""
    return tuple(
        Rung(
            entry["level"],
            entry["name"],
            entry["means"],
            tuple(parse(gate) for gate in entry["gates"]),
            entry.get("beyond", ""),
        )
        for entry in model["levels"]
    )


def reach(rungs: Iterable[Rung], points: Points) -> int:
    """Give the highest level whose gates, and all those below, are met."""
    level = 0
    for rung in rungs:
        if not rung.holds(points):
            break
        level = rung.level
    return level


def state(
    model: str,
    standings: Iterable[Standing],
    attributes: dict[str, dict[str, str]],
) -> Statement:
    """Say which level of a staged model a repository reaches, and what is in the way."""
    rungs, standings = read_rungs(models.read(model)), list(standings)
    seen = Points({s.capability: s.evidence or 0.0 for s in standings}, attributes)
    claimed = believe(standings, attributes, unseen=False)
    anything = believe(standings, attributes, unseen=True)
    evidence, shown = reach(rungs, seen), reach(rungs, claimed)
    possible = max(shown, reach(rungs, anything))
    above = rungs[evidence + 1] if evidence + 1 < len(rungs) else None
    unmet = [g for g in above.gates if not g.holds(seen)] if above else []
    blockers = [explain(gate, seen) for gate in unmet if not is_moot(gate, seen)]
    named = dict.fromkeys(name for gate in unmet for name in gate.name())
    return Statement(
        model,
        evidence,
        shown,
        possible,
        between(rungs[evidence + 1 : shown + 1], seen, claimed),
        between(rungs[shown + 1 : possible + 1], claimed, anything),
        tuple([above.beyond] if above and above.beyond else blockers),
        tuple(name for name in named if seen.value(name) < 1),
        rungs,
    )


def is_moot(gate: Gate, points: Points) -> bool:
    """Tell whether a gate asks how something is done that is not there at all."""
    return gate.kind == "attribute" and not points.value(gate.capabilities[0])


def believe(
    standings: list[Standing], attributes: dict[str, dict[str, str]], unseen: bool
) -> Points:
    """Count claims as if they were shown, and, if asked, what nobody could see as well."""
    otherwise = 1.0 if unseen else 0.0
    values = {
        s.capability: otherwise if s.shown is None else s.shown for s in standings
    }
    believed = dict(attributes)
    for standing in standings:
        if standing.evidence != 1 and values[standing.capability] == 1:
            # Whoever says that it is automated says that nobody has to start it.
            name = standing.capability
            believed[name] = {"trigger": "automatic", **attributes.get(name, {})}
    return Points(values, believed)


def between(rungs: Iterable[Rung], low: Points, high: Points) -> tuple[str, ...]:
    """Give the capabilities of some levels that count more in the one than in the other."""
    named = dict.fromkeys(name for rung in rungs for name in rung.names())
    return tuple(name for name in named if high.value(name) > low.value(name))
