"""Delete what the event log need not keep any more; a few rows at a time."""

import sqlite3
from pathlib import Path

from . import store

# Of one transaction: the service moves its events into the database in between.
MOST_ROWS = 5_000

# The oldest first; a label goes when no prediction of its id is left.
OLD = {
    "predictions": "SELECT rowid FROM predictions WHERE time < ? ORDER BY time LIMIT ?",
    "shadows": "SELECT rowid FROM shadows WHERE time < ? ORDER BY time LIMIT ?",
    "labels": """
SELECT rowid FROM labels WHERE time < ? AND NOT EXISTS (
    SELECT 1 FROM predictions WHERE predictions.id = labels.id
) LIMIT ?""",
}


def forget(folder: Path, before: float) -> dict[str, int]:
    """Delete predictions, shadow answers and labels from before an instant (s since 1970).

    Gives the number of rows by table. Their room is used again; the file does not shrink.
    Raises sqlite3.Error where the database is locked: the rest is deleted the next time.
    """
    path = folder / store.DATABASE
    if not path.is_file():
        return dict.fromkeys(OLD, 0)
    with store.connect(path) as connection:
        return {
            table: _delete(connection, table, query, before)
            for table, query in OLD.items()
        }


def _delete(
    connection: sqlite3.Connection, table: str, query: str, before: float
) -> int:
    deleted = 0
    while True:
        with connection:  # one transaction
            some = connection.execute(
                f"DELETE FROM {table} WHERE rowid IN ({query})", (before, MOST_ROWS)
            ).rowcount
        deleted += some
        if some < MOST_ROWS:
            return deleted
