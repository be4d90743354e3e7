"""Predictions and the labels that came for them, joined by id."""

from contextlib import closing
import sqlite3
from pathlib import Path

import pandas as pd

from .. import events


def read_ids(folder: Path = events.FOLDER) -> set[str]:
    """Give the ids that were predicted, without reading what was predicted."""
    path = folder / "events.db"
    if not path.is_file():
        return set()
    with closing(sqlite3.connect(path, timeout=60)) as connection:
        found = connection.execute("SELECT DISTINCT id FROM predictions").fetchall()
    return {row[0] for row in found}
