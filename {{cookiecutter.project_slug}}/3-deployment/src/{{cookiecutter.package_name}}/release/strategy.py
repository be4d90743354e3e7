"""Try a challenger beside the champion: shadow, canary or A/B, as conf/release.yaml says."""

import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from .. import table
from ..events import EventLog
from ..refusal import Refusal
from ..scoring import Scorer, manifest
from ..scoring.encoder import Row
from .buckets import is_chosen
from .canary import Canary, Missed
from .challenger import Answer, Challenger
from .settings import Settings

LOG = logging.getLogger(__name__)

CHAMPION, CHALLENGER, FALLBACK = "champion", "challenger", "fallback"

Event = dict[str, Any]


class Asked(Protocol):
    """What is needed of a request; see `live.state`."""

    rows: list[Row]
    arm: str
    scorer: Scorer

    def fall_back(self, error: Exception) -> None:
        """Let the champion answer."""


class Release:
    """Chooses who answers a request, and lets a shadow look on; neither ever waits.

    A challenger has a process of its own. In canary and A/B it answers callers, and where it
    does not in time the champion does. Without a challenger every mode is `champion`.
    """

    def __init__(self, settings: Settings, log: EventLog | None) -> None:
        self.settings = settings
        self._log = log
        self._canary: Canary | None = None
        self._shadow: Challenger | None = None
        self._version: str | None = None

    @property
    def version(self) -> str | None:
        """The version that is tried now."""
        return self._version

    @property
    def shadow(self) -> Challenger | None:
        """The challenger in its own process, in shadow mode."""
        return self._shadow

    def choose(self, key: str, champion: Scorer) -> tuple[str, Scorer]:
        """Give the arm of a key and its model; the same key always gets the same arm."""
        strategy, canary = self.settings.strategy, self._canary
        if not canary or not is_chosen(strategy.salt, key, strategy.share):
            return CHAMPION, champion
        if canary.out:  # still the challenger's part, for whoever judges the test
            return FALLBACK, champion
        return (CHALLENGER, canary.scorer) if canary.met else (CHAMPION, champion)

    async def meet(
        self, asked: Asked, alone: Callable[[], Awaitable[np.ndarray]]
    ) -> np.ndarray:
        """Give the challenger's scores where it is its turn; where it misses, the champion's."""
        canary = self._canary
        if asked.arm != CHALLENGER:
            return await alone()
        try:
            if canary is None or canary.scorer is not asked.scorer:
                raise Missed("it was taken back")
            return await canary.score(asked.rows)
        except Missed as error:
            asked.fall_back(error)
        return await alone()

    def observe(self, events: list[Event]) -> None:
        """Show the shadow what was asked; see `live.state` for the events."""
        shadow = self._shadow
        if shadow:
            for event in events:
                shadow.ask(f"{event['request']} {event['id']}", event["inputs"])

    def replace(self, package: Path | None, champion: Scorer) -> None:
        """Try the model of another package from now on, or none; loading may take a second."""
        mode = self.settings.strategy.mode
        self.close()
        if package is None or mode == "champion":
            return
        check_table(package, champion)
        if mode == "shadow":
            version = package.name
            self._shadow = Challenger(
                package, lambda found: self._keep(version, found), self.settings.shadow
            )
        else:
            self._canary = Canary(package, champion, self.settings)
        self._version = package.name
        LOG.info("%s: version %s is tried", mode, package.name)

    def close(self) -> None:
        """Try nothing any more."""
        tried = [one for one in (self._shadow, self._canary) if one]
        self._shadow = self._canary = self._version = None
        for one in tried:
            one.close()

    def describe(self) -> dict[str, Any]:
        """Say what is tried, and how it keeps up."""
        mode, canary = self.settings.strategy.mode, self._canary
        said: dict[str, Any] = {"mode": mode, "challenger": self._version}
        if canary:
            said["canary"] = canary.describe()
        process = canary.process if canary else self._shadow
        return said | ({"shadow": asdict(process.counts)} if process else {})

    def _keep(self, version: str, answers: list[Answer]) -> None:
        """Append a shadow's answers to the event log."""
        records = []
        for item in answers:
            request, _, name = item.pop("key").partition(" ")
            known = {"id": name, "request": request, "model": version}
            records.append({**known, "time": time.time(), **item})
        if self._log:
            self._log.extend("shadow", records)


def check_table(package: Path, champion: Scorer) -> None:
    """Refuse a challenger that reads or predicts something else than the champion."""
    ours, theirs = champion.table, table.read_table(package / manifest.TABLE)
    if _describe(ours) != _describe(theirs):
        raise Refusal(
            f"Version {package.name} cannot be tried beside version {champion.version}: "
            "it is a model of another table."
        )


def _describe(described: table.Table) -> tuple[object, ...]:
    """What two models must share to answer the same question."""
    columns = [(column.name, column.kind) for column in described.columns]
    return described.task, described.target, described.classes, columns
