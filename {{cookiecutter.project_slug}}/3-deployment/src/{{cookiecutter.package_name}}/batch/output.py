"""Put the scored parts together in the order of the rows, whole or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq

from ..refusal import Refusal
from .parts import Finished, Part, writing

ENDINGS = (".parquet", ".csv")
# In a folder that Spark has written, and that may be replaced.
SPARK = "_SUCCESS"


def check(out: Path, data: Path, endings: tuple[str, ...] = ENDINGS) -> None:
    """Refuse an output of another format, or one that would change the input."""
    if out.suffix not in endings:
        raise Refusal(f"OUT is {out}; let it end with {' or '.join(endings)}.")
    if out.is_dir() and not (out / SPARK).exists():
        raise Refusal(f"OUT is {out}, which is a folder; choose another name.")
    inside = out.resolve().is_relative_to(data.resolve())
    if inside:
        raise Refusal(f"OUT is {out}, which is in DATA itself; choose another place.")


class Output:
    """A file that grows by parts; tasks may end in any order."""

    def __init__(self, writer: Any, schema: pa.Schema) -> None:
        self._writer, self._schema = writer, schema
        self._parts: dict[int, list[Part]] = {}
        self._finished: set[int] = set()
        self._next = 0

    def take(self, said: Part | Finished) -> None:
        """Note a part or the end of a task, and append what comes next in order."""
        if isinstance(said, Part):
            self._parts.setdefault(said.place, []).append(said)
        else:
            self._finished.add(said.place)
        while True:
            for part in self._parts.pop(self._next, []):
                self._append(part.path)
            if self._next not in self._finished:
                return
            self._finished.remove(self._next)
            self._next += 1

    def _append(self, path: Path) -> None:
        with pa.OSFile(str(path)) as file, pa.ipc.open_file(file) as reader:
            self._writer.write_table(reader.read_all().cast(self._schema))


@contextmanager
def create(out: Path, schema: pa.Schema, folder: Path) -> Iterator[Output]:
    """Write a draft in `folder` and move it to `out` at the end, if nothing went wrong."""
    draft = folder / f"whole{out.suffix}"
    try:
        with writing(out):
            plain = _make_plain(schema) if out.suffix == ".csv" else schema
            with _open(draft, plain) as writer:
                yield Output(writer, plain)
            move(draft, out)
    finally:
        draft.unlink(missing_ok=True)


def move(draft: Path, out: Path) -> None:
    """Put a file or a folder in the place of what the other engine may have left."""
    if out.is_dir() or (draft.is_dir() and out.exists()):
        old = out.with_name(f".{out.name}.old")
        os.rename(out, old)
        os.rename(draft, out)
        if old.is_dir():
            shutil.rmtree(old)
        else:
            old.unlink()
    else:
        os.replace(draft, out)


def _open(draft: Path, schema: pa.Schema) -> Any:
    """Open the writer; ids and chances differ in each row, so a dictionary would be in vain."""
    if draft.suffix == ".csv":
        return arrow_csv.CSVWriter(str(draft), schema)
    return pq.ParquetWriter(draft, schema, use_dictionary=["prediction"])


def _make_plain(schema: pa.Schema) -> pa.Schema:
    """Write ids of a type that CSV does not know as text."""
    known = (pa.types.is_integer, pa.types.is_floating, pa.types.is_large_string)
    fields = [
        (
            field
            if any(knows(field.type) for knows in known)
            else field.with_type(pa.string())
        )
        for field in schema
    ]
    return pa.schema(fields)
