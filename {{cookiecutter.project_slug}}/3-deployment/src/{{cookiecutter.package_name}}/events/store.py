"""The database that segments are moved into: whole or not at all, and each record once."""

import json
import logging
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from . import journal, records
from .records import FIELDS

LOG = logging.getLogger(__name__)

PIECE_BYTES = 250_000
PATIENCE_SECONDS = 5.0
READING_SECONDS = 60.0
DATABASE = "events.db"
# The id of the requests that try a service before its release: nobody asked them in earnest.
TRIAL = "deploy-test"

# An id may be asked about again: each answer is kept. A label may be corrected, and an answer
# that was given up may still come: there the last record counts.
# `answered` is what readers of predictions want: all but what only tried the service.
TABLES = f"""
CREATE TABLE IF NOT EXISTS predictions (
    id TEXT NOT NULL, request TEXT, time REAL, model TEXT, arm TEXT,
    inputs TEXT, prediction, chances TEXT, latency REAL
);
CREATE INDEX IF NOT EXISTS predictions_by_id ON predictions (id);
CREATE INDEX IF NOT EXISTS predictions_by_time ON predictions (time);
CREATE VIEW IF NOT EXISTS answered AS
    SELECT rowid, * FROM predictions WHERE request IS NOT '{TRIAL}';
CREATE TABLE IF NOT EXISTS shadows (
    id TEXT NOT NULL, request TEXT NOT NULL, model TEXT NOT NULL, time REAL,
    prediction, chances TEXT, latency REAL, error TEXT,
    PRIMARY KEY (id, request, model)
);
CREATE INDEX IF NOT EXISTS shadows_by_time ON shadows (time);
CREATE TABLE IF NOT EXISTS labels (id TEXT PRIMARY KEY, time REAL, label);
CREATE TABLE IF NOT EXISTS moved (segment TEXT PRIMARY KEY);
"""
# Rows of one statement. For each statement Python gives its turn away and waits for it anew.
MOST_ROWS = 64
# What is raised, before anything is done, at a value that SQLite has no type for.
UNKNOWN = (
    sqlite3.ProgrammingError,
    sqlite3.InterfaceError,
    OverflowError,
    UnicodeEncodeError,
)
FORGET = "DELETE FROM moved WHERE segment NOT IN (SELECT value FROM json_each(?))"


@contextmanager
def connect(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the database for writing; what is committed outlives a power cut."""
    with closing(sqlite3.connect(path, timeout=PATIENCE_SECONDS)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        make_tables(connection)
        yield connection


@contextmanager
def reading(
    folder: Path, patience: float = READING_SECONDS
) -> Iterator[sqlite3.Connection]:
    """Open the database of a log to read it; where there is none yet, an empty one."""
    path = folder / DATABASE
    place = path if path.is_file() else ":memory:"
    with closing(sqlite3.connect(place, timeout=patience)) as connection:
        make_tables(connection)
        # Half a character in an id is no reason to read nothing.
        connection.text_factory = lambda text: text.decode("utf-8", "replace")
        yield connection


def make_tables(connection: sqlite3.Connection) -> None:
    """Make all tables or none, where they are not there yet."""
    known = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if not known[0]:
        connection.executescript(f"BEGIN IMMEDIATE; {TABLES} COMMIT;")


def move(folder: Path, database: Path) -> None:
    """Move every segment that grows no more into the database, the oldest first.

    A segment is deleted only after its transaction, which notes its name: one that is
    still there after a crash is not read twice. Raises sqlite3.Error where the database
    is locked or the disk full.
    """
    with journal.only_one(folder) as mine:
        if not mine:
            return
        journal.adopt(folder)
        segments = journal.list_sealed(folder)
        if segments:
            with connect(database) as connection:
                for segment in segments:
                    with connection:
                        _note(connection, segment, segments)
                    os.unlink(segment)


def _note(
    connection: sqlite3.Connection, segment: Path, segments: Sequence[Path]
) -> None:
    """Insert a segment's records unless that was done; forget the names that are gone."""
    names = json.dumps([path.name for path in segments])
    connection.execute(FORGET, (names,))
    noted = connection.execute(
        "INSERT OR IGNORE INTO moved VALUES (?)", (segment.name,)
    )
    if noted.rowcount:
        for piece in read_pieces(segment):
            insert(connection, piece, segment.name)


def insert(connection: sqlite3.Connection, piece: str, source: str) -> None:
    """Insert whole lines; those of the source that cannot be read are left out, and said."""
    _insert(connection, records.parse(piece, source))


def read_pieces(segment: Path) -> Iterator[str]:
    """Give whole lines, about a megabyte at a time."""
    with segment.open("rb") as file:
        while lines := file.readlines(PIECE_BYTES):
            if not lines[-1].endswith(b"\n"):  # the power went while it was written
                LOG.warning("%s ends in half a line; it is left out", segment.name)
                lines.pop()
            yield b"".join(lines).decode("utf-8", "replace")


def _insert(connection: sqlite3.Connection, found: list[Any]) -> None:
    """Insert records of any kind, in their order."""
    for kind, rows in records.sort(found).items():
        for start in range(0, len(rows), MOST_ROWS):
            some = rows[start : start + MOST_ROWS]
            statement, values = _write_insert(kind, len(some)), chain(*some)
            _execute(connection, statement, list(values))


@cache
def _write_insert(kind: str, rows: int) -> str:
    """Write the statement that inserts so many rows of a kind."""
    names = FIELDS[kind]
    row = f"({', '.join('?' * len(names))})"
    into = f"INSERT OR REPLACE INTO {kind}s ({', '.join(names)})"
    return f"{into} VALUES {', '.join([row] * rows)}"


def _execute(connection: sqlite3.Connection, statement: str, values: list[Any]) -> None:
    """Insert values; those that SQLite does not know are made into such that it knows."""
    try:
        connection.execute(statement, values)
    except UNKNOWN:
        connection.execute(statement, [records.adapt(value) for value in values])
