"""Turn Arrow batches into the matrix that the graph reads: the twin of `scoring.Encoder`.

Both engines use it. A number is copied once, from Arrow's buffer into its column; categories
come as codes of a dictionary, so that no text is made of them.
"""

import numpy as np
import pyarrow as pa

from ..scoring.encoder import Encoder
from ..table import Column, Table
from .arrays import Unreadable
from .columns import (
    Codes,
    read_booleans,
    read_dates,
    read_numbers,
    refuse,
    take_parts,
)


class ArrowEncoder:
    """Encodes batches of a table; it remembers the dictionary that it saw last."""

    def __init__(self, encoder: Encoder, table: Table) -> None:
        self._encoder, self._table = encoder, table
        self._codes = {
            name: Codes(table.column(name), codes)
            for name, codes in encoder.categories.items()
        }

    def encode(self, batch: pa.RecordBatch) -> np.ndarray:
        """Give the matrix, float32 of shape (rows, width), as `Encoder.encode_rows` does."""
        matrix = np.empty((batch.num_rows, self._encoder.width), np.float32)
        place = 0
        with np.errstate(over="ignore"):  # beyond float32 is beyond every split, too
            for name in self._list_inputs():
                for numbers in self._read(batch.column(name), self._table.column(name)):
                    matrix[:, place] = numbers
                    place += 1
        return matrix

    def _list_inputs(self) -> list[str]:
        """Name the inputs in the order of the matrix."""
        known = self._encoder
        time = [] if known.time is None else [known.time]
        return [*known.numbers, *known.categories, *known.dates, *time]

    def _read(self, values: pa.Array, column: Column) -> list[np.ndarray]:
        """Give the one number of an input, or the parts of a date."""
        try:
            if column.kind == "number":
                return [read_numbers(values, column)]
            if column.kind == "boolean":
                return [read_booleans(values, column)]
            if column.kind == "category":
                return [self._codes[column.name].find(values)]
            year = column.name != self._encoder.time
            return take_parts(read_dates(values, column), year=year)
        except Unreadable as error:
            raise refuse(column, error) from error
