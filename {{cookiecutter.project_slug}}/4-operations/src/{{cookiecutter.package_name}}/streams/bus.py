"""What carries messages: one interface, and the carrier within a process."""

import logging
import threading
from collections.abc import Callable
from typing import Any, Protocol

LOG = logging.getLogger(__name__)

Message = dict[str, Any]
Hear = Callable[[Message], None]
Stop = Callable[[], None]


class Bus(Protocol):
    """Hands each message of a topic to everyone who consumes it; `lost` found no room."""

    lost: int

    def publish(self, topic: str, message: Message) -> bool:
        """Send a message, without waiting; False when there is no room for it."""

    def consume(self, topic: str, hear: Hear) -> Stop:
        """Have `hear` called with every message that is published from now on.

        It is called from any thread and must not wait. What is given back ends it.
        """

    def close(self) -> None:
        """Publish and consume nothing any more."""


class Local:
    """Calls who consumes, within the process: a message costs a microsecond and no thread."""

    def __init__(self) -> None:
        self.lost = 0
        self._lock = threading.Lock()
        self._hearers: dict[str, tuple[Hear, ...]] = {}

    def publish(self, topic: str, message: Message) -> bool:
        """Call everyone who consumes the topic; what fails there is only logged."""
        for hear in self._hearers.get(topic, ()):
            listen(hear, message)
        return True

    def consume(self, topic: str, hear: Hear) -> Stop:
        """Call `hear` from now on, in the thread of whoever publishes."""
        with self._lock:
            self._hearers[topic] = (*self._hearers.get(topic, ()), hear)

        def stop() -> None:
            with self._lock:
                left = [one for one in self._hearers[topic] if one is not hear]
                self._hearers[topic] = tuple(left)

        return stop

    def close(self) -> None:
        """Forget who consumes."""
        self._hearers = {}


def listen(hear: Hear, message: Message) -> None:
    """Hand a message over; one hearer that fails harms no other."""
    try:
        hear(message)
    except Exception:  # pylint: disable=broad-except
        LOG.exception("a message cannot be heard")
