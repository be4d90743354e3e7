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

OUTCOMES = ("asked", "answered", "failed", "shed", "late")
SHARES = (0.1, 0.5, 0.9)


class Metrics(Collector):
    """Makes metrics of a board each time they are asked for."""

    def __init__(self, board: Board, lineup: Lineup, bus: Bus) -> None:
        self._board, self._lineup, self._bus = board, lineup, bus

    def collect(self) -> Iterator[Metric]:
        """Give the metrics; the board stands still meanwhile."""
        board, canary = self._board, self._lineup.policy.canary
        with board.lock:
            records = dict(sorted(board.records.items()))
            found = [
                _tell_chosen(board),
                *_tell_counts(records),
                _tell_latency(records),
                _tell_scores(records),
                *_tell_shift(board.measure_shift(canary), canary),
            ]
        yield from found
        yield _tell_wanted(self._lineup.wanted)
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
        "Rows a model was asked or that were shed; a late answer has failed before.",
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


def _tell_wanted(wanted: dict[str, str]) -> Metric:
    """Give whom the policy names: one that cannot run has no other metric."""
    named = GaugeMetricFamily(
        "ml_rendezvous_wanted", "1 for each model that should meet.", labels=["model"]
    )
    for name in sorted(wanted):
        named.add_metric([name], 1)
    return named


def _tell_shift(shift: dict[str, float], canary: str | None) -> Iterator[Metric]:
    """Tell the canary, which says what the inputs do, from those compared with it."""
    far = GaugeMetricFamily(
        "ml_rendezvous_shift",
        "Largest gap to the canary's newest scores.",
        labels=["model"],
    )
    own = GaugeMetricFamily(
        "ml_rendezvous_canary_shift",
        "Largest gap of the canary's newest scores to its first ones.",
        labels=["model"],
    )
    for name, gap in shift.items():
        if not math.isnan(gap):
            (own if name == canary else far).add_metric([name], gap)
    yield from (far, own)


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
