"""Published models as views: the same findings and answers, seen through other eyes."""

from collections.abc import Mapping
from functools import cache

from ...capabilities import read_assessed


@cache
def invert(column: str) -> Mapping[str, tuple[str, ...]]:
    """Give, for each item of a model, the capabilities whose crosswalk names it."""
    found: dict[str, list[str]] = {}
    for capability in read_assessed().values():
        for item in capability.crosswalk.get(column, []):
            found.setdefault(str(item), []).append(capability.id)
    return {item: tuple(names) for item, names in found.items()}
