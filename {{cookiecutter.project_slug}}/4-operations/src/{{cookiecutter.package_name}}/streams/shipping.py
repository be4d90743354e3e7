"""Send the journal's segments to Kafka, and let go of each only once the broker has it.

A record is acknowledged once its HTTP answer was sent, as without Kafka: it is in the journal
before, and outlives the process. It is *delivered* once all replicas have it (`acks=all` and
the delivery report): from then on it outlives this machine, too. Nothing of this is on a
request's way. While the broker is away segments wait on the disk, and no memory fills up.

A segment that was sent when the process died is sent again, under the same names: whoever
reads takes each name once (`collect`), so that each record is there once.
"""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

from confluent_kafka import KafkaError, KafkaException, Message, Producer
from pydantic_core import from_json, to_json

from ..events import journal, store
from . import settings

LOG = logging.getLogger(__name__)

EVENTS = "events"
NAME = "name"
# Of one message; a broker takes no more than a megabyte unless it is told to.
MOST_BYTES, LARGEST_BYTES = 500_000, 950_000
ASIDE = "too-large.jsonl"
PATIENCE_SECONDS = 5.0
SURE = {
    "acks": "all",
    # In their order: the last record of an id counts. What is sent twice is taken once.
    "max.in.flight.requests.per.connection": 1,
    "compression.type": "gzip",
    "queue.buffering.max.kbytes": 32_768,
}


class Shipper:
    """Sends to one topic; a message is some whole lines of a segment, and its name is theirs."""

    def __init__(self, how: settings.Kafka, patience: float = PATIENCE_SECONDS) -> None:
        self._topic = how.name(EVENTS)
        self._patience = patience
        limit = {"message.timeout.ms": int(patience * 1000)}
        self._producer = Producer(how.connect(**SURE, **limit))
        self._failed: list[str] = []

    def ship(self, folder: Path, _database: Path) -> None:
        """Send every segment that grows no more, the oldest first, and delete it.

        Raises OSError where the broker does not take it: it stays, and is sent again.
        """
        with journal.only_one(folder) as mine:
            if not mine:
                return
            sender = identify(folder)
            journal.adopt(folder)
            for segment in journal.list_sealed(folder):
                self._send(segment, sender)
                os.unlink(segment)

    def _send(self, segment: Path, sender: str) -> None:
        """Send a segment and wait until all of it is delivered."""
        self._failed = []
        for number, body in enumerate(_cut(segment)):
            if len(body) > LARGEST_BYTES:
                _set_aside(segment.with_name(ASIDE), body)
            else:
                self._produce(sender, f"{segment.stem}/{number}", body)
        left = self._producer.flush(self._patience)
        if left or self._failed:
            self._producer.purge()
            self._producer.flush(0)
            why = self._failed[0] if self._failed else "it does not answer"
            raise OSError(f"Kafka has not taken {segment.name}: {why}")

    def _produce(self, sender: str, name: str, body: bytes) -> None:
        """Put a message into the client's buffer; wait while that is full.

        One sender's messages are in one partition, where they keep their order.
        """
        while not self._failed:
            try:
                self._producer.produce(
                    self._topic,
                    body,
                    sender,
                    headers={NAME: f"{sender}/{name}"},
                    on_delivery=self._account,
                )
                return
            except BufferError:
                self._producer.poll(1)
            except KafkaException as error:
                raise OSError(f"Kafka takes no events: {error}") from error

    def _account(self, error: KafkaError | None, _message: Message) -> None:
        if error:
            self._failed.append(error.str())


def identify(folder: Path) -> str:
    """Give the name of this folder, which no other sender has, on whatever machine."""
    path = folder / "sender"
    if not path.is_file():
        draft = path.with_suffix(".draft")
        draft.write_text(os.urandom(8).hex(), "utf-8")
        os.replace(draft, path)
    return path.read_text("utf-8")


def _set_aside(path: Path, body: bytes) -> None:
    """Keep here what no broker takes: it must not hold up all that comes after it."""
    LOG.error("a record of %d bytes is too large for Kafka; see %s", len(body), path)
    with path.open("ab") as file:
        file.write(body)


def _cut(segment: Path) -> Iterator[bytes]:
    """Give whole lines, as many as fit into a message; always cut in the same way."""
    body = b""
    for line in _list_lines(segment):
        if body and len(body) + len(line) > MOST_BYTES:
            yield body
            body = b""
        body += line
    if body:
        yield body


def _list_lines(segment: Path) -> Iterator[bytes]:
    """Give each line; of a long one, which holds a request's many rows, each record."""
    for piece in store.read_pieces(segment):
        for text in piece.rstrip("\n").split("\n"):
            line = text.encode() + b"\n"
            yield from _split(line) if len(line) > MOST_BYTES else [line]


def _split(line: bytes) -> list[bytes]:
    try:
        return [to_json(record) + b"\n" for record in from_json(b"[" + line + b"]")]
    except ValueError:  # half a line, of which nothing can be read
        return [line]
