"""What the service knows while it runs: the champion, who else answers, who looks on."""

import logging
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from pydantic_core import to_json

from ..contract import make_example_row
from ..events import EventLog
from ..scoring import Scorer
from .reader import Reader, Row
from .settings import Serving

LOG = logging.getLogger(__name__)

CHAMPION, FALLBACK = "champion", "fallback"

Event = dict[str, Any]
# Called with the events of one request before its answer is sent: it must not wait.
Observer = Callable[[list[Event]], None]


class Strategy(Protocol):
    """Decides which model answers; see `release`."""

    def choose(self, key: str, champion: Scorer) -> tuple[str, Scorer]:
        """Give the arm of a key and its model; the same key always gets the same arm.

        Called once for each request, on the event loop: it must not wait. The rows were
        read as the champion's table says.
        """


class Unsound(Exception):
    """A model that answered with something that is no number."""


@dataclass(frozen=True)
class Seat:
    """The champion with what reads its rows: they change together, in one move."""

    champion: Scorer
    reader: Reader

    def probe(self) -> None:
        """Ask the champion for an example's prediction, and raise what it raises."""
        example = to_json(make_example_row(self.champion.table))
        check(self.champion.score_rows(self.reader.read(example)))


@dataclass(slots=True)
class Asked:
    """A request that was read: its rows, and the model that will answer them."""

    rows: list[Row]
    champion: Scorer
    arm: str
    scorer: Scorer
    request: str
    began: float
    key: str = ""

    def name_rows(self) -> list[Any]:
        """Give each row's id; one that has none is named after the request."""
        name = self.champion.table.id
        ids = [row[name] if name else None for row in self.rows]
        return [
            f"{self.request}-{place}" if own is None else own
            for place, own in enumerate(ids)
        ]

    def fall_back(self, error: Exception) -> None:
        """Let the champion answer for a model that cannot."""
        if self.scorer is self.champion:
            raise error
        fault = "version %s fails, the champion answers: %s"
        LOG.error(fault, self.scorer.version, error)
        self.arm, self.scorer = FALLBACK, self.champion


# Lets several models score a request: the second argument scores it by the chosen one alone.
Panel = Callable[[Asked, Callable[[], Awaitable[np.ndarray]]], Awaitable[np.ndarray]]


@dataclass
class Service:
    """One for each process. `log` and `observers` get an event for each row.

    `key_header` names the header, in lower case, that says who asks. `closers` are called
    when no request comes any more, before the log is closed.

    An event holds id, request, time (s since 1970), model (its version), arm, inputs,
    prediction, chances (for classes) and latency (ms).
    """

    settings: Serving = field(default_factory=Serving)
    strategy: Strategy | None = None
    key_header: bytes = b"x-key"
    log: EventLog | None = None
    observers: list[Observer] = field(default_factory=list)
    panel: Panel | None = None
    closers: list[Callable[[], None]] = field(default_factory=list)
    _seat: Seat | None = None

    @property
    def champion(self) -> Scorer:
        """The model that answers unless a strategy says otherwise."""
        return self.seat.champion

    @property
    def seat(self) -> Seat:
        """The champion and its reader, as one: read it once for each request."""
        assert self._seat, "crown a champion first"
        return self._seat

    def probe(self) -> None:
        """Raise what the champion raises when it is asked."""
        self.seat.probe()

    def crown(self, champion: Scorer) -> None:
        """Let a model reign from the next request on; those in work end with the old one."""
        reader = Reader(champion.table, self.settings.limits.most_rows)
        seat = Seat(champion, reader)
        # The first answer of a model is its slowest, and a broken one fails here.
        seat.probe()
        self._seat = seat

    def accept(self, body: bytes, request: str, key: str, began: float) -> Asked:
        """Read a body and choose who answers, or raise `Unreadable`.

        Without a key the first row's id decides, and without an id the request's.
        """
        seat = self.seat
        rows, champion = seat.reader.read(body), seat.champion
        asked = Asked(rows, champion, CHAMPION, champion, request, began)
        if self.strategy:
            name = champion.table.id
            key = key or str((name and rows[0].get(name)) or request)
            asked.arm, asked.scorer = self.strategy.choose(key, champion)
            asked.key = key
        return asked

    def conclude(self, asked: Asked, scores: np.ndarray) -> bytes:
        """Put scores into the answer's JSON, and tell those who look on before it is sent."""
        answers = asked.scorer.word(scores)
        if self.log or self.observers:
            self._tell(asked, answers)
        name = asked.champion.table.id
        if name:
            for row, answer in zip(asked.rows, answers, strict=True):
                if row[name] is not None:
                    answer["id"] = row[name]
        model = {"name": asked.scorer.name, "version": asked.scorer.version}
        return to_json({"model": model, "predictions": answers})

    def _tell(self, asked: Asked, answers: list[dict[str, Any]]) -> None:
        """Make the events of a request and hand them over; what fails is only logged."""
        same = {
            "request": asked.request,
            "time": time.time(),
            "model": asked.scorer.version,
            "arm": asked.arm,
            "latency": (time.perf_counter() - asked.began) * 1000,
        }
        named = zip(asked.name_rows(), asked.rows, answers, strict=True)
        events = [
            {"id": own, **same, "inputs": row, **answer} for own, row, answer in named
        ]
        if self.log:
            self.log.extend("prediction", events)
        for observe in self.observers:
            try:
                observe(events)
            except Exception:  # pylint: disable=broad-except
                LOG.exception("an observer fails")


def check(scores: np.ndarray) -> np.ndarray:
    """Give the scores back when each is a finite number."""
    if not math.isfinite(scores.sum()):
        raise Unsound("the model answers with something that is no number")
    return scores
