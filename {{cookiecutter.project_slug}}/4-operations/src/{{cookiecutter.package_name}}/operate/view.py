"""What the loop looks at before it decides."""

import json
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd

from .. import aliases, events
from ..events import query, store
from ..refusal import Refusal
from ..table import Table
from ..truth import measure
from . import reference, trail
from .pending import CHALLENGER, CHAMPION
from .reference import Drift
from .settings import Operations
from .trail import Entry

DAY = 86_400.0
PACKAGES = Path("packages")


@dataclass(frozen=True)
class View:
    """The state of things at `now` (seconds since 1970)."""

    now: float
    champion: str
    challenger: str | None
    entries: list[Entry]
    headline: str
    more_is_better: bool
    days_since_training: float
    training: str = "the last training"
    new_labels: int = 0
    promised: float | None = None
    recent: float | None = None
    recent_rows: int = 0
    drift: Drift = Drift()


def read_now(entries: list[Entry], folder: Path = events.FOLDER) -> float:
    """Give the latest time that anything here knows of.

    A clock that was set back must not make an age negative, nor undo a cool-down.
    """
    decided = [entry.seconds for entry in entries]
    return max([time.time(), _read_last_event(folder), *decided])


def _read_last_event(folder: Path) -> float:
    with store.reading(folder) as connection:
        last = connection.execute("SELECT max(time) FROM predictions").fetchone()[0]
    return float(last or 0.0)


def look(table: Table, settings: Operations, now: float, folder: Path) -> View:
    """Look at the registry, the trail, the labels and the drift."""
    champion = aliases.find(CHAMPION)
    if champion is None:
        raise Refusal("There is no champion to look after yet; run `make pipeline`.")
    entries = trail.read()
    learned = _find_learned(entries, champion)
    trained, training = _find_training(entries, champion, now, learned)
    headline, more_is_better = table.headline
    recent, rows = _measure_recent(table, settings, champion, now, folder)
    return View(
        now=now,
        champion=champion,
        challenger=aliases.find(CHALLENGER),
        entries=entries,
        headline=headline,
        more_is_better=more_is_better,
        days_since_training=max(0.0, now - trained) / DAY,
        training=training,
        new_labels=_count_labels(learned, now, folder),
        promised=_read_promise(entries, champion, headline),
        recent=recent,
        recent_rows=rows,
        drift=_look_at_drift(table, settings, champion, (learned, now), folder),
    )


def _look_at_drift(
    table: Table,
    settings: Operations,
    champion: str,
    span: tuple[float, float],
    folder: Path,
) -> Drift:
    """Check what was asked of late; what was there before the last round was answered by it."""
    begin, now = span
    if not settings.triggers.drift:
        return Drift()
    since = max(begin, now - settings.triggers.drift_days * DAY)
    return reference.check(champion, since, now, table, folder)


def _find_learned(entries: list[Entry], champion: str) -> float:
    """When the last round of challengers began, or else until when the champion's rows reach."""
    last = trail.find_last(entries, "challenge")
    if last is None:
        return read_span_end(champion) or _find_package(champion).stat().st_mtime
    return datetime.fromisoformat(last.evidence["round"]).timestamp()


def _find_training(
    entries: list[Entry], champion: str, now: float, learned: float
) -> tuple[float, str]:
    """When somebody trained last, by the clock of `now`, and what tells it.

    A model that was made today of rows of another year is a new one. In a replayed year it
    was registered after `now`: there the end of its rows counts.
    """
    if trail.find_last(entries, "challenge"):
        return learned, "the last retraining began"
    end, registered = read_span_end(champion), aliases.find_registration(champion)
    if registered is not None and (end or 0.0) < registered <= now:
        return registered, f"version {champion} was registered"
    return learned, f"the last row that version {champion} learned from"


def read_span_end(version: str) -> float | None:
    """Until when the rows reach that a version has learned from; None where no time is known."""
    about = json.loads(_find_package(version).read_text("utf-8"))
    span = about.get("trained_on")
    return float(pd.Timestamp(span[1]).timestamp()) if isinstance(span, list) else None


def _find_package(version: str) -> Path:
    """Give what the champion's package says of it."""
    about = PACKAGES / version / "about.json"
    if not about.is_file():
        raise Refusal(
            f"Version {version}, the champion, has no package; run `make package`."
        )
    return about


def _count_labels(since: float, now: float, folder: Path) -> int:
    times = query.read_labels(folder)["time"]
    return int(((times > since) & (times <= now)).sum())


def _measure_recent(
    table: Table, settings: Operations, champion: str, now: float, folder: Path
) -> tuple[float | None, int]:
    """The champion's headline metric on the labels of the last days, and their number."""
    since = now - settings.triggers.performance_days * DAY
    joined = query.join_labels(since, now, champion, folder)
    joined = joined[joined["label_time"] <= now]
    if len(joined) < settings.comparison.min_rows:
        return None, len(joined)
    return measure.score(joined, table)[table.headline[0]], len(joined)


def _read_promise(entries: list[Entry], version: str, headline: str) -> float | None:
    """What the gate measured of a version before it was released."""
    for entry in entries:
        if entry.decision == "challenge" and entry.version == version:
            found: float | None = entry.evidence.get("holdout", {}).get(headline)
            return found
    return None
