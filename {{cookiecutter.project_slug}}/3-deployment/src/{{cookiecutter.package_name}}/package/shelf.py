"""Put a folder in its place whole or not at all, one command at a time."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DRAFT = ".draft-"


@contextmanager
def take_turns(shelf: Path) -> Iterator[None]:
    """Let one command at a time work here; a killed one gives its turn back by itself.

    Whoever has the turn removes what killed ones left half-made.
    """
    shelf.mkdir(parents=True, exist_ok=True)
    with (shelf / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in shelf.glob(f"{DRAFT}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


@contextmanager
def draft(place: Path) -> Iterator[Path]:
    """Give an empty folder to fill; it takes the place only when all went well."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=DRAFT) as name:
        new = Path(name) / "new"
        new.mkdir()
        yield new
        if place.exists():  # aside first: a folder cannot be moved onto another
            os.rename(place, Path(name) / "old")
        os.rename(new, place)
