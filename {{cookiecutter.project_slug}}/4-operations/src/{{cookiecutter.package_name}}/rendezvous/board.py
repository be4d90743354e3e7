"""What became of the questions to each model, how long it took, and what it said."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from ..streams.bus import Message
from .distribution import Distribution

# Scores that are compared: at least these, at most twice as many.
WINDOW = 5_000

Item = dict[str, Any]


@dataclass
class Record:
    """What is known of one model since this process started; latency in seconds."""

    version: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    latency: Distribution = field(default_factory=Distribution)
    first: Distribution = field(default_factory=Distribution)
    _before: Distribution = field(default_factory=Distribution)
    _newest: Distribution = field(default_factory=Distribution)

    @property
    def scores(self) -> Distribution:
        """The scores of late."""
        return self._before + self._newest

    def note(self, latency: float, score: float) -> None:
        """Note one answer."""
        self.latency.add(latency)
        self._newest.add(score)
        if self.first.total < WINDOW:
            self.first.add(score)
        if self._newest.total == WINDOW:
            self._before, self._newest = self._newest, Distribution()


class Board:
    """Keeps a record of each model by its name; a new version begins a new one."""

    def __init__(self, positive: str | None = None) -> None:
        self.lock = Lock()
        self.records: dict[str, Record] = {}
        self.chosen: Counter[str] = Counter()
        self._positive = positive

    def hear(self, message: Message, items: Iterable[Item]) -> None:
        """Note the answers that a model gave to the scores."""
        with self.lock:
            record = self._find(message["name"], message["model"])
            record.counts = message["counts"]
            self._note(record, items)

    def observe(self, events: list[Item], name: str | None) -> None:
        """Note whose answer was given, and the answers themselves where `name` gave them."""
        with self.lock:
            self.chosen[events[0]["arm"]] += 1
            if name:
                self._note(self._find(name, events[0]["model"]), events)

    def measure_shift(self, canary: str | None) -> dict[str, float]:
        """Say how far each model's scores are from the canary's: 0 to 1.

        The canary itself is compared with its own first scores: when it moves the inputs
        have moved, for it never changes.
        """
        base = self.records.get(canary or "")
        if base is None:
            return {}
        now = base.scores
        return {
            name: record.scores.gap(record.first if name == canary else now)
            for name, record in self.records.items()
        }

    def _find(self, name: str, version: str) -> Record:
        record = self.records.get(name)
        if record is None or record.version != version:
            record = self.records[name] = Record(version)
        return record

    def _note(self, record: Record, items: Iterable[Item]) -> None:
        for item in items:
            if "error" not in item:
                record.note(item["latency"] / 1000, self._score(item))

    def _score(self, item: Item) -> float:
        """The number predicted, or the chance of the class looked for or else of the answer."""
        chances = item.get("chances")
        if not chances:
            return float(item["prediction"])
        return float(chances[self._positive or item["prediction"]])
