"""Score the rows of many requests at once, for models that need long for the first row.

While one batch is scored in a thread, the requests that come in make up the next one. There
is no timer: a lonely request does not wait, and the batches grow with the load by themselves.
This is "natural batching", as in
https://mechanical-sympathy.blogspot.com/2011/10/smart-batching.html
"""

import asyncio
from asyncio import Future
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from ..scoring import Scorer
from .reader import Row
from .state import check

Waiting = tuple[Scorer, Sequence[Row], Future[np.ndarray]]


class Batches:
    """One for each event loop; batches are scored one after the other."""

    def __init__(self, most_rows: int) -> None:
        self._most_rows = most_rows
        self._waiting: list[Waiting] = []
        self._worker: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="batches")

    async def score(self, scorer: Scorer, rows: Sequence[Row]) -> np.ndarray:
        """Give the scores of these rows, or raise what the model raised at them."""
        loop = asyncio.get_running_loop()
        found: Future[np.ndarray] = loop.create_future()
        self._waiting.append((scorer, rows, found))
        if self._worker is None:
            self._worker = loop.create_task(self._work())
        return await found

    async def _work(self) -> None:
        """Score batch after batch until nobody waits."""
        loop = asyncio.get_running_loop()
        while self._waiting:
            await loop.run_in_executor(self._thread, _score, self._take(), loop)
        self._worker = None

    def _take(self) -> list[Waiting]:
        """Take those who wait for the model of the first one, up to as many rows as may be."""
        scorer, rows = self._waiting[0][0], 0
        batch: list[Waiting] = []
        rest: list[Waiting] = []
        for waiting in self._waiting:
            fits = not batch or rows + len(waiting[1]) <= self._most_rows
            if waiting[0] is scorer and fits:
                batch.append(waiting)
                rows += len(waiting[1])
            else:
                rest.append(waiting)
        self._waiting = rest
        return batch


def _score(batch: list[Waiting], loop: asyncio.AbstractEventLoop) -> None:
    """Score a batch in one go; when that fails each request gets what is its own."""
    found: list[np.ndarray | Exception]
    try:
        rows = [row for _, asked, _ in batch for row in asked]
        found = list(_cut(check(batch[0][0].score_rows(rows)), batch))
    except Exception:  # pylint: disable=broad-except
        found = [_try(scorer, asked) for scorer, asked, _ in batch]
    for (_, _, waiting), scores in zip(batch, found, strict=True):
        loop.call_soon_threadsafe(_hand_over, waiting, scores)


def _cut(scores: np.ndarray, batch: list[Waiting]) -> Iterator[np.ndarray]:
    start = 0
    for _, asked, _ in batch:
        yield scores[start : start + len(asked)]
        start += len(asked)


def _try(scorer: Scorer, rows: Sequence[Row]) -> np.ndarray | Exception:
    try:
        return check(scorer.score_rows(rows))
    except Exception as error:  # pylint: disable=broad-except
        return error


def _hand_over(waiting: Future[np.ndarray], scores: np.ndarray | Exception) -> None:
    """Give a request its scores, unless its client has gone."""
    if waiting.done():
        return
    if isinstance(scores, Exception):
        waiting.set_exception(scores)
    else:
        waiting.set_result(scores)
