"""Metrics of the service's own state: the model that answers and the log of events."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from prometheus_client import Metric
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

JOURNAL = Path("events/journal")


class Model(Protocol):
    """What answers requests."""

    name: str
    version: str
    kind: str


class Log(Protocol):
    """What keeps the events."""

    @property
    def lost(self) -> int:
        """Records that found no room."""

    @property
    def healthy(self) -> bool:
        """Whether records are kept and moved."""


class Watched(Protocol):
    """What is asked of the service."""

    @property
    def champion(self) -> Model:
        """The model that answers now."""

    @property
    def log(self) -> Log:
        """The log of events."""


class Serving(Collector):
    """Asks the service each time for what it has at that moment."""

    def __init__(self, service: Watched, folder: Path) -> None:
        self.service = service
        self.journal = folder / JOURNAL

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
        log = self.service.log
        yield CounterMetricFamily(
            "ml_events_lost", "Events that found no room on the disk.", log.lost
        )
        yield GaugeMetricFamily(
            "ml_events_healthy", "1 while events are kept and moved.", log.healthy
        )
        yield GaugeMetricFamily(
            "ml_events_waiting_bytes",
            "Events that are kept and not yet in the database.",
            sum(_size(path) for path in self.journal.glob("*-*")),
        )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # moved in between
        return 0
