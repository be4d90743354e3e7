"""Records that are only ever added to: one JSON object a line, never changed."""

import errno
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def append(path: Path, entry: Mapping[str, Any]) -> None:
    """Add a line in one write; when this returns it is on the disk.

    Raises OSError where it cannot be written. What is cut short then, or by a crash, is
    passed over when the file is read, and the next line stands alone.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(entry, ensure_ascii=False, default=float) + "\n"
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        text = (_mend_end(file) + line).encode()
        if os.write(file, text) < len(text):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(file)
    finally:
        os.close(file)


def _mend_end(file: int) -> str:
    """End the line that a full disk or a lost machine has cut."""
    size = os.fstat(file).st_size
    return "\n" if size and os.pread(file, 1, size - 1) != b"\n" else ""


def read(path: Path) -> list[dict[str, Any]]:
    """Give every object, the oldest first; none where there is no file."""
    if not path.is_file():
        return []
    # Not splitlines: it would also cut at a separator inside of a text.
    lines = path.read_text("utf-8", "replace").split("\n")
    return [entry for line in lines if (entry := _read_line(line)) is not None]


def _read_line(line: str) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None
