"""Count requests and predictions as they happen, at the cost of a microsecond each."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from threading import Lock
from typing import Any

# Upper ends in seconds: most around the millisecond that an answer takes.
BUCKETS = (
    *(0.00025, 0.0005, 0.001, 0.002, 0.003, 0.005),
    *(0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5),
)

Event = dict[str, Any]


class Tally:
    """Whole numbers and sums only: the library makes metrics of them when it is asked.

    Its own counters would cost a lock and a look-up for each label, four times a request.
    """

    def __init__(self, positive: str | None = None) -> None:
        self.requests: Counter[tuple[str, str]] = Counter()
        self.seconds = [0] * (len(BUCKETS) + 1)
        self.total_seconds = 0.0
        self.rows: Counter[tuple[str, str]] = Counter()
        self.answers: Counter[tuple[str, str]] = Counter()
        self.scores: defaultdict[str, float] = defaultdict(float)
        self.newest = 0.0
        self.lock = Lock()
        self._positive = positive

    def count(self, route: str, code: int, seconds: float) -> None:
        """Count one request; only predictions are timed, for the rest is for people."""
        with self.lock:
            self.requests[route, str(code)] += 1
            if route == "predict":
                self.seconds[bisect_left(BUCKETS, seconds)] += 1
                self.total_seconds += seconds

    def observe(self, events: Sequence[Event]) -> None:
        """Count the predictions of one request; one model answers all of its rows."""
        first = events[0]
        model, arm = first["model"], first["arm"]
        with self.lock:
            self.rows[model, arm] += len(events)
            self.newest = max(self.newest, first["time"])
            self.scores[model] += sum(map(self._score, events))
            if first.get("chances"):
                for event in events:
                    self.answers[model, event["prediction"]] += 1

    def _score(self, event: Event) -> float:
        """The number predicted, or the chance of the class looked for or else of the answer."""
        chances = event.get("chances")
        if not chances:
            return float(event["prediction"])
        return float(chances[self._positive or event["prediction"]])
