"""The road map: what to do now, next and later, and the command or files that do it.

Priority is usefulness x weight / effort. The weight is 3 for what the next level needs, and
for what that depends on; 2 for what a higher level names; 1 for the rest. Nothing stands
before what it depends on.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ..capabilities import Capability, read_assessed
from ..scoring.assessment import Assessment
from .priority import LATER_GATE, NEXT_GATE, NO_GATE, rank, ratio, weigh
from .recipe import Origin, name_layer, prescribe, read_origin

__all__ = ["Item", "Origin", "build", "name_layer", "read_origin"]

WORTH_IT = 2.0
GROUPS = ("Now", "Next", "Later")


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
