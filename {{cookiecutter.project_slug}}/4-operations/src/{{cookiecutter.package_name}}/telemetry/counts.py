"""Metrics of what was counted since this process started."""

import time
from collections.abc import Iterator
from itertools import accumulate

from prometheus_client import Metric
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    SummaryMetricFamily,
)
from prometheus_client.registry import Collector

from .tally import BUCKETS, Tally

# A rate is defined from the first scrape on, also for what has not happened yet.
ALWAYS = (("predict", "200"), ("predict", "500"))


class Counts(Collector):
    """Makes metrics of a tally each time they are asked for.

    Source: https://prometheus.github.io/client_python/collector/custom/
    """

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.started = time.time()

    def collect(self) -> Iterator[Metric]:
        """Give the metrics; the tally stands still meanwhile, for a few microseconds."""
        with self.tally.lock:
            found = [self._requests(), self._seconds(), *self._predictions()]
        yield from found
        yield GaugeMetricFamily(
            "ml_started_timestamp_seconds", "When this process started.", self.started
        )

    def _requests(self) -> Metric:
        family = CounterMetricFamily(
            "ml_requests", "Requests by the code they got.", labels=["route", "code"]
        )
        for labels in sorted({*ALWAYS, *self.tally.requests}):
            family.add_metric(labels, self.tally.requests[labels])
        return family

    def _seconds(self) -> Metric:
        names = [str(end) for end in BUCKETS] + ["+Inf"]
        counts = accumulate(self.tally.seconds)
        return HistogramMetricFamily(
            "ml_request_seconds",
            "Time from the request's arrival to the end of its answer.",
            buckets=list(zip(names, counts, strict=True)),
            sum_value=self.tally.total_seconds,
        )

    def _predictions(self) -> Iterator[Metric]:
        rows = CounterMetricFamily(
            "ml_rows", "Rows predicted.", labels=["model", "arm"]
        )
        score = SummaryMetricFamily(
            "ml_score",
            "The chance of the class looked for, or else of the answer; or the number predicted.",
            labels=["model"],
        )
        answers = CounterMetricFamily(
            "ml_predictions", "Rows given each class.", labels=["model", "prediction"]
        )
        of_model: dict[str, int] = {}
        for labels, count in self.tally.rows.items():
            rows.add_metric(labels, count)
            of_model[labels[0]] = of_model.get(labels[0], 0) + count
        for model, count in of_model.items():
            score.add_metric([model], count, self.tally.scores[model])
        for labels, count in self.tally.answers.items():
            answers.add_metric(labels, count)
        yield from (rows, score, answers)
