"""Metrics of the service's own state: the model that answers and the log of events."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from prometheus_client import Metric
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

# The journal, and the outbox of what goes to Kafka.
JOURNALS = "events/**/journal/*-*"


class Model(Protocol):
    """What answers requests."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def version(self) -> str:
        """The number that the registry gave it."""

    @property
    def kind(self) -> str:
        """How it is run: onnx or sklearn."""


class Log(Protocol):
    """What keeps the events."""

    @property
    def lost(self) -> int:
        """Records that found no room."""

    @property
    def healthy(self) -> bool:
        """Whether records are kept and moved."""


class Tried(Protocol):
    """What tries a challenger; see `release.strategy`."""

    def describe(self) -> dict[str, Any]:
        """Say what is tried, and how it keeps up."""


class Watched(Protocol):
    """What is asked of the service."""

    @property
    def champion(self) -> Model:
        """The model that answers now."""

    @property
    def log(self) -> Log | None:
        """The log of events, if they are recorded."""

    @property
    def strategy(self) -> Any:
        """What tries a challenger, if any is."""


class Serving(Collector):
    """Asks the service each time for what it has at that moment."""

    def __init__(self, service: Watched, folder: Path) -> None:
        self.service = service
        self.folder = folder

    def collect(self) -> Iterator[Metric]:
        """Give the metrics of the model and of the event log."""
        model = self.service.champion
        info = GaugeMetricFamily(
            "ml_model_info",
            "1 for the model that answers now.",
            labels=["name", "version", "kind"],
        )
        info.add_metric([model.name, model.version, model.kind], 1)
        yield info
        if self.service.log:
            yield from self._collect_log(self.service.log)
        yield from _collect_challenger(self.service.strategy)

    def _collect_log(self, log: Log) -> Iterator[Metric]:
        yield CounterMetricFamily(
            "ml_events_lost", "Events that found no room on the disk.", log.lost
        )
        yield GaugeMetricFamily(
            "ml_events_healthy", "1 while events are kept and moved.", log.healthy
        )
        yield GaugeMetricFamily(
            "ml_events_waiting_bytes",
            "Events that are kept and not yet in the database, or not yet delivered.",
            sum(_size(path) for path in self.folder.glob(JOURNALS)),
        )


def _collect_challenger(strategy: Tried | None) -> Iterator[Metric]:
    """Give what became of the rows that a challenger was shown, and how it keeps up."""
    said = strategy.describe() if strategy else {}
    counts: dict[str, int] = said.get("shadow", {})
    if not counts:
        return
    model = str(said["challenger"])
    rows = CounterMetricFamily(
        "ml_shadow_rows", "Rows that a challenger should answer.", labels=["model"]
    )
    rows.add_metric([model], counts["asked"] + counts["shed"])
    answers = CounterMetricFamily(
        "ml_shadow_answers",
        "What became of them; a late answer has failed before.",
        labels=["model", "outcome"],
    )
    for outcome in ("answered", "failed", "shed", "late"):
        answers.add_metric([model, outcome], counts[outcome])
    restarts = CounterMetricFamily(
        "ml_shadow_restarts", "Times its process was started anew.", labels=["model"]
    )
    restarts.add_metric([model], max(0, counts["started"] - 1))
    yield from (rows, answers, restarts, *_collect_canary(model, said.get("canary")))
    if "waiting" in counts:
        waiting = GaugeMetricFamily(
            "ml_shadow_waiting", "Rows that wait for its answer.", labels=["model"]
        )
        waiting.add_metric([model], counts["waiting"])
        yield waiting


def _collect_canary(model: str, said: dict[str, Any] | None) -> Iterator[Metric]:
    """Give how a challenger does that should answer callers."""
    if said is None:
        return
    missed = CounterMetricFamily(
        "ml_canary_missed",
        "Requests that the champion answered in its place.",
        labels=["model"],
    )
    missed.add_metric([model], said["missed"])
    out = GaugeMetricFamily(
        "ml_canary_out", "1 once it is asked no more.", labels=["model"]
    )
    out.add_metric([model], said["out"])
    yield from (missed, out)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # moved in between
        return 0
