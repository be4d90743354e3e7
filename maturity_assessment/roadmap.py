"""The road map: what to do now, next and later, and the command or files that do it.

Priority is usefulness x weight / effort. The weight is 3 for what the next level needs, and
for what that depends on; 2 for what a higher level names; 1 for the rest. Nothing stands
before what it depends on.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .capabilities import Capability, read_assessed, read_model
from .scoring.assessment import Assessment
from .scoring.gates import Gate, Points

ANSWERS = ".cookiecutter.json"
NEXT_GATE, LATER_GATE, NO_GATE = 3, 2, 1
WORTH_IT = 2.0
GROUPS = ("Now", "Next", "Later")


@dataclass(frozen=True)
class Origin:
    """The template's answers that a generated project keeps: its path, level and package."""

    project: str
    level: int
    package: str


@dataclass(frozen=True)
class Item:  # pylint: disable=too-many-instance-attributes
    """One thing to do; `group` is Now, Next or Later."""

    capability: str
    title: str
    why: str
    group: str
    priority: float
    weight: int
    effort: int
    usefulness: int
    reason: str
    after: tuple[str, ...]
    command: str
    files: tuple[str, ...]
    lesson: str = ""
    exercise: str = ""


def read_origin(project: Path) -> Origin | None:
    """Tell where a project that our template generated stands; None for any other."""
    try:
        kept = json.loads((project / ANSWERS).read_text("utf-8"))
        level, package = int(kept["maturity_level"]), str(kept["package_name"])
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return Origin(str(project), level, package)


def build(assessment: Assessment, origin: Origin | None = None) -> tuple[Item, ...]:
    """Give everything that is missing, first what helps most."""
    missing = find_missing(assessment)
    weights = weigh(assessment, missing)
    ranked = rank(missing, weights)
    level = assessment.level.evidence + 1
    groups = put_in_groups(ranked, missing, weights)
    items = (
        describe(
            missing[name],
            missing,
            (groups[name], weights[name], explain(weights[name], level)),
            origin,
        )
        for name in ranked
    )
    return tuple(sorted(items, key=lambda item: GROUPS.index(item.group)))


def put_in_groups(
    ranked: list[str], missing: Mapping[str, Capability], weights: Mapping[str, int]
) -> dict[str, str]:
    """Say what is for now, next and later; nothing is later than what depends on it."""
    now = [name for name in ranked if weights[name] == NEXT_GATE] or ranked[:3]
    groups: dict[str, str] = {}
    for name in ranked:
        soon = weights[name] > NO_GATE or ratio(missing[name]) >= WORTH_IT
        groups[name] = "Now" if name in now else "Next" if soon else "Later"
    for name in reversed(ranked):
        for below in set(missing[name].depends_on) & set(missing):
            groups[below] = min(groups[below], groups[name], key=GROUPS.index)
    return groups


def find_missing(assessment: Assessment) -> dict[str, Capability]:
    """Give what is not fully evidenced, apart from what nobody could tell."""
    known = read_assessed()
    standings = assessment.standings
    return {
        name: capability
        for name, capability in known.items()
        if standings[name].counts and (standings[name].evidence or 0) < 1
        # What only people can show is done when they say so.
        and not (not capability.detectable and standings[name].claimed == 1)
    }


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


def explain(weight: int, level: int) -> str:
    """Say what a weight stands for."""
    if weight == NEXT_GATE:
        return f"On the way to level {level}"
    return "A higher level asks for it" if weight == LATER_GATE else ""


def describe(
    capability: Capability,
    missing: Mapping[str, Capability],
    place: tuple[str, int, str],
    origin: Origin | None,
) -> Item:
    """Make an item of a capability, its group, its weight and the reason for it."""
    group, weight, reason = place
    command, files = prescribe(capability, origin)
    return Item(
        capability.id,
        capability.name,
        capability.why,
        group,
        round(weight * ratio(capability), 2),
        weight,
        capability.effort,
        capability.usefulness,
        reason,
        tuple(name for name in capability.depends_on if name in missing),
        command,
        files,
        capability.lesson,
        capability.exercise,
    )


def prescribe(
    capability: Capability, origin: Origin | None
) -> tuple[str, tuple[str, ...]]:
    """Give the command that brings a capability, and the files it consists of."""
    if not capability.files:
        return capability.outside, ()
    package = origin.package if origin else "<package>"
    files = tuple(capability.deliver(package))
    if origin and origin.level < capability.level:
        return f"make upgrade PROJECT={origin.project} LEVEL={capability.level}", files
    if origin:
        return "bring back these files, which the project was generated with", files
    layer = name_layer(capability.level)
    return f"take these files from layer {layer} of the template", files


def name_layer(level: int) -> str:
    """Give the name of the template's folder for a level."""
    names = {entry["level"]: entry["name"] for entry in read_model()["levels"]}
    return f"{level}-{names[level].lower()}"
