"""Gather what is known of the model in production; what is missing is None or empty."""

import os
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from prometheus_client.parser import text_string_to_metric_families

from .. import aliases, findings, history
from ..files import read_json
from ..findings import Performance
from ..history import Line
from ..refusal import Refusal
from ..table import Table, read_table
from ..telemetry import quality
from . import looks, traffic
from .looks import Look

NAMED = Path("packages/champion.json")
PATIENCE_SECONDS = 2


@dataclass(frozen=True)
class Situation:
    """Everything that the pages are made of; `now` is the log's clock."""

    table: Table
    now: float
    version: str | None
    challenger: str | None
    rows: pd.DataFrame
    looks: list[Look] = field(default_factory=list)
    performance: Performance | None = None
    promise: dict[str, float | None] = field(default_factory=dict)
    lag: float | None = None
    drift: dict[str, Any] = field(default_factory=dict)
    trail: list[Line] = field(default_factory=list)
    deployed: list[Line] = field(default_factory=list)
    measured: dict[str, float] | None = None

    @property
    def since(self) -> float | None:
        """Since when the version of now answers."""
        return history.find_start(self.version or "", self.trail, self.deployed)


def gather(span: tuple[float, float] = traffic.FOREVER) -> Situation:
    """Read the log, the reports and the records, and ask the service if one answers."""
    table = read_table()
    rows = traffic.read(table, span)
    trail, deployed = history.read(history.TRAIL), history.read(history.DEPLOYMENTS)
    performance = findings.read_performance()
    periods = traffic.list_periods(rows)
    versions = {str(name) for name in rows["model"].unique()}
    version = find_version(aliases.CHAMPION)
    metric = table.headline[0]
    return Situation(
        table=table,
        now=float(rows["time"].max()) if len(rows) else time.time(),
        version=version,
        challenger=find_version("challenger"),
        rows=rows,
        looks=[looks.look(period, table) for period in periods],
        performance=performance,
        promise={
            name: findings.find_promise(name, metric, trail)
            for name in versions | ({version} if version else set())
        },
        lag=quality.read_lag(),
        drift=findings.read_json(findings.DRIFT) or {},
        trail=trail,
        deployed=deployed,
        measured=ask_service(),
    )


def find_version(alias: str) -> str | None:
    """Give the version an alias names, or the packaged champion where no registry is in reach."""
    try:
        if aliases.store_is_reachable():
            return aliases.find(alias)
    except Refusal:
        pass
    if alias == aliases.CHAMPION and NAMED.is_file():
        return str(read_json(NAMED, "run `make package`")["version"])
    return None


def ask_service() -> dict[str, float] | None:
    """Give the metrics of the service on this machine by name; None where none answers."""
    port = os.environ.get("PORT") or "8000"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(
            f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE_SECONDS
        ) as answer:
            text = answer.read().decode()
    except (OSError, ValueError):
        return None
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            code = sample.labels.get("code", "")[:1]
            name = f"{sample.name} {code}xx" if code else sample.name
            if sample.labels.get("route", "predict") == "predict":
                found[name] = found.get(name, 0.0) + sample.value
    return found
