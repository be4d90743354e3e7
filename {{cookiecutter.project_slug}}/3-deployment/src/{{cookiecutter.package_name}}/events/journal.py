"""Segments of JSON lines: each record is in the kernel's hands before `write` returns."""

import fcntl
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOG = logging.getLogger(__name__)

OPEN, SEALED = ".open", ".sealed"
# Tells whether there is room again; no reader takes it for a record.
PROBE = b"{}".ljust(4095) + b"\n"


class Journal:
    """Appends to a segment of its own; any number of processes may share the folder.

    The lock on an open segment ends with its process, so that others can tell what a
    killed one has left.
    """

    def __init__(self, folder: Path) -> None:
        self.lost = 0
        self.full = False
        self._folder = folder
        self._guard = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        self._path, self._file = _open_segment(folder)
        self._size = 0

    def write(self, lines: bytes, records: int = 1) -> bool:
        """Append whole lines in one write; what finds no room is counted, never raised."""
        with self._guard:
            try:
                done = os.write(self._file, lines)
                if done < len(lines):
                    os.ftruncate(self._file, self._size)
                    raise OSError("no room for the whole record")
            except OSError as error:
                self._lose(records, error)
                return False
            self._size += done
        if self.full:
            self.full = False
            LOG.warning("events are kept again; %d were lost so far", self.lost)
        return True

    def _lose(self, records: int, error: OSError) -> None:
        """Count what is lost, and say it once until there is room again."""
        self.lost += records
        if not self.full:
            self.full = True
            LOG.error("events are lost until this is mended: %s", error)

    def seal(self) -> None:
        """Hand the lines so far over to who moves them, and go on in a new segment."""
        if self.full:
            self.write(PROBE, records=0)
        if not self._size:
            return
        try:
            path, file = _open_segment(self._folder)
        except OSError as error:
            LOG.warning("no new segment of events can be begun: %s", error)
            return
        with self._guard:
            old = self._path, self._file
            self._path, self._file, self._size = path, file, 0
        _seal(*old)

    def close(self) -> None:
        """Seal the last segment; nothing can be appended any more."""
        if self._size:
            _seal(self._path, self._file)
        else:
            self._path.unlink(missing_ok=True)
            os.close(self._file)


def _open_segment(folder: Path) -> tuple[Path, int]:
    """Begin a segment; its number follows those that are there, whatever the clock says."""
    last = max((_number(path) for path in folder.glob("*.*")), default=0)
    draft = folder / f"{last + 1:012d}-{os.getpid()}-{os.urandom(3).hex()}.draft"
    file = os.open(draft, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o644)
    # Only a segment that is locked already may be seen by `adopt`.
    fcntl.flock(file, fcntl.LOCK_EX)
    path = draft.with_suffix(OPEN)
    os.rename(draft, path)
    return path, file


def _number(path: Path) -> int:
    number = path.name.partition("-")[0]
    return int(number) if number.isdecimal() else 0


def _seal(path: Path, file: int) -> None:
    """Say by its name that a segment grows no more."""
    os.rename(path, path.with_suffix(SEALED))
    os.close(file)


def adopt(folder: Path) -> None:
    """Seal the segments whose process is no more."""
    for path in folder.glob(f"*{OPEN}"):
        try:
            file = os.open(path, os.O_RDONLY)
        except FileNotFoundError:  # sealed by its writer in between
            continue
        if _lock(file) and path.exists():
            _seal(path, file)
        else:
            os.close(file)


def list_sealed(folder: Path) -> list[Path]:
    """Name the segments that grow no more, the oldest first."""
    return sorted(folder.glob(f"*{SEALED}"))


@contextmanager
def only_one(folder: Path) -> Iterator[bool]:
    """Tell whether this process may move segments now; only one at a time does."""
    file = os.open(folder / "moving", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        yield _lock(file)
    finally:
        os.close(file)


def _lock(file: int) -> bool:
    """Take the lock of an open file, unless somebody has it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
