"""What helps most: the weight of each missing capability, and the order of all."""

from collections.abc import Iterable, Mapping

from ..capabilities import Capability
from ..scoring.assessment import Assessment
from ..scoring.gates import Gate, Points

NEXT_GATE, LATER_GATE, NO_GATE = 3, 2, 1


def ratio(capability: Capability) -> float:
    """What a day of work on it brings."""
    return capability.usefulness / capability.effort


def choose(gate: Gate, points: Points, missing: Mapping[str, Capability]) -> set[str]:
    """Give the cheapest set of missing capabilities that would meet a gate."""
    if gate.holds(points):
        return set()
    if gate.kind in ("either", "all"):
        sets = [choose(part, points, missing) for part in gate.parts]
        cheapest = min(sets, key=lambda one: sum(missing[n].effort for n in one))
        return cheapest if gate.kind == "either" else set[str]().union(*sets)
    ranked = sorted(
        (n for n in gate.capabilities if n in missing),
        key=lambda n: -ratio(missing[n]),
    )
    if gate.kind in ("best", "attribute"):
        return set(sorted(ranked, key=lambda n: cost(n, missing))[:1])
    chosen: set[str] = set()
    count = gate.count(points)
    for name in ranked:
        if count < gate.at_least:
            chosen.add(name)
            count += 1 - points.value(name)
    return chosen


def cost(name: str, missing: Mapping[str, Capability]) -> int:
    """Give the days for a capability and for all that is missing under it."""
    return sum(missing[below].effort for below in close([name], missing))


def weigh(assessment: Assessment, missing: Mapping[str, Capability]) -> dict[str, int]:
    """Give each missing capability its weight."""
    level = assessment.level
    findings = assessment.findings
    values = {n: s.evidence or 0.0 for n, s in assessment.standings.items()}
    points = Points(values, {n: f.attributes for n, f in findings.items()})
    wanted: set[str] = set()
    for gate in level.next.gates if level.next else ():
        wanted |= choose(gate, points, missing)
    above = level.rungs[level.evidence + 1 :]
    named = {name for rung in above for name in rung.names()}
    wanted |= close(wanted, missing)
    return {
        name: NEXT_GATE if name in wanted else LATER_GATE if name in named else NO_GATE
        for name in missing
    }


def close(wanted: Iterable[str], missing: Mapping[str, Capability]) -> set[str]:
    """Add what is missing under the wanted ones, however deep."""
    found, rest = set(wanted), list(wanted)
    while rest:
        below = [n for n in missing[rest.pop()].depends_on if n in missing]
        rest += [name for name in below if name not in found]
        found |= set(below)
    return found


def rank(missing: Mapping[str, Capability], weights: Mapping[str, int]) -> list[str]:
    """Put the best first, but nothing before what it depends on."""
    rest = sorted(missing, key=lambda n: (-weights[n] * ratio(missing[n]), n))
    ranked: list[str] = []
    while rest:
        free = (n for n in rest if not set(missing[n].depends_on) & set(rest))
        ranked.append(next(free))
        rest.remove(ranked[-1])
    return ranked
