"""One model at the streams: it takes every input, and gives its answers to the scores."""

from pathlib import Path
from typing import Any

from ..release.challenger import Answer, Challenger
from ..release.settings import Shadow
from ..streams.bus import Bus, Message

INPUT, SCORES = "input", "scores"
SHED = "shed: too many rows are under way"


class Runner:
    """Asks a model in its own process, which is replaced when it ends or hangs.

    An input holds `to` (who waits for answers), `request`, `time`, `rows` and their `ids`.
    An answer has `to`, `request`, `place` (of its row), `id` and what `Challenger` hears.
    """

    def __init__(self, bus: Bus, name: str, package: Path, settings: Shadow) -> None:
        self.name, self.version = name, package.name
        self._bus = bus
        self.challenger = Challenger(package, self._hear, settings)
        self._stop = bus.consume(INPUT, self._ask)

    def close(self) -> None:
        """Hear no inputs any more and end the process."""
        self._stop()
        self.challenger.close()

    def _ask(self, message: Message) -> None:
        """Ask about each row; those for which there is no room have failed at once."""
        start = f"{message['to']} {message['request']}"
        named = zip(message["ids"], message["rows"], strict=True)
        shed = []
        for place, (own, row) in enumerate(named):
            key = f"{start} {place} {own}"
            if not self.challenger.ask(key, row):
                shed.append({"key": key, "error": SHED})
        if shed:
            self._hear(shed)

    def _hear(self, answers: list[Answer]) -> None:
        """Give answers to the scores, late ones as well."""
        said: dict[str, Any] = {
            "name": self.name,
            "model": self.version,
            "counts": dict(vars(self.challenger.counts)),
            "answers": [_address(item) for item in answers],
        }
        self._bus.publish(SCORES, said)


def _address(item: Answer) -> Answer:
    """Take the key apart again; a row's id may hold spaces."""
    to, request, place, own = item.pop("key").split(" ", 3)
    return {**item, "to": to, "request": request, "place": int(place), "id": own}
