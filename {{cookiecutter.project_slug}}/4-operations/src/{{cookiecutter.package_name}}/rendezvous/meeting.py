"""The service's side: put every request to all models, and answer with one of theirs in time."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

import numpy as np

from ..live.state import CHAMPION, FALLBACK, Asked, Event, Service
from ..release.apart import collect, stand_in
from ..scoring import Scorer
from ..streams.bus import Bus, Message
from .board import Board, Item
from .lineup import Lineup
from .mailbox import Mailbox
from .metrics import Metrics
from .runner import INPUT, SCORES, SHED

# More rows are put to the models in a thread, so that others are answered meanwhile.
MANY_ROWS = 100


class Meeting:
    """Holds a mailbox for each request that waits; late answers are logged all the same.

    Source: Dunning and Friedman, Machine Learning Logistics (2017), ch. 3.
    """

    def __init__(self, service: Service, bus: Bus, lineup: Lineup) -> None:
        table = service.champion.table
        self.board = Board(table.positive if table.binary else None)
        self._service, self._bus, self._lineup = service, bus, lineup
        self.metrics = Metrics(self.board, lineup, bus)
        self._address = os.urandom(8).hex()
        self._count = count()
        self._boxes: dict[str, Mailbox] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        bus.consume(SCORES, self._hear)

    def choose(self, _key: str, champion: Scorer) -> tuple[str, Scorer]:
        """Let the champion read the rows; who answers is decided when answers come."""
        return CHAMPION, champion

    def describe(self) -> dict[str, Any]:
        """Say that no single challenger is tried."""
        return {"mode": "rendezvous", "models": sorted(self._lineup.runners)}

    def close(self) -> None:
        """End the models, then the streams."""
        self._lineup.close()
        self._bus.close()

    async def meet(
        self, asked: Asked, alone: Callable[[], Awaitable[np.ndarray]]
    ) -> np.ndarray:
        """Give the scores of whoever the schedule prefers; `alone` asks the champion here."""
        policy = self._lineup.policy
        plan = policy.plan(asked.key)
        inline = CHAMPION if policy.champion == "inline" else None
        waits = bool(plan) and plan[0][1][0] != inline
        to = f"{self._address}-{next(self._count):x}"
        box = Mailbox(len(asked.rows), asked.began)
        if waits:
            self._loop = asyncio.get_running_loop()
            self._boxes[to] = box
        try:
            await self._put(to, asked)
            name = await box.choose(plan, inline)
        finally:
            self._boxes.pop(to, None)
        if name is None or name == inline:
            asked.arm = FALLBACK if name is None and plan else CHAMPION
            return await alone()
        return _take(asked, name, box)

    def observe(self, events: list[Event]) -> None:
        """Note whose answer was given; what was scored here, nobody else notes."""
        here = events[0]["arm"] == FALLBACK or self._lineup.policy.champion == "inline"
        own = here and events[0]["model"] == self._service.champion.version
        self.board.observe(events, CHAMPION if own else None)

    async def _put(self, to: str, asked: Asked) -> None:
        """Put a request to all models: every one sees the same message."""
        message = {
            "to": to,
            "request": asked.request,
            "time": time.time(),
            "ids": asked.name_rows(),
            "rows": asked.rows,
        }
        if len(asked.rows) < MANY_ROWS:
            self._bus.publish(INPUT, message)
        else:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(None, self._bus.publish, INPUT, message)

    def _hear(self, message: Message) -> None:
        """Take answers, from any thread; those to other services are theirs."""
        own = [one for one in message["answers"] if one["to"].startswith(self._address)]
        self.board.hear(message, own)
        self._keep(message["model"], own)
        if self._boxes and self._loop:
            self._loop.call_soon_threadsafe(self._deliver, message, own)

    def _deliver(self, message: Message, items: list[Item]) -> None:
        for item in items:
            box = self._boxes.get(item["to"])
            if box:
                box.put(message["name"], message["model"], [item])

    def _keep(self, version: str, items: list[Item]) -> None:
        """Append answers to the event log; what was shed is only counted."""
        known = {"model": version, "time": time.time()}
        records = [{**item, **known} for item in items if item.get("error") != SHED]
        if self._service.log and records:
            self._service.log.extend("shadow", records)


def _take(asked: Asked, name: str, box: Mailbox) -> np.ndarray:
    """Give a model's answers as the scores that they are made of."""
    asked.arm, asked.scorer = name, stand_in(asked.champion, box.versions[name])
    return collect(box.whole[name], asked.champion.classes)
