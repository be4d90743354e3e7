"""Score a batch on this machine: every core, constant memory, and no work done twice."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..progress import say
from ..refusal import Refusal
from ..scoring import manifest
from ..table import read_table
from . import output, shelf, sources, workers
from .parts import Finished, Order, Part
from .score import make_schema
from .tasks import PART_ROWS, Task, plan

# Raised when the same input would give other parts.
FORMAT = 1


@dataclass
class Progress:
    """Rows so far; it says so after two seconds, then at times further and further apart."""

    rows: int = 0
    kept: int = 0
    parts: int = 0
    _began: float = field(default_factory=time.monotonic)
    _next: float = 2.0

    def take(self, said: Part | Finished) -> None:
        """Count a part."""
        if isinstance(said, Finished):
            return
        self.parts += 1
        self.rows += said.rows
        self.kept += said.kept
        passed = time.monotonic() - self._began
        if passed >= self._next:
            say(f"  {self.rows:,} rows, {self.rows / passed:,.0f} a second")
            self._next = passed + min(30.0, self._next * 1.5)

    def end(self) -> None:
        """Say what was done, and what an earlier run had done."""
        passed = time.monotonic() - self._began
        if self.kept:
            say(
                f"  {self.kept} of {self.parts} parts were taken over from a run before"
            )
        say(f"  {self.rows:,} rows in {passed:.1f} s")


def run(
    data: Path, out: Path, package: Path, count: int, part_rows: int | None = None
) -> None:
    """Score all rows of a file or folder into one file, in their order."""
    output.check(out, data)
    said, table = manifest.read(package), read_table(package / manifest.TABLE)
    found = sources.find(data, table)
    id_kind = sources.find_id_kind(found, table)
    schema = make_schema(table, said["classes"], id_kind)
    size = part_rows or PART_ROWS
    with shelf.claim(out, describe(found, said, size)) as parts:
        with (
            workers.start(count, Order(package, table, parts, id_kind, size)) as team,
            output.create(out, schema, parts) as whole,
        ):
            progress = drive(team, plan(found, size), whole)
            if not progress.rows:
                raise Refusal(f"{data} holds no row to score.")
        shelf.clear(parts)
    progress.end()


def describe(
    found: list[sources.Source], said: dict[str, Any], part_rows: int
) -> dict[str, Any]:
    """Give all that the parts depend on."""
    return {
        "format": FORMAT,
        "package": said["checksum"],
        "part_rows": part_rows,
        "sources": [source.describe() for source in found],
    }


def drive(team: workers.Team, tasks: Iterator[Task], whole: output.Output) -> Progress:
    """Keep every process at work and append what they finish."""
    progress = Progress()
    task = next(tasks, None)
    while task is not None or team.is_busy():
        while task is not None and (worker := team.find_idle()):
            team.give(worker, task)
            task = next(tasks, None)
        for said in team.listen():
            progress.take(said)
            whole.take(said)
    return progress
