"""Metrics of what other commands found out, read from the files that they leave.

What no file says has no metric: an alert on it stays silent, and `absent()` can ask for it.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from prometheus_client import Metric
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from .. import findings, history
from . import quality
from .tally import Tally


class Records(Collector):
    """Reads each file again only when it has changed."""

    def __init__(
        self,
        folder: Path,
        tally: Tally,
        headline: tuple[str, bool],
        serving: Callable[[], str],
    ) -> None:
        self.folder = folder
        self.tally = tally
        self.headline = headline
        self.serving = serving
        self._seen: dict[Path, tuple[float, Any]] = {}

    def collect(self) -> Iterator[Metric]:
        """Give the metrics of time, drift, labels, performance and decisions."""
        version, metric = self.serving(), self.headline[0]
        trail = self._read(history.TRAIL, history.read) or []
        deployed = self._read(history.DEPLOYMENTS, history.read) or []
        drift = self._read(findings.DRIFT, findings.read_json) or {}
        measured = self._read(findings.PERFORMANCE, findings.read_performance)
        values = {
            "realised": findings.find_newest(measured),
            "estimated": (drift.get("estimate") or {}).get(metric),
            "expected": findings.find_promise(version, metric, trail, self.folder),
            "floor": findings.read_floor(self.folder),
        }
        yield self._tell_time()
        yield from quality.collect_drift(drift)
        yield from quality.collect_performance(values, self.headline)
        yield from quality.collect_labels(measured, self.folder)
        yield from _collect_trail(trail)
        yield from gauge(
            "ml_model_since_timestamp_seconds",
            "Since when the model that answers has done so.",
            history.find_start(version, trail, deployed),
        )
        yield from gauge(
            "ml_batch_timestamp_seconds",
            "When the newest batch of predictions was finished.",
            findings.find_batch(self.folder),
        )

    def _tell_time(self) -> Metric:
        """The log may replay another year: what is late or old is so by the log's clock."""
        return GaugeMetricFamily(
            "ml_log_time_seconds",
            "The log's clock: the time of its newest prediction, or else now.",
            self.tally.newest or time.time(),
        )

    def _read(self, name: Path, read: Callable[[Path], Any]) -> Any:
        """Give what a file holds, or what it held before when it cannot be read."""
        path = self.folder / name
        changed = path.stat().st_mtime if path.is_file() else 0.0
        if changed and self._seen.get(name, (0.0,))[0] != changed:
            found = read(path)
            if found is not None:
                self._seen[name] = (changed, found)
        return self._seen.get(name, (0.0, None))[1]


def gauge(name: str, text: str, value: Any) -> Iterator[Metric]:
    """Give a metric of one number, unless there is none."""
    if isinstance(value, int | float):
        yield GaugeMetricFamily(name, text, value)


def _collect_trail(trail: list[history.Line]) -> Iterator[Metric]:
    counts = Counter(str(line.get("decision")) for line in trail)
    decisions = CounterMetricFamily(
        "ml_decisions", "Lines of the audit trail.", labels=["decision"]
    )
    last = GaugeMetricFamily(
        "ml_decision_timestamp_seconds",
        "The log's time of the last decision of its kind.",
        labels=["decision"],
    )
    for decision in dict.fromkeys([*history.DECISIONS, *counts]):
        decisions.add_metric([decision], counts[decision])
    newest = {str(line.get("decision")): line["time"] for line in trail}
    for decision, moment in newest.items():
        last.add_metric([decision], moment)
    yield from (decisions, last)
