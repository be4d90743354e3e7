"""Only one turn at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..refusal import Refusal

LOCK = Path("operations/operate.lock")


@contextmanager
def hold(path: Path = LOCK) -> Iterator[None]:
    """Hold the lock; it ends with the process, killed or not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.read(file, 20).decode().strip() or "unknown"
        os.close(file)
        raise Refusal(
            f"Another turn of `make operate` is at work (process {holder}); this one did "
            "nothing."
        ) from error
    try:
        os.ftruncate(file, 0)
        os.pwrite(file, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(file)
