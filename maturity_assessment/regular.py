"""Read ordinary files only: a pipe would wait for ever, and a device has no end."""

import errno
import os
import stat
from pathlib import Path

# Should the file be changed for a pipe just now: opening it must not wait for a writer.
AT_ONCE = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def read_regular(path: Path, limit: int, links: bool = True) -> bytes:
    """Read at most `limit` bytes of the start of a file.

    Raises OSError where it cannot be read or is no ordinary file; with `links=False` a link
    is none.
    """
    status = path.stat(follow_symlinks=links)
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is no ordinary file")
    with open(os.open(path, AT_ONCE), "rb") as file:
        return file.read(limit)
