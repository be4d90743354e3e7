"""Arrow arrays in numpy's hands, without a copy where that can be.

pyarrow's own ways from and to Python's values import pandas, which takes a second of every
process: these go through buffers.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

# What numpy calls otherwise.
FLOATS = {"double": "float64", "float": "float32"}


def simplify(values: pa.Array) -> pa.Array:
    """Give decimals as float64, as `make predict` does, and nested codes as plain words."""
    kind = values.type
    if types.is_dictionary(kind):
        inner = kind.value_type
        if types.is_dictionary(inner) or types.is_decimal(inner):
            return simplify(values.cast(inner))
        return values
    return values.cast(pa.float64()) if types.is_decimal(kind) else values


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


def to_floats(values: pa.Array) -> np.ndarray:
    """Give numbers without a copy where none is missing, else NaN for those that are."""
    kind = values.type
    if types.is_float16(kind):
        values = values.cast(pa.float32())
    elif types.is_boolean(kind) or (values.null_count and types.is_integer(kind)):
        values = values.cast(pa.float64(), safe=False)
    if values.null_count:
        values = fill(values, np.nan)
    return view(values)


def drop_empty(words: pa.Array) -> pa.Array:
    """Let an empty text be missing, as it is in a CSV."""
    empty = pc.equal(pc.binary_length(words), pc.binary_length(make_words([""]))[0])
    return pc.if_else(empty, pa.nulls(1, words.type)[0], words)


def is_text(kind: pa.DataType) -> bool:
    """Tell text of every width."""
    return bool(
        types.is_string(kind)
        or types.is_large_string(kind)
        or types.is_string_view(kind)
    )


def is_plain(kind: pa.DataType) -> bool:
    """Tell numbers and booleans from all else."""
    return bool(
        types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind)
    )
