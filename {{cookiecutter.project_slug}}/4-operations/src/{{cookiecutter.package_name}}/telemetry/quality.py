"""Metrics of drift, performance and labels."""

import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from prometheus_client import Metric
from prometheus_client.metrics_core import GaugeMetricFamily

from ..events import FOLDER, store
from ..findings import Performance
from ..history import read_time

# How far apart the newest prediction and the newest one with a label are.
LAG = """
SELECT (SELECT max(time) FROM answered) - (
    SELECT time FROM answered
    WHERE EXISTS (SELECT 1 FROM labels WHERE labels.id = answered.id)
    ORDER BY time DESC LIMIT 1
)
"""
TEXTS = {
    "realised": "The headline metric of the newest period with labels.",
    "estimated": "The headline metric of the last check, estimated without labels.",
    "expected": "The headline metric that the model had before its release.",
    "floor": "The headline metric below which no model may fall.",
}


def collect_drift(found: Mapping[str, Any]) -> Iterator[Metric]:
    """Give how far each column moved, and whether that is an alarm; none before a check."""
    if not found:
        return
    moved = GaugeMetricFamily(
        "ml_drift_moved", "Share of the rows of a column that moved.", labels=["column"]
    )
    alarm = GaugeMetricFamily(
        "ml_drift_column_alarm",
        "1 where a column passed a threshold.",
        labels=["column"],
    )
    for item in [*found.get("columns", []), *found.get("predictions", [])]:
        moved.add_metric([item["name"]], item["size"])
        alarm.add_metric([item["name"]], float(item["drifted"]))
    yield from (moved, alarm)
    numbers = {
        "score": ("Drift of all columns, each by its importance.", found.get("score")),
        "alarm": ("1 while the last check is an alarm.", found.get("alarm")),
        "rows": ("Rows of the last check.", found.get("rows")),
        "checked_timestamp_seconds": ("When drift was last checked.", _read(found)),
    }
    for name, (text, value) in numbers.items():
        if value is not None:
            yield GaugeMetricFamily(f"ml_drift_{name}", text, float(value))


def _read(found: Mapping[str, Any]) -> float | None:
    try:
        return read_time(found.get("time"))
    except (TypeError, ValueError):
        return None


def collect_performance(
    values: Mapping[str, float | None], headline: tuple[str, bool]
) -> Iterator[Metric]:
    """Give the headline metric as it is, as it is estimated and as it should be."""
    metric, more_is_better = headline
    for name, value in values.items():
        if value is None:
            continue
        family = GaugeMetricFamily(
            f"ml_performance_{name}", TEXTS[name], labels=["metric", "better"]
        )
        family.add_metric([metric, "more" if more_is_better else "less"], value)
        yield family


def collect_labels(measured: Performance | None, folder: Path) -> Iterator[Metric]:
    """Give how long labels take and how far they are behind."""
    lag = read_lag(folder / FOLDER)
    if lag is not None:
        text = "How far the newest labelled prediction is behind the newest one."
        yield GaugeMetricFamily("ml_label_lag_seconds", text, lag)
    if measured is None:
        return
    delay = GaugeMetricFamily(
        "ml_label_delay_seconds",
        "Time within which this share of the labels came.",
        labels=["share"],
    )
    for name, seconds in measured.delays.items():
        delay.add_metric([f"0.{name.removeprefix('p').rstrip('0')}"], seconds)
    yield delay
    yield GaugeMetricFamily(
        "ml_labelled_rows", "Predictions whose label is known.", measured.labelled
    )


def read_lag(folder: Path = FOLDER) -> float | None:
    """Give the lag in seconds; None without a label, or while the database is busy."""
    try:
        with store.reading(folder, patience=1) as log:
            found: float | None = log.execute(LAG).fetchone()[0]
            return found
    except sqlite3.Error:
        return None
