"""What the other commands found out last, read from the files that they leave."""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import history, training

PERFORMANCE = Path("operations/performance.json")
DRIFT = Path("reports/drift.json")
REGISTRY = Path("mlflow.db")
# Where `make batch` and `make predict` leave their answers unless another place is named.
BATCHES = ("data/scores.parquet", "data/predictions.csv")
DAY = 86_400.0


@dataclass(frozen=True)
class Period:
    """What a version did in one period, on `rows` labelled predictions."""

    name: str
    model: str
    rows: int
    value: float | None


@dataclass(frozen=True)
class Performance:
    """The headline metric over time, and how labels come; delays are in seconds."""

    metric: str
    periods: list[Period] = field(default_factory=list)
    predictions: int = 0
    labelled: int = 0
    delays: dict[str, float] = field(default_factory=dict)

    @property
    def newest(self) -> Period | None:
        """The last period that tells; of two versions in it, the one with more rows."""
        told = [period for period in self.periods if period.value is not None]
        return max(told, key=lambda period: (period.name, period.rows), default=None)


def read_json(path: Path) -> dict[str, Any] | None:
    """Give what a file holds; None where there is none that can be read."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def read_performance(path: Path = PERFORMANCE) -> Performance | None:
    """Read what `make performance` measured; None before it ran, or where that is no measure."""
    found = read_json(path)
    try:
        return None if found is None else _read_performance(found)
    except (KeyError, TypeError, AttributeError):
        return None


def _read_performance(found: Mapping[str, Any]) -> Performance:
    metric, labels = str(found.get("headline")), found.get("labels", {})
    delays = labels.get("delay_days") or {}
    periods = [
        Period(item["period"], version, item["rows"], item.get(metric))
        for version, measured in found.get("versions", {}).items()
        for item in measured["periods"]
    ]
    return Performance(
        metric,
        sorted(periods, key=lambda period: (period.name, period.rows)),
        labels.get("predictions", 0),
        labels.get("labelled", 0),
        {name: days * DAY for name, days in delays.items()},
    )


def find_newest(measured: Performance | None) -> float | None:
    """Give the metric of the newest period that tells."""
    newest = measured.newest if measured else None
    return newest.value if newest else None


def read_floor(folder: Path = Path()) -> float | None:
    """Give the headline metric that conf/training.yaml asks for at least, if it does."""
    path = folder / training.PATH
    return training.read_training(path).gate.floor if path.is_file() else None


def find_batch(folder: Path = Path()) -> float | None:
    """Give when the newest batch of predictions was written, in s since 1970."""
    paths = [folder / name for name in BATCHES]
    return max((path.stat().st_mtime for path in paths if path.exists()), default=None)


def find_promise(
    version: str, metric: str, trail: list[history.Line], folder: Path = Path()
) -> float | None:
    """Give the metric that a version had before its release: by the trail, or the registry."""
    for line in reversed(trail):
        if line.get("decision") == "challenge" and line.get("version") == version:
            value = (line.get("evidence") or {}).get("holdout", {}).get(metric)
            return None if value is None else float(value)
    tags = read_tags(version, folder)
    try:
        return float(tags[metric])
    except (KeyError, ValueError):
        return None


def read_tags(version: str, folder: Path = Path()) -> dict[str, str]:
    """Give the tags of a version in this machine's registry, without importing mlflow."""
    path = folder / REGISTRY
    if not path.is_file():
        return {}
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            query = "SELECT key, value FROM model_version_tags WHERE version = ? AND name = ?"
            rows = database.execute(query, (version, __name__.partition(".")[0]))
            return dict(rows.fetchall())
    except sqlite3.Error:
        return {}
