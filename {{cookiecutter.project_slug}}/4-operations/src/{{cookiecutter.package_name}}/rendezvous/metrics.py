"""Metrics of the models that meet, for /metrics."""

import math
from collections.abc import Iterator

from prometheus_client import Metric
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)
from prometheus_client.registry import Collector

from ..streams.bus import Bus
from ..telemetry.tally import BUCKETS
from .board import Board, Record
from .lineup import Lineup

OUTCOMES = ("answered", "failed", "shed", "late")
SHARES = (0.1, 0.5, 0.9)


class Metrics(Collector):
    """Makes metrics of a board each time they are asked for."""

    def __init__(self, board: Board, lineup: Lineup, bus: Bus) -> None:
        self._board, self._lineup, self._bus = board, lineup, bus

    def collect(self) -> Iterator[Metric]:
        """Give the metrics; the board stands still meanwhile."""
        board = self._board
        with board.lock:
            records = dict(sorted(board.records.items()))
            found = [
                _tell_chosen(board),
                *_tell_counts(records),
                _tell_latency(records),
                _tell_scores(records),
                _tell_shift(board.measure_shift(self._lineup.policy.canary)),
            ]
        yield from found
        yield CounterMetricFamily(
            "ml_rendezvous_messages_lost",
            "Messages for which there was no room.",
            self._bus.lost,
        )


def _tell_chosen(board: Board) -> Metric:
    chosen = CounterMetricFamily(
        "ml_rendezvous_chosen", "Requests by whose answer was given.", labels=["model"]
    )
    for name, count in sorted(board.chosen.items()):
        chosen.add_metric([name], count)
    return chosen


def _tell_counts(records: dict[str, Record]) -> Iterator[Metric]:
    rows = CounterMetricFamily(
        "ml_rendezvous_rows",
        "What became of the rows a model was shown; a late answer has failed before.",
        labels=["model", "outcome"],
    )
    restarts = CounterMetricFamily(
        "ml_rendezvous_restarts",
        "Times its process was started anew.",
        labels=["model"],
    )
    info = GaugeMetricFamily(
        "ml_rendezvous_info",
        "1 for each model that meets.",
        labels=["model", "version"],
    )
    for name, record in records.items():
        info.add_metric([name, record.version], 1)
        if record.counts:
            restarts.add_metric([name], max(0, record.counts["started"] - 1))
            for outcome in OUTCOMES:
                rows.add_metric([name, outcome], record.counts[outcome])
    yield from (info, rows, restarts)


def _tell_shift(shift: dict[str, float]) -> Metric:
    far = GaugeMetricFamily(
        "ml_rendezvous_shift",
        "Largest gap to the canary's scores; the canary's own to its first ones.",
        labels=["model"],
    )
    for name, gap in shift.items():
        if not math.isnan(gap):
            far.add_metric([name], gap)
    return far


def _tell_latency(records: dict[str, Record]) -> Metric:
    latency = HistogramMetricFamily(
        "ml_rendezvous_seconds",
        "Time for one answer, without the way to the model.",
        labels=["model"],
    )
    ends = [str(end) for end in BUCKETS]
    for name, record in records.items():
        counts = record.latency.count_below(BUCKETS)
        buckets = [*zip(ends, counts, strict=True), ("+Inf", record.latency.total)]
        latency.add_metric([name], buckets, record.latency.sum)
    return latency


def _tell_scores(records: dict[str, Record]) -> Metric:
    scores = GaugeMetricFamily(
        "ml_rendezvous_score",
        "The chance or number below which this share of the newest answers lies.",
        labels=["model", "share"],
    )
    for name, record in records.items():
        newest = record.scores
        for share in SHARES if newest.total else ():
            scores.add_metric([name, str(share)], newest.quantile(share))
    return scores
