"""Cut files into tasks of some rows each, and read those rows.

A task is a row group of Parquet, or several small ones, or a block of a CSV.
"""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ..table import Table
from . import sources, text

PART_ROWS = 1 << 18  # so much work a kill can cost each process
BATCH_ROWS = 1 << 14  # the matrix of a batch fits into the processor's cache


@dataclass(frozen=True)
class Task:
    """Some rows of a file: row groups of Parquet, or the bytes [begin, end) of a CSV.

    `place` orders the tasks. Without an `end` a CSV is read up to its own.
    """

    place: int
    path: Path
    groups: tuple[int, ...] = ()
    layout: text.Layout | None = None
    begin: int = 0
    end: int | None = None


def plan(
    found: Iterable[sources.Source],
    part_rows: int = PART_ROWS,
    block_bytes: int = text.BLOCK_BYTES,
) -> Iterator[Task]:
    """Cut files into tasks; the same files give the same tasks."""
    tasks = itertools.chain.from_iterable(
        (
            _plan_text(source.path, source.layout, block_bytes)
            if source.layout
            else _plan_groups(source, part_rows)
        )
        for source in found
    )
    for place, task in enumerate(tasks):
        yield replace(task, place=place)


def _plan_groups(source: sources.Source, part_rows: int) -> Iterator[Task]:
    """Put small row groups together up to the rows of a part."""
    groups: list[int] = []
    rows = 0
    for group, more in enumerate(source.groups):
        if groups and rows + more > part_rows:
            yield Task(0, source.path, tuple(groups))
            groups, rows = [], 0
        groups.append(group)
        rows += more
    if rows:
        yield Task(0, source.path, tuple(groups))


def _plan_text(path: Path, layout: text.Layout, block_bytes: int) -> Iterator[Task]:
    """Cut a CSV into blocks; one that gzip has packed can only be read from its start."""
    whole = Task(0, path, layout=layout, begin=layout.begin)
    with path.open("rb") as handle:
        if handle.read(2) == b"\x1f\x8b":
            yield whole
            return
        handle.seek(layout.begin)
        for begin, block in text.cut(handle, layout.separator, block_bytes):
            yield replace(whole, begin=begin, end=begin + len(block))


def read(task: Task, table: Table) -> Iterator[pa.RecordBatch]:
    """Give a task's rows in batches, with the needed columns only."""
    try:
        yield from _read_text(task, table) if task.layout else _read_groups(task, table)
    except (pa.ArrowException, OSError, EOFError) as error:
        raise sources.refuse(task.path, error) from error


def _read_groups(task: Task, table: Table) -> Iterator[pa.RecordBatch]:
    """Read row groups in a buffer of fixed size: to fetch ahead would take memory by the row.

    Source: https://arrow.apache.org/docs/python/generated/pyarrow.parquet.ParquetFile.html
    """
    words = table.of_kind("category")
    with pq.ParquetFile(
        task.path, pre_buffer=False, buffer_size=1 << 20, read_dictionary=words
    ) as file:
        yield from file.iter_batches(
            BATCH_ROWS,
            row_groups=task.groups,
            columns=text.list_needed(table, file.schema_arrow.names),
            use_threads=False,
        )


def _read_text(task: Task, table: Table) -> Iterator[pa.RecordBatch]:
    assert task.layout
    for block in _read_blocks(task, task.layout):
        batch = text.read_block(block, task.layout, table, task.path)
        if batch is not None:
            yield batch


def _read_blocks(task: Task, layout: text.Layout) -> Iterator[bytes]:
    """Give a block of a plain file, or all of one that gzip has packed."""
    if task.end is not None:
        with task.path.open("rb") as handle:
            handle.seek(task.begin)
            yield handle.read(task.end - task.begin)
        return
    from .. import source  # pylint: disable=import-outside-toplevel # pandas is slow

    with source.open_file(task.path) as packed:
        packed.seek(task.begin)
        yield from (block for _, block in text.cut(packed, layout.separator))
