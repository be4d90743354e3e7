"""Read one Arrow column as a kind of the table, with the results of `data.read_column`.

What Arrow holds in its own types is read by vectors. Everything else (dates as text, numbers
as text, times of day) goes, each different value once, through the reader of level 0: there
is one set of rules. pandas is imported only then.
"""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from ..names import name_class
from ..refusal import Refusal
from ..table import Column
from .arrays import (
    Unreadable,
    decode,
    drop_empty,
    encode,
    fill,
    is_plain,
    is_text,
    make_words,
    to_floats,
    view,
)

# As in `names.name_class`: 7.0 is 7.
WHOLE = r"^([+-]?\d+)\.0$"


def read_numbers(values: pa.Array, column: Column) -> np.ndarray:
    """Give numbers of any width; what is missing or infinite is NaN, shape (rows,)."""
    values = decode(values)
    if types.is_null(values.type):
        return np.full(len(values), np.nan)
    if not is_plain(values.type):
        return _read_floats(values, column)
    found: np.ndarray = to_floats(values)
    if found.dtype.kind == "f" and np.isinf(found).any():
        found = np.where(np.isinf(found), np.nan, found)
    return found


def read_booleans(values: pa.Array, column: Column) -> np.ndarray:
    """Give 1, 0 and, for what is neither true nor false, NaN; float64 of shape (rows,)."""
    values = decode(values)
    if types.is_null(values.type):
        return np.full(len(values), np.nan)
    if not is_plain(values.type):
        return _read_floats(values, column)
    found = to_floats(values).astype(np.float64)
    # The word for -0.0 is not among those that are false.
    known = (found == 1) | ((found == 0) & ~np.signbit(found))
    return np.where(known, found, np.nan)


def _read_floats(values: pa.Array, column: Column) -> np.ndarray:
    found: np.ndarray = read_by_rule(values, column).to_numpy(np.float64)
    return found


def read_dates(values: pa.Array, column: Column) -> pa.Array:
    """Give instants in UTC and without a zone, null where there is none."""
    if types.is_timestamp(values.type):
        # Arrow keeps instants in UTC; only the zone's name is dropped.
        return values.view(pa.timestamp(values.type.unit))
    if types.is_null(values.type) or types.is_date(values.type):
        return values.cast(pa.timestamp("ms"))
    values = encode(values)
    words = values.dictionary
    if types.is_timestamp(words.type):
        return read_dates(decode(values), column)
    found = None if column.format else _read_iso(words)
    if found is None:
        found = pa.Array.from_pandas(read_by_rule(words, column))
    return found.take(values.indices)


def _read_iso(words: pa.Array) -> pa.Array | None:
    """Read dates in ISO 8601 without a zone; None where one is written in another way."""
    if not is_text(words.type):
        return None
    try:
        return pc.cast(drop_empty(words), pa.timestamp("us"))
    except pa.ArrowInvalid:
        return None


def take_parts(dates: pa.Array, *, year: bool) -> list[np.ndarray]:
    """Split dates as `features.take_parts` does: month, weekday, hour and, if asked, year."""
    parts = [
        to_floats(pc.month(dates)),
        to_floats(pc.day_of_week(dates)),
        to_floats(pc.hour(dates)) + to_floats(pc.minute(dates)) / 60,
    ]
    return [*parts, to_floats(pc.year(dates))] if year else parts


class Codes:
    """The codes of one category column; -1 for what is missing or was never seen."""

    def __init__(self, column: Column, codes: dict[str, int]) -> None:
        self._column = column
        self._names = make_words(list(codes))
        self._codes = np.array([*codes.values(), -1], np.float32)
        self._seen: tuple[pa.Array, np.ndarray] | None = None

    def find(self, values: pa.Array) -> np.ndarray:
        """Give the code of each value, float32 of shape (rows,)."""
        values = encode(values)
        words = values.dictionary
        # The batches of a row group share a dictionary: it is looked up once.
        if self._seen is None or not self._seen[0].equals(words):
            self._seen = words, self._look_up(words)
        places = fill(values.indices.cast(pa.int32()), len(words))
        found: np.ndarray = self._seen[1][view(places)]
        return found

    def _look_up(self, words: pa.Array) -> np.ndarray:
        """Give the code of each word and, at the end, that of a missing one."""
        names = name_all(words, self._column)
        places = pc.index_in(names, value_set=self._names, skip_nulls=True)
        unknown = len(self._names)
        found: np.ndarray = self._codes[np.append(view(fill(places, unknown)), unknown)]
        return found


def name_all(words: pa.Array, column: Column) -> pa.Array:
    """Write values as the names of categories, null for what is missing."""
    if is_text(words.type):
        names = drop_empty(words)
        return pc.replace_substring_regex(names, pattern=WHOLE, replacement=r"\1")
    if not is_plain(words.type):
        named = read_by_rule(words, column)
        return drop_empty(make_words(named.fillna("").tolist()))
    return drop_empty(make_words([_name(value) for value in words.to_pylist()]))


def _name(value: Any) -> str:
    missing = value is None or value != value  # pylint: disable=comparison-with-itself
    return "" if missing else name_class(value)


def read_by_rule(values: pa.Array, column: Column) -> Any:
    """Read values as `make predict` does and give a Series; each different one once."""
    from .. import data  # pylint: disable=import-outside-toplevel # pandas is slow

    coded = encode(values)
    words = coded.dictionary
    if is_text(words.type):
        words = drop_empty(words)
    # One missing value more, for the places that have none.
    different = words.to_pandas(date_as_object=False)
    different = different.reindex(range(len(words) + 1))
    try:
        found = data.read_column(different, column.kind, column.format)
    except (TypeError, ValueError) as error:
        raise Unreadable(values.type) from error
    places = view(fill(coded.indices, len(words)))
    return found.take(places).reset_index(drop=True)


def refuse(column: Column, error: Unreadable) -> Refusal:
    """Say which column cannot be read."""
    return Refusal(
        f"Column {column.name!r} holds {error}, which cannot be read as a {column.kind}; "
        "give it plain values."
    )
