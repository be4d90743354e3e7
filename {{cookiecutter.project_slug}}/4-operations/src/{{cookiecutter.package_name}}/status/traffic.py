"""What the event log holds, in the few columns that the page needs."""

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ..events import FOLDER, store
from ..table import Table

DAY = 86_400.0
# Rows of a period that are looked at for drift and the estimate: more change no figure shown.
MOST_ROWS = 5_000
MOST_PERIODS = 24
LIGHT = """
SELECT time, request, model, arm, prediction, latency,
    json_extract(chances, ?) AS chance
FROM answered WHERE time >= ? AND time < ? ORDER BY time
"""
# Rows that lie far apart, so that they are of the whole period.
SAMPLE = """
SELECT model, inputs, prediction, chances FROM answered
WHERE time >= ? AND time < ? AND rowid % ? = 0 ORDER BY time
"""
FOREVER = (0.0, 1e12)


@dataclass(frozen=True)
class Period:
    """A month of the log, or a day of a short one: [begin, end) in s since 1970."""

    name: str
    begin: float
    end: float
    rows: int


def read(
    table: Table, span: tuple[float, float] = FOREVER, folder: Path = FOLDER
) -> pd.DataFrame:
    """Give time, request, model, arm, prediction, latency (ms) and chance, in time's order.

    `chance` is that of the class looked for, where there are two. The frame is empty where
    nothing was predicted, and without a log.
    """
    path = f'$."{table.positive}"' if table.binary else "$.x"
    found = _ask(LIGHT, (path, *span), folder)
    return pd.DataFrame(columns=COLUMNS) if found is None else found


COLUMNS = ["time", "request", "model", "arm", "prediction", "latency", "chance"]


def _ask(
    query: str, words: tuple[str | float, ...], folder: Path
) -> pd.DataFrame | None:
    """Ask the database; None where it does not answer."""
    try:
        with store.reading(folder) as log:
            return pd.read_sql(query, log, params=words)
    except (sqlite3.Error, pd.errors.DatabaseError):
        return None


def list_periods(rows: pd.DataFrame) -> list[Period]:
    """Cut the log into months, or into days where it spans only one; the newest of them."""
    moments = pd.to_datetime(rows["time"].astype(float), unit="s")
    named = moments.dt.to_period("M")
    if named.nunique() < 2:
        named = moments.dt.to_period("D")
    counts = named.value_counts().sort_index().tail(MOST_PERIODS)
    return [
        Period(str(name), _second(name.start_time), _second(name.end_time), int(rows))
        for name, rows in zip(pd.PeriodIndex(counts.index), counts, strict=True)
    ]


def _second(moment: pd.Timestamp) -> float:
    return round(moment.timestamp(), 3)


def sample(period: Period, folder: Path = FOLDER) -> pd.DataFrame:
    """Give model, inputs, prediction and chances of some rows of a period."""
    every = max(1, period.rows // MOST_ROWS)
    found = _ask(SAMPLE, (period.begin, period.end, every), folder)
    if found is None:
        return pd.DataFrame(columns=["model", "inputs", "prediction", "chances"])
    for name in ("inputs", "chances"):
        found[name] = [json.loads(text) if text else {} for text in found[name]]
    return found


def summarise(rows: pd.DataFrame) -> pd.DataFrame:
    """Give each day's rows, requests and latency (p50 and p99, ms); hours of a single day."""
    moments = pd.to_datetime(rows["time"].astype(float), unit="s")
    span = rows["time"].max() - rows["time"].min() if len(rows) else 0.0
    grouped = rows.groupby(moments.dt.floor("h" if span < 2 * DAY else "D"))
    return pd.DataFrame(
        {
            "rows": grouped.size(),
            "requests": grouped["request"].nunique(),
            "p50": grouped["latency"].quantile(0.5),
            "p99": grouped["latency"].quantile(0.99),
        }
    )


def mix(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Give, period by period, the mean chance or number, or the share of each class."""
    moments = pd.to_datetime(rows["time"].astype(float), unit="s")
    span = rows["time"].max() - rows["time"].min() if len(rows) else 0.0
    days = moments.dt.floor("h" if span < 2 * DAY else "D")
    if table.task == "regression":
        return rows["prediction"].astype(float).groupby(days).mean().to_frame("mean")
    if table.binary:
        name = f"mean chance of {table.positive}"
        return rows["chance"].astype(float).groupby(days).mean().to_frame(name)
    counts = pd.crosstab(days, rows["prediction"].astype(str))
    often = counts.sum().sort_values(ascending=False).index[:6]
    return counts.div(counts.sum(axis=1), axis=0)[often]


def smooth(values: pd.DataFrame, most: int = 120) -> pd.DataFrame:
    """Keep a line legible: of very many points only the means of neighbours are drawn."""
    step = -(-len(values) // most)
    if step <= 1:
        return values
    places = pd.RangeIndex(len(values)) // step
    means = values.groupby(places).mean()
    return means.set_axis(values.index[::step])
