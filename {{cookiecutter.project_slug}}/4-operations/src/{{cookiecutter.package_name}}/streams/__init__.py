"""Carry messages and events: within this machine or, when configured, over Kafka.

Whoever publishes or consumes does not know which it is.
"""

import importlib.util
from pathlib import Path

from ..events import FOLDER, EventLog
from ..refusal import Refusal
from .bus import Bus, Local
from .settings import KAFKA, Streams, read_streams

# Events that are on their way to Kafka; apart from the journal, whose events are moved here.
OUTBOX = FOLDER / "outbox"


def open_bus(settings: Streams | None = None) -> Bus:
    """Begin to carry messages as conf/streams.yaml says."""
    settings = settings or read_streams()
    if settings.messages.engine != KAFKA:
        return Local()
    require_kafka()
    from .kafka import Kafka  # pylint: disable=import-outside-toplevel

    return Kafka(settings.kafka)


def open_log(folder: Path = OUTBOX) -> EventLog:
    """Begin to keep events as conf/streams.yaml says."""
    settings = read_streams()
    if settings.events.engine != KAFKA:
        return EventLog()
    require_kafka()
    from .shipping import Shipper  # pylint: disable=import-outside-toplevel

    return EventLog(folder, move=Shipper(settings.kafka).ship)


def require_kafka() -> None:
    """Refuse where the client is missing."""
    if importlib.util.find_spec("confluent_kafka") is None:
        raise Refusal(
            "conf/streams.yaml asks for Kafka and confluent-kafka is not installed; "
            "run `make setup`."
        )
