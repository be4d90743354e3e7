"""Score Arrow batches with a package, whichever way it is run."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from .. import scoring
from ..table import Table
from .arrays import make_numbers, make_words
from .encode import ArrowEncoder


class BatchScorer:
    """A package that scores batches; the columns it gives are those of `make predict`."""

    def __init__(self, folder: Path, id_kind: pa.DataType | None) -> None:
        self._scorer: Any = scoring.load(folder)
        self._id_kind = id_kind
        self.encoder: ArrowEncoder | None = None
        self.table: Table = self._scorer.table
        if self._scorer.encoder is not None:
            self.encoder = ArrowEncoder(self._scorer.encoder, self.table)
        self.schema = make_schema(self._scorer.table, self._scorer.classes, id_kind)

    def score(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Give id (where there is one), prediction and the chance of each class."""
        if self.encoder:
            scores = self._scorer.score_matrix(self.encoder.encode(batch))
        else:
            scores = self._score_frame(batch)
        columns = _word(scores, self._scorer.classes)
        if self._id_kind is not None:
            columns.insert(
                0, read_ids(batch.column(self._scorer.table.id), self._id_kind)
            )
        return pa.RecordBatch.from_arrays(columns, schema=self.schema)

    def _score_frame(self, batch: pa.RecordBatch) -> np.ndarray:
        """Score with scikit-learn, exactly as `make predict` does."""
        from . import frames  # pylint: disable=import-outside-toplevel # pandas is slow

        return frames.score(self._scorer, batch)


def make_schema(
    table: Table, classes: list[str], id_kind: pa.DataType | None
) -> pa.Schema:
    """Describe what is written; the id comes first and keeps its type."""
    fields = [] if id_kind is None else [pa.field(table.id, id_kind)]
    kind = pa.string() if classes else pa.float64()
    chances = [pa.field(f"chance of {name}", pa.float64()) for name in classes]
    return pa.schema([*fields, pa.field("prediction", kind), *chances])


def read_ids(values: pa.Array, kind: pa.DataType) -> pa.Array:
    """Give the ids in the one type that they have in all files."""
    return values if values.type == kind else values.cast(kind)


def _word(scores: np.ndarray, classes: list[str]) -> list[pa.Array]:
    """Put scores of shape (rows, classes), or (rows,) for numbers, into columns."""
    if not classes:
        return [make_numbers(scores)]
    likeliest = make_numbers(scores.argmax(axis=1).astype(np.int32))
    prediction = make_words(classes).take(likeliest)
    return [prediction, *map(make_numbers, scores.T)]
