"""Read a CSV in blocks of whole rows: quickly where it is plain, by level 0's rules where not.

A block is read by pyarrow. When pyarrow and `make predict` could differ over it (a number that
is none, a short row, a field that begins with a space), pandas reads the same block as level 0
does. So the results are the same, and the memory does not grow with the file.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from ..table import Table

BLOCK_BYTES = 4 << 20
# What pandas takes for a missing value, and the question mark of source.py.
MISSING = (
    *("", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND"),
    *("1.#QNAN", "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null", "?"),
)
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
QUOTE, NEWLINE, RETURN = b'"\n\r'
csv.field_size_limit(1 << 30)  # a text may be long


@dataclass(frozen=True)
class Layout:
    """How a CSV is written: its columns, what stands between them, where the rows begin."""

    names: list[str]
    separator: str
    begin: int


class _Unsure(Exception):
    """pandas may read this block in another way."""


def find_begin(head: bytes, separator: str) -> int:
    """Give the number of bytes before the first row: a mark, empty lines and the header."""
    mark = len(BYTE_ORDER_MARK) if head.startswith(BYTE_ORDER_MARK) else 0
    for row, end in _list_rows(head[mark:], separator):
        if row:
            return mark + end
    return len(head)


def cut(
    handle: BinaryIO, separator: str, size: int = BLOCK_BYTES
) -> Iterator[tuple[int, bytes]]:
    """Cut a file into blocks of whole rows and give each with its place in the file."""
    begin, rest = handle.tell(), b""
    while piece := handle.read(size):
        block = rest + piece
        end = find_end(block, separator)
        if end:
            yield begin, block[:end]
        begin, rest = begin + end, block[end:]
    if rest.strip():
        yield begin, rest


def find_end(block: bytes, separator: str) -> int:
    """Give the number of bytes up to the end of the last whole row; 0 if there is none."""
    if QUOTE not in block:
        return (block.rfind(b"\n") + 1) or (block.rfind(b"\r") + 1)
    signs = np.frombuffer(block, np.uint8)
    quotes = np.flatnonzero(signs == QUOTE)
    openers = quotes[::2]
    before = signs[openers[openers > 0] - 1]
    if np.isin(before, [ord(separator), NEWLINE, RETURN, QUOTE]).all():
        newlines = np.flatnonzero(signs == NEWLINE)
        outside = newlines[np.searchsorted(quotes, newlines) % 2 == 0]
        return int(outside[-1]) + 1 if len(outside) else 0
    # A quote inside of a word opens nothing: only a reader can tell.
    ends = [end for _, end in _list_rows(block, separator)]
    return ends[-2] if len(ends) > 1 else 0


def _list_rows(block: bytes, separator: str) -> Iterator[tuple[list[str], int]]:
    """Read rows as pandas does and give each with the place of its end."""
    seen = 0

    def read_lines() -> Iterator[str]:
        nonlocal seen
        for line in block.splitlines(keepends=True):
            seen += len(line)
            yield line.decode("latin-1")  # one sign a byte

    for row in csv.reader(read_lines(), delimiter=separator, skipinitialspace=True):
        yield row, seen


def read_block(
    block: bytes, layout: Layout, table: Table, path: Path
) -> pa.RecordBatch | None:
    """Give a block's needed columns; None when it holds no row."""
    try:
        found = _read_quickly(block, layout, table)
    except (pa.ArrowInvalid, _Unsure):
        found = _read_by_rule(block, layout, table, path)
    batches = found.combine_chunks().to_batches()
    return batches[0] if batches else None


def list_needed(table: Table, names: list[str]) -> list[str]:
    """Name the columns that are needed: the inputs and, where it is there, the id."""
    known = [table.id] if table.id and table.id in names else []
    return [*known, *table.features]


def _read_quickly(block: bytes, layout: Layout, table: Table) -> pa.Table:
    needed = list_needed(table, layout.names)
    numbers = set(table.of_kind("number"))
    words = pa.dictionary(pa.int32(), pa.string())
    kinds = {name: pa.float64() if name in numbers else words for name in needed}
    if table.id in kinds:
        kinds[table.id] = pa.string()
    found = arrow_csv.read_csv(
        io.BytesIO(block),
        arrow_csv.ReadOptions(
            use_threads=False, block_size=len(block) + 1, column_names=layout.names
        ),
        arrow_csv.ParseOptions(delimiter=layout.separator, newlines_in_values=True),
        arrow_csv.ConvertOptions(
            column_types=kinds,
            include_columns=needed,
            null_values=MISSING,
            strings_can_be_null=True,
        ),
    )
    for name in set(needed) - numbers:
        _refuse_spaces(found[name])
    return found


def _refuse_spaces(values: pa.ChunkedArray) -> None:
    """pandas drops the space after a separator, and then looks for quotes and for NA."""
    for chunk in values.chunks:
        words = chunk.dictionary if pa.types.is_dictionary(chunk.type) else chunk
        if pc.any(pc.starts_with(words, pattern=" ")).as_py():
            raise _Unsure


def _read_by_rule(block: bytes, layout: Layout, table: Table, path: Path) -> pa.Table:
    """Read a block exactly as `make predict` reads a file."""
    from .. import data, source  # pylint: disable=import-outside-toplevel

    with source.refusing(path):
        options = {"header": None, **source.describe_layout(layout.separator)}
        frame = source.read_rows(
            io.BytesIO(block), path, layout.names, data.list_words(table), options
        )
    frame = data.conform(frame, table)[list_needed(table, layout.names)]
    found = pa.Table.from_pandas(frame, preserve_index=False)
    return found.cast(pa.schema([_widen(field, table) for field in found.schema]))


def _widen(field: pa.Field, table: Table) -> pa.Field:
    """Ids are words, also where a block has none."""
    return field.with_type(pa.string()) if field.name == table.id else field
