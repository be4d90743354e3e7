"""What one process does with a task: score its rows, and leave them in parts.

A part holds at most PART_ROWS scored rows; one that is there from an earlier run is not
computed again.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from ..refusal import Refusal
from ..table import Table
from .score import BatchScorer
from .tasks import BATCH_ROWS, PART_ROWS, Task, read


@dataclass(frozen=True)
class Order:
    """What all tasks of a batch have in common."""

    package: Path
    table: Table
    folder: Path
    id_kind: pa.DataType | None = None
    part_rows: int = PART_ROWS


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
