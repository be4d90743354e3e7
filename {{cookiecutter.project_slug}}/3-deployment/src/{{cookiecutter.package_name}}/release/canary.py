"""A challenger that answers callers: in its own process, and only as long as it is quick.

A thread of the service cannot be ended, and what crashes in it takes the service along. So
the challenger is asked as a shadow is, and waited for: not longer than the deadline.
"""

import asyncio
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from ..scoring import Scorer
from ..scoring.encoder import Row
from .apart import collect, stand_in
from .challenger import Answer, Challenger
from .settings import Settings

LOG = logging.getLogger(__name__)

# Of one request: with more the way to another process takes too long.
MOST_ROWS = 1_000


class Missed(Exception):
    """There is no answer that a caller could be given."""


@dataclass
class _Box:
    """The answers to the rows of one request, as they come."""

    rows: int
    whole: asyncio.Future[list[Answer]]
    parts: dict[int, Answer] = field(default_factory=dict)


class Canary:
    """Asks for whole answers in time; what is none is a miss, and the champion's to answer.

    After so many misses in a row it is out: it is asked no more, and its process ends.
    """

    def __init__(self, package: Path, champion: Scorer, settings: Settings) -> None:
        self.scorer = stand_in(champion, package.name)
        self.missed, self.out = 0, False
        self._how, self._in_a_row, self._met = settings.canary, 0, False
        self._count, self._boxes = count(), dict[str, _Box]()
        self._loop: asyncio.AbstractEventLoop | None = None
        # Somebody waits: it does not stand back, and its rows are not gathered first.
        quick = replace(settings.shadow, nice=0)
        self.process = Challenger(package, self._hear, quick)
        self.process.pause = 0.0

    @property
    def met(self) -> bool:
        """Whether it has been there; until its first start nobody waits for it."""
        self._met = self._met or self.process.ready.is_set()
        return self._met

    def close(self) -> None:
        """End the process."""
        self.process.close()

    async def score(self, rows: Sequence[Row]) -> np.ndarray:
        """Give the scores of a request's rows, or raise `Missed`."""
        if len(rows) > MOST_ROWS:
            raise Missed(f"more than {MOST_ROWS} rows are not put to it")
        try:
            async with asyncio.timeout(self._how.deadline_ms / 1000):
                found = await self._ask(rows)
                scores = collect(found, self.scorer.classes)
                if not np.isfinite(scores).all():
                    raise Missed("the answer is not a number")
        except Exception as error:
            self._miss()
            late = f"no answer within {self._how.deadline_ms:g} ms"
            raise Missed(late if isinstance(error, TimeoutError) else error) from error
        self._in_a_row = 0
        return scores

    async def _ask(self, rows: Sequence[Row]) -> list[Answer]:
        """Ask about each row, and wait until all have an answer or one has none."""
        if not self.process.ready.is_set():
            raise Missed("its process is being started")
        self._loop = asyncio.get_running_loop()
        name = f"{next(self._count):x}"
        box = self._boxes[name] = _Box(len(rows), self._loop.create_future())
        try:
            for place, row in enumerate(rows):
                if not self.process.ask(f"{name} {place}", row):
                    raise Missed("too many rows are under way")
            return await box.whole
        finally:
            del self._boxes[name]

    def _hear(self, answers: list[Answer]) -> None:
        """Take answers, in the thread of the process's other side."""
        if self._boxes and self._loop:
            self._loop.call_soon_threadsafe(self._deliver, answers)

    def _deliver(self, answers: list[Answer]) -> None:
        for answer in answers:
            name, _, place = answer["key"].partition(" ")
            box = self._boxes.get(name)
            if box is None or box.whole.done():  # it is too late
                continue
            box.parts[int(place)] = answer
            if "error" in answer:
                box.whole.set_exception(Missed(answer["error"]))
            elif len(box.parts) == box.rows:
                box.whole.set_result([box.parts[own] for own in range(box.rows)])

    def _miss(self) -> None:
        """Count a miss; the last one of too many takes the canary out, and says so once."""
        self.missed += 1
        self._in_a_row += 1
        if self._in_a_row < self._how.misses or self.out:
            return
        self.out = True
        LOG.error(
            "version %s is taken out: it missed %d requests in a row; the champion answers "
            "until the alias names another version or the service is started again",
            self.scorer.version,
            self._in_a_row,
        )
        threading.Thread(target=self.close, name="canary", daemon=True).start()

    def describe(self) -> dict[str, Any]:
        """Say what became of the requests that it should answer."""
        return {"missed": self.missed, "out": self.out}
