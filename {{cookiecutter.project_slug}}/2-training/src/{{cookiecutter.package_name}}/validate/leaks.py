"""Signs that the model would be told what it must predict, or judged on what it knows."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from sklearn.metrics import r2_score
from sklearn.tree import DecisionTreeRegressor

from ..table import PARTS, Table
from ..training import Validation
from .faults import Fault, Problem

# Enough rows to see a leak that is almost perfect, few enough for a thousand columns.
SAMPLE_ROWS = 4_000


def find_split_problems(table: Table) -> Iterator[Problem]:
    """The parts must follow each other: a row of two parts is judged after being learned."""
    if not table.time:
        return
    for earlier, later in zip(PARTS, PARTS[1:]):
        until, begin = table.split[earlier][1], table.split[later][0]
        if pd.Timestamp(until) > pd.Timestamp(begin):
            message = f"Part {earlier!r} lasts until {until}, after {later!r} begins ({begin})"
            yield Problem("split_order", message, table.time)


def find_future(frame: pd.DataFrame, table: Table) -> Iterator[Fault]:
    """Find rows from a time that has not come yet."""
    if table.time in frame:
        # A day's grace: the table's clock may be of any time zone.
        soon = pd.Timestamp.now() + pd.Timedelta(days=1)
        late = frame.index[frame[table.time] > soon]
        yield Fault("future", "lies in the future", late, 0.0, table.time)


def find_outside(
    frame: pd.DataFrame, table: Table, limits: Validation
) -> Iterator[Fault]:
    """Find rows later than every part: new data that nothing would ever look at."""
    if table.time:
        end = max(pd.Timestamp(table.split[part][1]) for part in PARTS)
        late = frame.index[frame[table.time] >= end]
        says = (
            f"is later than every part of `split` in conf/table.yaml ({end:%Y-%m-%d})"
        )
        yield Fault("outside", says, late, limits.max_outside, table.time)


def find_leaks(
    rows: pd.DataFrame, table: Table, limits: Validation
) -> Iterator[Problem]:
    """Find columns that alone tell the target; no honest column is that good."""
    rows = rows.sample(min(len(rows), SAMPLE_ROWS), random_state=0)
    truth = _read_truth(rows[table.target], table)
    for column in table.columns:
        told = explain(_read_values(rows[column.name], column.kind), truth)
        if told > limits.max_explained:
            message = (
                f"Column {column.name!r} alone tells {told:.1%} of the target "
                f"{table.target!r}: it must be known only afterwards, so remove it"
            )
            yield Problem("leak", message, column.name, len(rows))


def explain(values: np.ndarray, truth: np.ndarray) -> float:
    """Share of the target's variance that a tree on one column tells of the other half.

    Parameters: values (rows, 1), truth (rows, targets). For classes, targets are their
    indicators, so that the share is the skill of the Brier score.
    """
    half = len(values) // 2
    if half < 10 or np.ptp(truth[half:], axis=0).max() == 0:
        return 0.0
    tree = DecisionTreeRegressor(min_samples_leaf=3, random_state=0)
    guess = tree.fit(values[:half], truth[:half]).predict(values[half:])
    return float(
        r2_score(
            truth[half:],
            guess.reshape(truth[half:].shape),
            multioutput="variance_weighted",
        )
    )


def _read_truth(target: pd.Series, table: Table) -> np.ndarray:
    if table.task == "regression":
        return target.to_numpy(float)[:, None]
    return pd.get_dummies(target).to_numpy(float)


def _read_values(values: pd.Series, kind: str) -> np.ndarray:
    """One column as numbers; a missing value is one more value, for it may tell as much."""
    if kind == "category":
        return pd.factorize(values)[0].astype(float)[:, None]
    if kind == "date":
        values = values.astype("int64").where(values.notna())
    return values.to_numpy(float)[:, None]
