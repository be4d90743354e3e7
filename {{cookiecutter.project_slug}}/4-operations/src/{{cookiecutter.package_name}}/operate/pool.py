"""All rows whose label is known by now: the prepared table, and what was answered since."""

import hashlib
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from .. import data, events
from ..events import query
from ..refusal import Refusal
from ..table import Table
from ..training import read_training
from ..truth import measure, performance
from .settings import ALL, Retraining

DAY = 86_400.0
MONTH = 365.2425 / 12 * DAY


@dataclass(frozen=True)
class Pool:
    """Rows to learn from, the oldest first; `at` is in seconds since 1970, 0 if unknown."""

    rows: pd.DataFrame
    at: pd.Series

    def take(self, window: object, now: float) -> "Pool":
        """Keep the rows of the last months, or all."""
        if window == ALL:
            return self
        young = self.at >= now - float(str(window)) * MONTH
        return Pool(self.rows[young], self.at[young])

    def cut(self, share: float, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Set the newest share of the rows apart; where no time is known, a random one."""
        place = np.arange(len(self.rows))
        if self.at.nunique() < 2:
            place = np.random.default_rng(seed).permutation(place)
        end = int(len(place) * (1 - share))
        return (
            self.rows.iloc[np.sort(place[:end])],
            self.rows.iloc[np.sort(place[end:])],
        )

    @property
    def version(self) -> str:
        """The SHA-256 of the rows: the version of the data."""
        seen = hashlib.sha256(
            pd.util.hash_pandas_object(self.rows).to_numpy().tobytes()
        )
        return seen.hexdigest()

    @property
    def span(self) -> list[str] | None:
        """From which instant until before which the rows reach; None where no time is known."""
        known = pd.to_datetime(self.at[self.at > 0], unit="s")
        if known.empty:
            return None
        end = known.max() + pd.Timedelta(seconds=1)
        return [f"{known.min():%Y-%m-%dT%H:%M:%S}", f"{end:%Y-%m-%dT%H:%M:%S}"]

    def describe(self) -> dict[str, object]:
        """Say how many rows there are, from when and which."""
        named = {"rows": len(self.rows), "from_until": self.span}
        return named | {"sha256": self.version}


def gather(
    table: Table, limits: Retraining, now: float, folder: Path = events.FOLDER
) -> Pool:
    """Join the prepared rows that are old enough with the labelled answers since them."""
    prepared = data.read_prepared(table)
    at = _read_seconds(prepared, table)
    ripe = at <= now - limits.label_delay_days * DAY
    prepared, at = prepared[ripe], at[ripe]
    answered = _read_answered(table, now, folder)
    new = _find_new(answered, prepared, at, table)
    rows = pd.concat([prepared, answered[prepared.columns][new]], ignore_index=True)
    times = pd.concat([at, answered["at"][new]], ignore_index=True)
    order = times.argsort(kind="stable")
    return Pool(
        rows.iloc[order].reset_index(drop=True),
        times.iloc[order].reset_index(drop=True),
    )


def _read_seconds(rows: pd.DataFrame, table: Table) -> pd.Series:
    """The time of rows in seconds since 1970; 0 where the table has no time."""
    if not table.time:
        return pd.Series(0.0, index=rows.index)
    return rows[table.time].astype("datetime64[us]").astype("int64") / 1e6


def _read_answered(table: Table, now: float, folder: Path) -> pd.DataFrame:
    """What was asked and is labelled by now, as rows of the table, and when (`at`)."""
    joined = query.join_labels(until=now, folder=folder)
    joined = joined[joined["label_time"] <= now].reset_index(drop=True)
    rows = performance.read_inputs(joined, table)
    rows[table.target] = measure.read_truth(joined["label"], table)
    if table.id:
        rows[table.id] = joined["id"].astype(object)
    if table.time and table.time not in table.features:
        rows[table.time] = pd.to_datetime(joined["time"], unit="s").astype(
            "datetime64[us]"
        )
    return rows.assign(at=joined["time"].astype(float))


def _find_new(
    answered: pd.DataFrame, prepared: pd.DataFrame, at: pd.Series, table: Table
) -> pd.Series:
    """Tell which answered rows `make data` has not delivered in the meantime."""
    if table.id:
        known = set(prepared[table.id].astype(str))
        new = [name not in known for name in answered[table.id]]
    elif table.time and len(at):
        new = list(answered["at"] > at.max())
    else:
        new = [True] * len(answered)
    return pd.Series(new, index=answered.index, dtype=bool)


def check(pool: Pool, table: Table, least: int) -> None:
    """Refuse rows that level 2's validation would refuse, and too few of them."""
    with warnings.catch_warnings():
        # pandera looks for Spark, which may be here for batches and says that it is young.
        warnings.simplefilter("ignore", FutureWarning)
        from .. import validate  # pylint: disable=import-outside-toplevel
    limits = read_training().validation
    problems = [
        problem.message
        for problem in validate.inspect(pool.rows, table, limits)
        if problem.check not in limits.skip
    ]
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise Refusal(f"The rows to learn from are not sound: {problems[0]}{more}.")
    if len(pool.rows) < least:
        raise Refusal(
            f"There are {len(pool.rows):,} labelled rows; {least:,} are needed to retrain."
        )
