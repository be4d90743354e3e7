"""Gates: additive conditions on what capabilities count, read from a model's file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

KINDS = ("sum", "best", "attribute", "either", "all")


@dataclass(frozen=True)
class Points:
    """What each capability counts, 0 to 1, and the attributes that gates ask for."""

    values: Mapping[str, float]
    attributes: Mapping[str, Mapping[str, str]]

    def value(self, capability: str) -> float:
        """What a capability counts; nothing when it is unknown."""
        return self.values.get(capability, 0.0)


@dataclass(frozen=True)
class Gate:
    """One condition: `kind` of KINDS, and what belongs to that kind."""

    kind: str
    capabilities: tuple[str, ...] = ()
    at_least: float = 0.0
    attribute: str = ""
    among: tuple[str, ...] = ()
    parts: tuple["Gate", ...] = ()

    def count(self, points: Points) -> float:
        """What its capabilities count together, or at best."""
        values = [points.value(capability) for capability in self.capabilities]
        return max(values) if self.kind == "best" else sum(values)

    def holds(self, points: Points) -> bool:
        """Tell whether the condition is met."""
        if self.kind == "either":
            return any(part.holds(points) for part in self.parts)
        if self.kind == "all":
            return all(part.holds(points) for part in self.parts)
        if self.kind == "attribute":
            of = points.attributes.get(self.capabilities[0], {})
            return of.get(self.attribute) in self.among
        return self.count(points) >= self.at_least

    def name(self) -> Iterator[str]:
        """Give every capability that it asks about, in order, and again if asked again."""
        yield from self.capabilities
        for part in self.parts:
            yield from part.name()


def parse(content: Mapping[str, Any]) -> Gate:
    """Read one condition as the model's file states it."""
    (kind,) = [kind for kind in KINDS if kind in content]
    if kind in ("either", "all"):
        return Gate(kind, parts=tuple(parse(part) for part in content[kind]))
    if kind == "attribute":
        of, among = (content["of"],), tuple(content["among"])
        return Gate(kind, of, attribute=content["attribute"], among=among)
    return Gate(kind, tuple(content[kind]), at_least=content["at_least"])


def say(gate: Gate) -> str:
    """Put a condition into words, with the names that capabilities have."""
    if gate.kind == "attribute":
        (of,) = gate.capabilities
        return f"{of} is {' or '.join(gate.among)}"
    if gate.kind in ("either", "all"):
        word = " or " if gate.kind == "either" else " and "
        parts = [say(part) for part in gate.parts]
        return word.join(f"({part})" if word in part else part for part in parts)
    if len(gate.capabilities) == 1:
        (only,) = gate.capabilities
        return f"{only} is {'there' if gate.at_least == 1 else 'there in part'}"
    if gate.kind == "best":
        return f"one of {', '.join(gate.capabilities)} is there"
    return f"{' + '.join(gate.capabilities)} count {gate.at_least:g}"


def explain(gate: Gate, points: Points) -> str:
    """Say what is missing from a condition that is not met."""
    if gate.kind in ("either", "all"):
        unmet = [part for part in gate.parts if not part.holds(points)]
        word = " or " if gate.kind == "either" else " and "
        return word.join(explain(part, points) for part in unmet)
    if gate.kind == "attribute":
        of = points.attributes.get(gate.capabilities[0], {})
        return f"{say(gate)}, but is {of.get(gate.attribute) or 'not known'}".replace(
            " is ", " must be ", 1
        )
    if gate.kind == "sum" and len(gate.capabilities) == 1:
        (only,) = gate.capabilities
        return f"{only} is {'there only in part' if gate.count(points) else 'missing'}"
    if gate.kind == "best":
        only_part = "; now only in part" if gate.count(points) else ""
        return f"one of {', '.join(gate.capabilities)} is needed{only_part}"
    *most, last = gate.capabilities
    names = f"{', '.join(most)} and {last}"
    count = f"{gate.count(points):g} of the {gate.at_least:g} asked"
    return f"{names} together count {count}"
