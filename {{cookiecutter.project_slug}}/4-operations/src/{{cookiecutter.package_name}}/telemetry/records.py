"""Metrics of what other commands found out, read from the files that they leave.

What a file does not say, or no file says, has no metric: an alert on it stays silent, and
`absent()` can ask for it.
"""

import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from prometheus_client import Metric
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from .. import history
from .tally import Tally

# The names that drift/, truth/ and operate/ give them.
DRIFT = Path("reports/drift.json")
PERFORMANCE = Path("operations/performance.json")

DECISIONS = ("retrain", "promote", "reject", "rollback", "hold", "alarm", "failure")


class Records(Collector):
    """Reads each file again only when it has changed."""

    def __init__(self, folder: Path, tally: Tally) -> None:
        self.folder = folder
        self.tally = tally
        self._seen: dict[Path, tuple[float, Any]] = {}

    def collect(self) -> Iterator[Metric]:
        """Give the metrics of drift, performance and decisions."""
        yield self._tell_time()
        yield from _collect_drift(self._read(DRIFT))
        yield from _collect_performance(self._read(PERFORMANCE))
        yield from _collect_trail(self._read(history.TRAIL) or [])

    def _tell_time(self) -> Metric:
        """The log may replay another year: what is late or old is so by the log's clock."""
        return GaugeMetricFamily(
            "ml_log_time_seconds",
            "The log's clock: the time of its newest prediction, or else now.",
            self.tally.newest or time.time(),
        )

    def _read(self, name: Path) -> Any:
        """Give what a file holds; one that is half written, or gone, counts as before."""
        path = self.folder / name
        try:
            changed = path.stat().st_mtime
            if self._seen.get(name, (0.0,))[0] != changed:
                read = history.read if name.suffix == ".jsonl" else _read_json
                self._seen[name] = (changed, read(path))
        except (OSError, ValueError):
            pass
        return self._seen.get(name, (0.0, None))[1]


def _read_json(path: Path) -> Any:
    found = json.loads(path.read_text("utf-8"))
    return found if isinstance(found, Mapping) else None


def _gauge(name: str, text: str, value: Any) -> Iterator[Metric]:
    """Give a metric of one number, unless there is none."""
    if isinstance(value, int | float):
        yield GaugeMetricFamily(name, text, value)


def _collect_drift(found: Mapping[str, Any] | None) -> Iterator[Metric]:
    if found is None:
        return
    score = GaugeMetricFamily(
        "ml_drift_score", "Effect size of a column's drift.", labels=["column"]
    )
    alarm = GaugeMetricFamily(
        "ml_drift_alarm", "1 where a column's drift is an alarm.", labels=["column"]
    )
    for item in found.get("columns", []):
        if isinstance(item.get("score"), int | float):
            score.add_metric([item["column"]], item["score"])
        alarm.add_metric([item["column"]], float(bool(item.get("alarm"))))
    yield from (score, alarm)
    yield from _gauge("ml_drift_alarmed", "1 while drift is an alarm.", found.get("alarm"))
    yield from _gauge("ml_drift_rows", "Rows of the last check.", found.get("rows"))
    yield from _gauge(
        "ml_drift_checked_timestamp_seconds",
        "The log's time of the last check of drift.",
        found.get("time"),
    )


def _collect_performance(found: Mapping[str, Any] | None) -> Iterator[Metric]:
    if found is None:
        return
    metric, better = str(found.get("metric")), str(found.get("better"))
    periods = found.get("periods", [])
    values = {
        "realised": history.find_last(periods, "realised"),
        "estimated": history.find_last(periods, "estimated"),
        "expected": found.get("expected"),
        "floor": found.get("floor"),
    }
    for name, value in values.items():
        if isinstance(value, int | float):
            family = GaugeMetricFamily(
                f"ml_performance_{name}", TEXTS[name], labels=["metric", "better"]
            )
            family.add_metric([metric, better], value)
            yield family
    yield from _gauge(
        "ml_label_lag_seconds",
        "How far the newest labelled prediction is behind the newest one.",
        found.get("lag"),
    )
    yield from _collect_delay(found.get("label_delay") or {})


TEXTS = {
    "realised": "The headline metric of the newest period with labels.",
    "estimated": "The headline metric of the newest period, estimated without labels.",
    "expected": "The headline metric on the validation part, when the model was trained.",
    "floor": "The headline metric below which no model may fall.",
}


def _collect_delay(delay: Mapping[str, Any]) -> Iterator[Metric]:
    family = GaugeMetricFamily(
        "ml_label_delay_seconds",
        "Time within which this share of the labels came.",
        labels=["share"],
    )
    for name, share in (("median", "0.5"), ("p90", "0.9")):
        if isinstance(delay.get(name), int | float):
            family.add_metric([share], delay[name])
    yield family


def _collect_trail(trail: list[dict[str, Any]]) -> Iterator[Metric]:
    counts = Counter(str(line.get("decision")) for line in trail)
    decisions = CounterMetricFamily(
        "ml_decisions", "Lines of the audit trail.", labels=["decision"]
    )
    last = GaugeMetricFamily(
        "ml_decision_timestamp_seconds",
        "The log's time of the last decision of its kind.",
        labels=["decision"],
    )
    for decision in dict.fromkeys([*DECISIONS, *counts]):
        decisions.add_metric([decision], counts[decision])
    newest = {str(line.get("decision")): line["time"] for line in trail}
    for decision, moment in newest.items():
        last.add_metric([decision], moment)
    yield from (decisions, last)
