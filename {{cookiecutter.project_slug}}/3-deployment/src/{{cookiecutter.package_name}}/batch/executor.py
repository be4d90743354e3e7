"""What runs in Spark's Python processes: the same scorer as on one machine, loaded once in each.

It must import without pyspark's session and without this project's settings.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow as pa

from ..table import Table
from .score import BatchScorer
from .tasks import BATCH_ROWS, Task, read

# Where a row stands: its file (or the task of a CSV) and its number in there.
PLACE = 2


@lru_cache
def load(folder: str, id_kind: pa.DataType | None) -> BatchScorer:
    """Load the package that Spark has brought here."""
    # pylint: disable-next=import-outside-toplevel,import-error # Spark is installed apart
    from pyspark import SparkFiles

    return BatchScorer(Path(SparkFiles.get(folder)), id_kind)


@dataclass(frozen=True)
class ScoreRows:
    """Scores the rows that Spark reads; `names` are those of the columns after the place."""

    folder: str
    names: list[str]
    has_id: bool

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            place, inputs = batch.columns[:PLACE], batch.columns[PLACE:]
            rows = pa.RecordBatch.from_arrays(inputs, names=self.names)
            scorer = load(self.folder, inputs[0].type if self.has_id else None)
            yield join(place, scorer.score(rows))


@dataclass(frozen=True)
class ScoreTasks:
    """Reads and scores the tasks of CSV files, which lie where every machine finds them."""

    folder: str
    table: Table
    tasks: list[Task]
    has_id: bool

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        scorer = load(self.folder, pa.string() if self.has_id else None)
        for batch in batches:
            for number in batch.column(0).to_pylist():
                yield from self._score(scorer, number)

    def _score(self, scorer: BatchScorer, number: int) -> Iterator[pa.RecordBatch]:
        begin = 0
        for rows in read(self.tasks[number], self.table):
            for start in range(0, rows.num_rows, BATCH_ROWS):
                part = rows.slice(start, BATCH_ROWS)
                count = part.num_rows
                places = [
                    pa.repeat(pa.scalar(f"{number:09d}"), count),
                    pa.array(range(begin, begin + count), pa.int64()),
                ]
                begin += count
                yield join(places, scorer.score(part))


def join(place: list[pa.Array], scored: pa.RecordBatch) -> pa.RecordBatch:
    """Put the place before the scores; plain names, for Spark reads dots as levels."""
    columns = [*place, *scored.columns]
    return pa.RecordBatch.from_arrays(columns, names=name_columns(len(columns)))


def name_columns(count: int) -> list[str]:
    """Name columns by their numbers."""
    return [f"column_{number}" for number in range(count)]
