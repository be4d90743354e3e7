"""Every prediction, shadow answer and label, kept off the request's path.

A record is acknowledged once its HTTP answer was sent; it is written before. What is
acknowledged outlives the process, killed with -9 or not: the kernel has it. A machine
that loses its power may lose the last seconds, which the kernel had not put on the disk.

Needs nothing but what serves a request needs, for it is in the image that serves.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic_core import to_json

from . import store
from .journal import Journal
from .records import make

LOG = logging.getLogger(__name__)

FOLDER = Path("events")
PERIOD_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
# After so many attempts in a row that failed somebody should look.
ATTEMPTS = 5

Kind = Literal["prediction", "shadow", "label"]
Record = Mapping[str, Any]
# Takes the segments that grow no more out of a folder; by default into the database.
Move = Callable[[Path, Path], None]


class EventLog:
    """Appends records to a journal, which a thread moves into `events.db`.

    Another `move` takes them elsewhere; it raises OSError where that cannot be done now.

    prediction: id, request, time (s since 1970), model, arm, inputs, prediction, chances,
    latency (ms). shadow: id, request, model, time, prediction, chances, latency, error.
    label: id, time, label. What a record leaves out is stored as missing.
    """

    def __init__(
        self,
        folder: Path = FOLDER,
        period: float = PERIOD_SECONDS,
        move: Move = store.move,
    ) -> None:
        self._folder = folder / "journal"
        self._database = folder / store.DATABASE
        self._journal = Journal(self._folder)
        self._period = period
        self._move = move
        self._failures = 0
        self._moving = threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="events", daemon=True)
        self._thread.start()

    @property
    def lost(self) -> int:
        """How many records found no room since this process started."""
        return self._journal.lost

    @property
    def healthy(self) -> bool:
        """Whether records are kept and moved."""
        return not self._journal.full and self._failures < ATTEMPTS

    def append(self, kind: Kind, record: Record) -> bool:
        """Write one record; False (and counted as lost) where the disk has no room."""
        return self.extend(kind, [record])

    def extend(self, kind: Kind, records: Sequence[Record]) -> bool:
        """Write the records of one request in one go: all of them are kept or none."""
        return self._journal.write(_write_line(kind, records), len(records))

    def flush(self) -> None:
        """Move what was appended so far; raises what `move` raises where it cannot."""
        with self._moving:
            self._journal.seal()
            self._move(self._folder, self._database)

    def close(self) -> None:
        """Move what is left; what cannot be moved now is moved at the next start."""
        self._stopped.set()
        self._thread.join()
        self._journal.close()
        self._attempt(lambda: self._move(self._folder, self._database))

    def _run(self) -> None:
        """Move again and again, less often while it fails."""
        while not self._stopped.wait(
            min(self._period * 2**self._failures, LONGEST_PAUSE_SECONDS)
        ):
            self._attempt(self.flush)

    def _attempt(self, move: Any) -> None:
        try:
            move()
            self._failures = 0
        except (sqlite3.Error, OSError) as error:
            self._failures += 1
            LOG.warning("events wait in %s: %s", self._folder, error)


def _write_line(kind: Kind, known: Sequence[Record]) -> bytes:
    """Write what stands between the brackets of a JSON list; no number becomes missing."""
    return _write_json(make(kind, known, _write_json))[1:-1] + b"\n"


def _write_json(content: Any) -> bytes:
    return to_json(content, inf_nan_mode="null", fallback=_write_other)


def _write_other(value: Any) -> Any:
    """Write what JSON does not know, such as a number of numpy."""
    return value.item() if hasattr(value, "item") else str(value)
