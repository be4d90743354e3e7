"""Which evidence bears on which article or control; nothing here says compliant."""

from dataclasses import dataclass

from ... import models
from ..assessment import Assessment
from ..standing import Standing
from . import invert


@dataclass(frozen=True)
class Item:
    """One article or control, with the standings that bear on it."""

    id: str
    of: str
    says: str
    standings: tuple[Standing, ...]


def view(assessment: Assessment) -> tuple[Item, ...]:
    """Give every item with the capabilities that bear on it."""
    bearing = invert("gov")
    return tuple(
        Item(
            key,
            item["of"],
            item["says"],
            tuple(assessment.standings[name] for name in bearing.get(key, ())),
        )
        for key, item in models.read("governance")["items"].items()
    )
