"""Prove that a package predicts as the pipeline that it was made of."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from math import ceil
from typing import Any

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from .. import predict
from ..scoring.graph import Graph
from ..scoring.pipeline import make_frame
from ..table import Table
from .export import Unexportable

MOST_ROWS = 5_000
# Of a chance, or as a share of the numbers' spread. A graph computes in float32: trees were
# measured to differ by 4e-7, linear models by up to 8e-6, neural networks by up to 3e-5.
TOLERANCE = 1e-4
# The share of rows that may lie on a split so closely that float32 takes the other side.
ON_A_SPLIT = 1e-4
PROBED = 20
LEAP_DAY = datetime(2024, 2, 29, 23, 59, 59, 999_999)
Row = dict[str, Any]


@dataclass(frozen=True)
class Parity:
    """How far a package is from its pipeline; differences are of chances or of the number.

    `largest` is over the rows within the tolerance, `beyond` counts the others.
    """

    rows: int
    probes: int
    tolerance: float
    largest: float
    beyond: int
    allowed_beyond: int


def check(scorer: Graph, fitted: Pipeline, sample: pd.DataFrame) -> Parity:
    """Predict rows by both ways; too large a difference makes the model `Unexportable`.

    The matrix must be the same to the last bit, the answers within the tolerance.
    """
    table = scorer.table
    known = list_rows(sample.head(MOST_ROWS), table)
    probes = list(vary(known[:PROBED], table))
    rows = [*known, *probes]
    try:
        inputs = make_frame(rows, table)
        matrix = fitted.steps[0][1].transform(inputs)
        expected = predict.predict(fitted, inputs, table)
    except Exception as error:  # pylint: disable=broad-except
        reason = " ".join(str(error).split())[:200]
        raise Unexportable(
            f"it cannot predict the test rows itself ({reason})"
        ) from error
    encoded = scorer.encoder.encode_rows(rows)
    with np.errstate(over="ignore"):
        matrix = np.asarray(matrix, np.float64).astype(np.float32)
    if not np.array_equal(matrix, encoded, equal_nan=True):
        raise Unexportable("its features are not those that the encoder makes")
    first = 0 if table.task == "regression" else 1
    truth = expected.iloc[:, first:].to_numpy(np.float64)
    return compare(
        truth, scorer.score_matrix(encoded).reshape(truth.shape), len(probes)
    )


def list_rows(sample: pd.DataFrame, table: Table) -> list[Row]:
    """Give rows as the service's contract reads them from a request."""
    frame = sample[table.features].astype(object)
    frame = frame.where(frame.notna(), None)
    for name in table.of_kind("boolean"):
        frame[name] = [None if v is None else bool(v) for v in frame[name]]
    for name in table.of_kind("date"):
        dates = [None if v is None else v.to_pydatetime() for v in frame[name]]
        frame[name] = pd.Series(dates, frame.index, dtype=object)
    return [
        {str(name): value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def vary(rows: list[Row], table: Table) -> Iterator[Row]:
    """Give rows that seldom occur and must be right: unseen, missing, end of a month."""
    unseen = dict.fromkeys(table.of_kind("category"), "a name never seen")
    missing = {column.name: None for column in table.columns if column.missing}
    leap_days = dict.fromkeys(table.of_kind("date"), LEAP_DAY)
    for row in rows:
        yield row | unseen
        yield row | missing
        yield row | leap_days
        yield row | unseen | leap_days | missing
        yield {name: _as_number(value) for name, value in row.items()}
    for name, value in (unseen | missing).items():
        yield from (row | {name: value} for row in rows[:1])


def _as_number(value: Any) -> Any:
    """Write a category such as "12" as the number that a client may send."""
    if isinstance(value, str) and value.isdecimal() and str(int(value)) == value:
        return float(value)
    return value


def compare(expected: np.ndarray, found: np.ndarray, probes: int) -> Parity:
    """Hold answers of shape (rows, classes) or (rows, 1) against each other."""
    classes = expected.shape[1] > 1
    tolerance = TOLERANCE * (1.0 if classes else _measure_spread(expected))
    apart = np.nan_to_num(np.abs(expected - found), nan=np.inf).max(axis=1)
    beyond = apart > tolerance
    allowed = ceil(ON_A_SPLIT * len(apart))
    if beyond.sum() > allowed:
        raise Unexportable(
            f"{beyond.sum():,} of {len(apart):,} rows differ by more than {tolerance:.1g}, "
            f"up to {apart.max():.1g}"
        )
    if classes and _count_flips(expected, found, tolerance):
        raise Unexportable("it would choose another class for some rows")
    return Parity(
        rows=len(apart),
        probes=probes,
        tolerance=float(tolerance),
        largest=float(apart[~beyond].max(initial=0.0)),
        beyond=int(beyond.sum()),
        allowed_beyond=allowed,
    )


def _measure_spread(numbers: np.ndarray) -> float:
    """Give the standard deviation; of numbers that are all the same, their size."""
    spread = float(numbers.std())
    return spread if spread > 0 else float(np.abs(numbers).max(initial=0.0)) or 1.0


def _count_flips(expected: np.ndarray, found: np.ndarray, tolerance: float) -> int:
    """Count rows of another class although the first is ahead by more than the tolerance."""
    ahead = np.sort(expected, axis=1)[:, ::-1]
    clear = ahead[:, 0] - ahead[:, 1] > 2 * tolerance
    return int((clear & (expected.argmax(axis=1) != found.argmax(axis=1))).sum())


def to_json(found: Parity) -> dict[str, Any]:
    """Give what parity.json says."""
    return asdict(found)
