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

# What numpy calls otherwise.
FLOATS = {"double": "float64", "float": "float32"}
# As in `names.name_class`: 7.0 is 7.
WHOLE = r"^([+-]?\d+)\.0$"


def simplify(values: pa.Array) -> pa.Array:
    """Give decimals as float64, as `make predict` does, and nested codes as plain words."""
    kind = values.type
    if types.is_dictionary(kind):
        inner = kind.value_type
        if types.is_dictionary(inner) or types.is_decimal(inner):
            return simplify(values.cast(inner))
        return values
    return values.cast(pa.float64()) if types.is_decimal(kind) else values


def read_numbers(values: pa.Array, column: Column) -> np.ndarray:
    """Give numbers of any width; what is missing or infinite is NaN, shape (rows,)."""
    values = decode(values)
    if types.is_null(values.type):
        return np.full(len(values), np.nan)
    if not _is_plain(values.type):
        return _read_floats(values, column)
    found: np.ndarray = _to_floats(values)
    if found.dtype.kind == "f" and np.isinf(found).any():
        found = np.where(np.isinf(found), np.nan, found)
    return found


def read_booleans(values: pa.Array, column: Column) -> np.ndarray:
    """Give 1, 0 and, for what is neither true nor false, NaN; float64 of shape (rows,)."""
    values = decode(values)
    if types.is_null(values.type):
        return np.full(len(values), np.nan)
    if not _is_plain(values.type):
        return _read_floats(values, column)
    found = _to_floats(values).astype(np.float64)
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
    if not _is_text(words.type):
        return None
    try:
        return pc.cast(_drop_empty(words), pa.timestamp("us"))
    except pa.ArrowInvalid:
        return None


def take_parts(dates: pa.Array, *, year: bool) -> list[np.ndarray]:
    """Split dates as `features.take_parts` does: month, weekday, hour and, if asked, year."""
    parts = [
        _to_floats(pc.month(dates)),
        _to_floats(pc.day_of_week(dates)),
        _to_floats(pc.hour(dates)) + _to_floats(pc.minute(dates)) / 60,
    ]
    return [*parts, _to_floats(pc.year(dates))] if year else parts


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
    if _is_text(words.type):
        names = _drop_empty(words)
        return pc.replace_substring_regex(names, pattern=WHOLE, replacement=r"\1")
    if not _is_plain(words.type):
        named = read_by_rule(words, column)
        return _drop_empty(make_words(named.fillna("").tolist()))
    return _drop_empty(make_words([_name(value) for value in words.to_pylist()]))


def _name(value: Any) -> str:
    missing = value is None or value != value  # pylint: disable=comparison-with-itself
    return "" if missing else name_class(value)


def make_words(words: list[str]) -> pa.Array:
    """Make an array of text from its buffers: pyarrow's own way imports pandas."""
    written = [word.encode() for word in words]
    ends = np.cumsum([0, *map(len, written)], dtype=np.int32)
    return pa.StringArray.from_buffers(
        len(words), pa.py_buffer(ends), pa.py_buffer(b"".join(written))
    )


def make_numbers(numbers: np.ndarray) -> pa.Array:
    """Make an array of numbers from their buffer, shape (rows,)."""
    numbers = np.ascontiguousarray(numbers)
    kind = pa.from_numpy_dtype(numbers.dtype)
    return pa.Array.from_buffers(kind, len(numbers), [None, pa.py_buffer(numbers)])


def encode(values: pa.Array) -> pa.Array:
    """Give each different value once, with the places where it stands."""
    values = simplify(values)
    if types.is_dictionary(values.type):
        return values
    try:
        return pc.dictionary_encode(values)
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid) as error:
        raise Unreadable(values.type) from error


def decode(values: pa.Array) -> pa.Array:
    """Give plain values for codes of them."""
    values = simplify(values)
    kind = values.type
    return (
        simplify(values.cast(kind.value_type)) if types.is_dictionary(kind) else values
    )


class Unreadable(Exception):
    """A column of a type that no input of a model has, such as a list."""


def read_by_rule(values: pa.Array, column: Column) -> Any:
    """Read values as `make predict` does and give a Series; each different one once."""
    from .. import data  # pylint: disable=import-outside-toplevel # pandas is slow

    coded = encode(values)
    words = coded.dictionary
    if _is_text(words.type):
        words = _drop_empty(words)
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


def _to_floats(values: pa.Array) -> np.ndarray:
    """Give numbers without a copy where none is missing, else NaN for those that are."""
    kind = values.type
    if types.is_float16(kind):
        values = values.cast(pa.float32())
    elif types.is_boolean(kind) or (values.null_count and types.is_integer(kind)):
        values = values.cast(pa.float64(), safe=False)
    if values.null_count:
        values = fill(values, np.nan)
    return view(values)


def fill(values: pa.Array, number: float) -> pa.Array:
    """Put a number into the places that have none."""
    dtype = view(values.slice(0, 0)).dtype
    return pc.fill_null(values, make_numbers(np.array([number], dtype))[0])


def view(values: pa.Array) -> np.ndarray:
    """Give numbers without a copy, none of them null: pyarrow's own way imports pandas."""
    kind = np.dtype(FLOATS.get(str(values.type), str(values.type)))
    found = (
        np.frombuffer(values.buffers()[1], kind) if len(values) else np.empty(0, kind)
    )
    return found[values.offset : values.offset + len(values)]


def _drop_empty(words: pa.Array) -> pa.Array:
    """Let an empty text be missing, as it is in a CSV."""
    empty = pc.equal(pc.binary_length(words), pc.binary_length(make_words([""]))[0])
    return pc.if_else(empty, pa.nulls(1, words.type)[0], words)


def _is_text(kind: pa.DataType) -> bool:
    return bool(
        types.is_string(kind)
        or types.is_large_string(kind)
        or types.is_string_view(kind)
    )


def _is_plain(kind: pa.DataType) -> bool:
    """Tell numbers and booleans from all else."""
    return bool(
        types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind)
    )
