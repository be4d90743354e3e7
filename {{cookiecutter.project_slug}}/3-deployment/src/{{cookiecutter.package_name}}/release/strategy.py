"""Try a challenger beside the champion: shadow, canary or A/B, as conf/release.yaml says."""

import logging
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .. import scoring, table
from ..events import EventLog
from ..refusal import Refusal
from ..scoring import Scorer, manifest
from .buckets import is_chosen
from .challenger import Answer, Challenger
from .settings import Settings

LOG = logging.getLogger(__name__)

CHAMPION, CHALLENGER = "champion", "challenger"

Event = dict[str, Any]


class Release:
    """Chooses who answers a request, and lets a shadow look on; neither ever waits.

    A shadow answers in its own process. In canary and A/B the challenger must answer the
    caller: it is loaded here, and where it fails the champion answers. Without a
    challenger every mode is `champion`.
    """

    def __init__(self, settings: Settings, log: EventLog | None) -> None:
        self.settings = settings
        self._log = log
        self._scorer: Scorer | None = None
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
        strategy, scorer = self.settings.strategy, self._scorer
        if scorer and is_chosen(strategy.salt, key, strategy.share):
            return CHALLENGER, scorer
        return CHAMPION, champion

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
            self._scorer = scoring.load(package)
        self._version = package.name
        LOG.info("%s: version %s is tried", mode, package.name)

    def close(self) -> None:
        """Try nothing any more."""
        shadow, self._shadow = self._shadow, None
        self._scorer = self._version = None
        if shadow:
            shadow.close()

    def describe(self) -> dict[str, Any]:
        """Say what is tried, and how the shadow keeps up."""
        said = {"mode": self.settings.strategy.mode, "challenger": self._version}
        return said | ({"shadow": asdict(self._shadow.counts)} if self._shadow else {})

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
