"""What one process does: read a task's rows, score them, and leave them in parts.

A task is a row group of Parquet, or several small ones, or a block of a CSV. A part holds at
most PART_ROWS scored rows; one that is there from an earlier run is not computed again.
"""

import itertools
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ..refusal import Refusal
from ..table import Table
from . import sources, text
from .score import BatchScorer

PART_ROWS = 1 << 18  # so much work a kill can cost each process
BATCH_ROWS = 1 << 14  # the matrix of a batch fits into the processor's cache


@dataclass(frozen=True)
class Order:
    """What all tasks of a batch have in common."""

    package: Path
    table: Table
    folder: Path
    id_kind: pa.DataType | None = None
    part_rows: int = PART_ROWS


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


@dataclass(frozen=True)
class Part:
    """Scored rows in a file of their own; `kept` says that an earlier run made them."""

    place: int
    path: Path
    rows: int
    kept: bool


@dataclass(frozen=True)
class Finished:
    """A task all of whose parts are there."""

    place: int


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


def cut_parts(
    batches: Iterable[pa.RecordBatch], part_rows: int = PART_ROWS
) -> Iterator[Iterator[pa.RecordBatch]]:
    """Deal batches out to parts of so many rows; each must be used up before the next."""
    waiting = iter(batches)
    rest = next(waiting, None)

    def fill() -> Iterator[pa.RecordBatch]:
        nonlocal rest
        left = part_rows
        while rest is not None and left:
            now = rest.slice(0, min(left, BATCH_ROWS))
            left -= now.num_rows
            rest = rest.slice(now.num_rows)
            yield now
            if not rest.num_rows:
                rest = next(waiting, None)

    while rest is not None:
        yield fill()


def run(task: Task, order: Order, scorer: BatchScorer) -> Iterator[Part | Finished]:
    """Score a task part by part; what an earlier run finished is taken over."""
    done = order.folder / f"{task.place:06d}.done"
    kept = find_parts(task, order.folder) if done.is_file() else []
    if kept and all(part.rows for part in kept):
        yield from kept
        yield Finished(task.place)
        return
    batches = read(task, order.table)
    for number, part in enumerate(cut_parts(batches, order.part_rows)):
        path = name_part(order.folder, task.place, number)
        rows = count_rows(path)
        if rows:
            skip(part)
            yield Part(task.place, path, rows, kept=True)
        else:
            yield Part(task.place, path, write(path, part, scorer), kept=False)
    with writing(done):
        done.touch()
    yield Finished(task.place)


def name_part(folder: Path, place: int, number: int) -> Path:
    """Name the file of a part; sorted by name they are in the order of the rows."""
    return folder / f"{place:06d}-{number:06d}.arrow"


def find_parts(task: Task, folder: Path) -> list[Part]:
    """Give the parts of a task that was finished."""
    paths = sorted(folder.glob(f"{task.place:06d}-*.arrow"))
    return [Part(task.place, path, count_rows(path), kept=True) for path in paths]


def skip(batches: Iterable[pa.RecordBatch]) -> None:
    """Read on without scoring."""
    for _ in batches:
        pass


def count_rows(path: Path) -> int:
    """Give the rows of a part; 0 when it is not there or not whole."""
    if not path.is_file():
        return 0
    try:
        with pa.OSFile(str(path)) as file, pa.ipc.open_file(file) as reader:
            batches = range(reader.num_record_batches)
            return sum(reader.get_batch(number).num_rows for number in batches)
    except (pa.ArrowInvalid, OSError):
        return 0


def write(path: Path, batches: Iterable[pa.RecordBatch], scorer: BatchScorer) -> int:
    """Write a part, whole or not at all, and give its rows."""
    draft, rows = path.with_suffix(".draft"), 0
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    try:
        with writing(path), pa.OSFile(str(draft), "wb") as file:
            with pa.ipc.new_file(file, scorer.schema, options=options) as writer:
                for batch in batches:
                    writer.write(scorer.score(batch))
                    rows += batch.num_rows
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return rows


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn a full disk, or a folder that may not be written, into a sentence."""
    try:
        yield
    except OSError as error:
        # pyarrow puts words of its own before the system's.
        reason = (error.strerror or str(error)).rpartition("] ")[2].rstrip(".")
        raise Refusal(
            f"{path.parent} cannot be written ({reason}); make room there or choose another "
            "OUT, then run it again: what is finished is kept."
        ) from error
