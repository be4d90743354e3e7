"""The answers to one request, as they come, and the choice between them."""

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

Item = dict[str, Any]
Plan = list[tuple[float, list[str]]]


class Mailbox:
    """Collects the answers of every model to the rows of one request, on the event loop.

    An answer counts once it is whole; one row that fails makes all of it fail.
    """

    def __init__(self, rows: int, began: float) -> None:
        self.whole: dict[str, list[Item]] = {}
        self.versions: dict[str, str] = {}
        self._rows, self._began = rows, began
        self._parts: dict[str, dict[int, Item]] = {}
        self._failed: set[str] = set()
        self._news = asyncio.Event()

    def put(self, name: str, version: str, items: Iterable[Item]) -> None:
        """Take rows in that a model has answered, or failed to."""
        parts = self._parts.setdefault(name, {})
        self.versions[name] = version
        for item in items:
            if "error" in item:
                self._failed.add(name)
            parts[item["place"]] = item
        if len(parts) == self._rows and name not in self._failed:
            self.whole[name] = [parts[place] for place in range(self._rows)]
        self._news.set()

    async def choose(self, plan: Plan, inline: str | None = None) -> str | None:
        """Name whose answer is taken; None when nobody's came in time.

        `inline` is always ready. A step ends early when all whom it accepts have failed.
        """
        for until, accepted in plan:
            while True:
                for name in accepted:
                    if name == inline or name in self.whole:
                        return name
                left = self._began + until - time.perf_counter()
                if left <= 0 or self._failed.issuperset(accepted):
                    break
                self._news.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(left):
                        await self._news.wait()
        return None
