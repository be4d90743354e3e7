"""Which engine carries events and messages, read from conf/streams.yaml."""

import logging
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..refusal import Refusal
from ..sections import read_sections

LOG = logging.getLogger(__name__)

PATH = Path("conf/streams.yaml")
EMBEDDED, KAFKA = "embedded", "kafka"
# What Kafka allows in the name of a topic.
PREFIX = re.compile(r"[A-Za-z0-9._-]{1,200}")


@dataclass(frozen=True)
class Engine:
    """What carries: this machine alone, or Kafka."""

    engine: str = EMBEDDED


@dataclass(frozen=True)
class Kafka:
    """How to reach the broker; `more` is handed to librdkafka as it is."""

    servers: str = "127.0.0.1:9092"
    prefix: str = "ml"
    partitions: int = 4
    more: dict[str, Any] = field(default_factory=dict)

    def name(self, topic: str) -> str:
        """Give a topic's name on the broker."""
        return f"{self.prefix}.{topic}"

    def connect(self, **own: Any) -> dict[str, Any]:
        """Give a client's settings; servers and password may come from the environment."""
        known = {"bootstrap.servers": os.environ.get("KAFKA_SERVERS") or self.servers}
        password = os.environ.get("KAFKA_PASSWORD")
        secret = {"sasl.password": password} if password else {}
        return {**known, "logger": LOG, **own, **self.more, **secret}


@dataclass(frozen=True)
class Streams:
    """One section for each thing that is carried, and one for the broker."""

    events: Engine = field(default_factory=Engine)
    messages: Engine = field(default_factory=Engine)
    kafka: Kafka = field(default_factory=Kafka)


SECTIONS: dict[str, type] = {"events": Engine, "messages": Engine, "kafka": Kafka}


def read_streams(path: Path = PATH) -> Streams:
    """Read the settings; what cannot work is refused before anything is served."""
    settings = Streams(**read_sections(path, SECTIONS))
    for name in ("events", "messages"):
        engine = getattr(settings, name).engine
        if engine not in (EMBEDDED, KAFKA):
            raise Refusal(
                f"`{name}.engine` in {path} is {engine!r}; "
                f"choose {EMBEDDED} or {KAFKA}."
            )
    if not PREFIX.fullmatch(settings.kafka.prefix):
        raise Refusal(
            f"`kafka.prefix` in {path} is {settings.kafka.prefix!r}; a topic's name holds "
            "letters, digits, dots, lines and underlines."
        )
    if settings.kafka.partitions < 1:
        raise Refusal(f"`kafka.partitions` in {path} must be 1 or more.")
    return settings
