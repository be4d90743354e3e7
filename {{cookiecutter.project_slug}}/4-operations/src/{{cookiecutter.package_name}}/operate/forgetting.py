"""Let the event log forget what `retention` in conf/operations.yaml no longer asks it to keep."""

import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path

from ..events import FOLDER, retention, store
from .settings import PATH, Operations

DAY = 86_400.0


def find_limit(settings: Operations, folder: Path = FOLDER) -> float | None:
    """Give the instant before which predictions go (s since 1970); None to keep all.

    A prediction is counted from when its label was due. An age is by the log's own clock or
    by ours, whichever makes it younger: a replayed year is not old, and one event with a
    wrong time deletes no other.
    """
    if not settings.retention.days:
        return None
    with store.reading(folder) as connection:
        last = connection.execute("SELECT max(time) FROM predictions").fetchone()[0]
    kept = settings.retention.days + settings.retraining.label_delay_days
    return min(time.time(), float(last or 0.0)) - kept * DAY


def forget(settings: Operations, folder: Path = FOLDER) -> str | None:
    """Delete what is too old, and say so in a sentence; None where there is nothing to say.

    The trail, the dossiers and the records of releases are not in the log, and stay.
    """
    limit = find_limit(settings, folder)
    if limit is None:
        return None
    day = datetime.fromtimestamp(limit, UTC)
    try:
        gone = retention.forget(folder, limit)
    except sqlite3.Error as error:
        return f"what is older than {day:%Y-%m-%d} stays until the next turn: {error}"
    if not any(gone.values()):
        return None
    counted = ", ".join(f"{count:,} {name}" for name, count in gone.items())
    return (
        f"deleted from the event log what is older than {day:%Y-%m-%d} (`retention` in "
        f"{PATH}): {counted}"
    )
