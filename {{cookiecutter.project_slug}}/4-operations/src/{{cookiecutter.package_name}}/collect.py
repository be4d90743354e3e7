"""Bring the events that services sent to Kafka into events/, where every command reads them.

What was read and how far is committed together: each record comes once, whoever is killed.
"""

import argparse
import logging
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from . import streams
from .events import FOLDER, store
from .progress import say
from .refusal import Refusal
from .streams.settings import KAFKA, PATH, Kafka, read_streams

LOG = logging.getLogger(__name__)

# `consumed` is how far each partition was read; `received` names the messages that came, for a
# service that was killed sends some of them again.
TABLES = """
CREATE TABLE IF NOT EXISTS consumed (
    topic TEXT, part INTEGER, next INTEGER, PRIMARY KEY (topic, part)
);
CREATE TABLE IF NOT EXISTS received (name TEXT PRIMARY KEY);
"""
FORGET = (
    "DELETE FROM received WHERE rowid <= (SELECT max(rowid) FROM received) - 1000000"
)
TICK_SECONDS = 0.5
MOST_AT_ONCE = 100
PATIENCE_SECONDS = 30.0


class Collector:
    """Reads the topic of the events into the database of a folder."""

    def __init__(self, how: Kafka, folder: Path = FOLDER) -> None:
        from .streams import kafka, shipping  # pylint: disable=import-outside-toplevel

        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / store.DATABASE
        self._topic, self._name = how.name(shipping.EVENTS), shipping.NAME
        with self._open() as database:
            query = "SELECT part, next FROM consumed WHERE topic = ?"
            rows = database.execute(query, (self._topic,)).fetchall()
        self._next: dict[int, int] = dict(rows)
        self._held: list[Any] = []
        self._consumer = kafka.open_consumer(how, shipping.EVENTS, self._next)

    def take(self, seconds: float) -> int:
        """Wait at most so long for messages and bring them in; say how many were new.

        Raises sqlite3.OperationalError where they cannot be kept; the next call tries again.
        """
        if not self._held:
            found = self._consumer.consume(MOST_AT_ONCE, seconds)
            self._held = [one for one in found if not one.error()]
        messages = self._held
        if not messages:
            return 0
        with self._open() as database:
            with database:  # one transaction
                new = sum(self._insert(database, message) for message in messages)
                database.execute(FORGET)
        self._held = []
        for message in messages:
            self._next[message.partition()] = message.offset() + 1
        return new

    def is_behind(self) -> bool:
        """Tell whether the broker has messages that were not read yet."""
        for place in self._consumer.assignment():
            found = self._consumer.get_watermark_offsets(place, PATIENCE_SECONDS)
            if max(self._next.get(place.partition, 0), found[0]) < found[1]:
                return True
        return False

    def close(self) -> None:
        """Read no more."""
        self._consumer.close()

    def _insert(self, database: sqlite3.Connection, message: Any) -> bool:
        """Note that a message came and, unless it came before, insert its records."""
        place = (self._topic, message.partition(), message.offset() + 1)
        database.execute("INSERT OR REPLACE INTO consumed VALUES (?, ?, ?)", place)
        named = dict(message.headers() or {}).get(self._name)
        if not named:
            LOG.warning("a message of %s is none of ours", self._topic)
            return False
        name = named.decode()
        noted = database.execute("INSERT OR IGNORE INTO received VALUES (?)", (name,))
        if noted.rowcount:
            store.insert(database, message.value().decode("utf-8", "replace"), name)
        return bool(noted.rowcount)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with store.connect(self._path) as database:
            database.executescript(TABLES)
            yield database


def run(collector: Collector, once: bool) -> int:
    """Collect until stopped, or until all is there; give the number of new messages."""
    count = 0
    while not once or collector.is_behind():
        try:
            count += collector.take(TICK_SECONDS)
        except sqlite3.OperationalError as error:
            if once:
                raise Refusal(f"Events cannot be kept: {error}; try again.") from error
            LOG.warning("events wait at the broker: %s", error)
            time.sleep(TICK_SECONDS)
    return count


def main(arguments: list[str]) -> None:
    """Bring in what comes, until Ctrl-C; with --once what is there."""
    parser = argparse.ArgumentParser(prog="collect", description=__doc__)
    once = bool(os.environ.get("ONCE"))
    parser.add_argument("--once", action="store_true", default=once)
    chosen = parser.parse_args(arguments)
    settings = read_streams()
    if settings.events.engine != KAFKA:
        raise Refusal(
            f"`events.engine` in {PATH} is {settings.events.engine!r}: the service itself "
            f"puts its events into {FOLDER}/, and there is nothing to collect."
        )
    streams.require_kafka()
    collector = Collector(settings.kafka)
    say(
        f"collect: {settings.kafka.name('events')} comes into {FOLDER}/; Ctrl-C stops it"
    )
    try:
        say(f"collect: {run(collector, chosen.once):,} messages were new")
    except KeyboardInterrupt:
        say("collect: stopped")
    finally:
        collector.close()
