"""Which rows were predicted, without reading what was predicted."""

from pathlib import Path

from .. import events
from ..events import store


def read(folder: Path = events.FOLDER) -> set[str]:
    """Give the ids of all predictions."""
    with store.reading(folder) as connection:
        found = connection.execute("SELECT DISTINCT id FROM predictions").fetchall()
    return {row[0] for row in found}
