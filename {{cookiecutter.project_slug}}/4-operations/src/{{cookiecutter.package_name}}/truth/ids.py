"""Which rows were predicted, without reading what was predicted."""

import sqlite3
from contextlib import closing
from pathlib import Path

from .. import events


def read(folder: Path = events.FOLDER) -> set[str]:
    """Give the ids of all predictions."""
    path = folder / "events.db"
    if not path.is_file():
        return set()
    with closing(sqlite3.connect(path, timeout=60)) as connection:
        found = connection.execute("SELECT DISTINCT id FROM predictions").fetchall()
    return {row[0] for row in found}
