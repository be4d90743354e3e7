"""Turn plain rows into the numbers that the model reads, exactly as `features.build` does.

The same step as there, without pandas: a package proves that both give the same matrix.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cached_property
from operator import itemgetter
from typing import Any

import numpy as np

from ..names import name_class

Row = Mapping[str, Any]
UNKNOWN = -1


@dataclass(frozen=True)
class Encoder:
    """Columns in the order of the matrix: numbers, categories, dates and the time.

    `numbers` holds the booleans, too. `categories` gives the code of each name. A date takes
    four columns (month, weekday from 0 for Monday, hour, year), the time the first three.
    """

    numbers: list[str]
    categories: dict[str, dict[str, int]]
    dates: list[str]
    time: str | None = None

    @cached_property
    def width(self) -> int:
        """The number of columns of the matrix."""
        single = len(self.numbers) + len(self.categories)
        return single + 4 * len(self.dates) + 3 * (self.time is not None)

    @cached_property
    def _pick_numbers(self) -> Callable[[Row], tuple[Any, ...]]:
        if len(self.numbers) > 1:
            return itemgetter(*self.numbers)
        return lambda row: tuple(row[name] for name in self.numbers)

    @cached_property
    def _blank(self) -> dict[str, None]:
        """A row in which all is missing."""
        time = [] if self.time is None else [self.time]
        return dict.fromkeys([*self.numbers, *self.categories, *self.dates, *time])

    def encode_rows(self, rows: Sequence[Row]) -> np.ndarray:
        """Give the matrix, float32 of shape (rows, width); a missing value is NaN or code -1.

        Values as the service's contract reads them; a name that a row lacks is missing.
        """
        try:
            values = self._flatten(rows)
        except KeyError:
            values = self._flatten([{**self._blank, **row} for row in rows])
        with np.errstate(over="ignore"):  # beyond float32 is beyond every split, too
            return np.fromiter(values, np.float32).reshape(-1, self.width)

    def _flatten(self, rows: Sequence[Row]) -> list[float | None]:
        """Give all values one after the other, row by row."""
        values: list[float | None] = []
        for row in rows:
            values += self._pick_numbers(row)
            for name, codes in self.categories.items():
                value = row[name]
                code = codes.get(value)
                values.append(find_code(value, codes) if code is None else code)
            for name in self.dates:
                values += take_parts(row[name])
            if self.time is not None:
                values += take_parts(row[self.time])[:3]
        return values

    def to_json(self) -> dict[str, Any]:
        """Give what `from_json` reads; a mapping in JSON would lose the columns' order."""
        return asdict(self) | {"categories": list(self.categories.items())}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "Encoder":
        """Read what `to_json` gave."""
        return cls(**content | {"categories": dict(content["categories"])})


def find_code(value: Any, codes: Mapping[str, int]) -> int:
    """Give the code of a category by its name; -1 when it is missing or was never seen."""
    if value is None or value != value:  # pylint: disable=comparison-with-itself
        return UNKNOWN
    return codes.get(name_class(value), UNKNOWN)


def take_parts(date: datetime | None) -> list[float | None]:
    """Split a date into month, weekday, hour and year; instants with a zone are read in UTC."""
    if date is None:
        return [None, None, None, None]
    if date.tzinfo is not None:
        date = date.astimezone(UTC)
    return [date.month, date.weekday(), date.hour + date.minute / 60, date.year]
