"""Months that are absent, thin, or without any value in a column."""

from collections.abc import Iterator

import pandas as pd

from ..table import Table
from ..training import Validation
from .faults import Problem, find_months

# Below this many rows a month may be empty by chance alone.
FULL_MONTH = 30


def find_problems(
    frame: pd.DataFrame, table: Table, limits: Validation
) -> Iterator[Problem]:
    """Look at the table month by month; nothing to see without a time column."""
    if table.time not in frame or frame[table.time].isna().all():
        return
    months = find_months(frame, table)
    yield from _find_thin(months, limits)
    yield from _find_empty(frame, table, months)


def _find_thin(months: pd.Series, limits: Validation) -> Iterator[Problem]:
    """Months with far fewer rows than usual; the first and the last may be cut short."""
    counts = months.value_counts()
    usual = counts.median()
    if usual < FULL_MONTH:
        return
    every = pd.period_range(counts.index.min(), counts.index.max(), freq="M")
    inner = counts.reindex(every, fill_value=0).iloc[1:-1]
    thin = inner[inner < limits.min_month * usual]
    if not thin.empty:
        month, rows = thin.index[0], int(thin.iloc[0])
        have = f"{rows:,} rows" if rows else "no row"
        more = f" ({len(thin)} months are so)" if len(thin) > 1 else ""
        message = f"Month {month} has {have} where {usual:,.0f} are usual{more}"
        yield Problem("month_rows", message, rows=rows, month=str(month))


def _find_empty(
    frame: pd.DataFrame, table: Table, months: pd.Series
) -> Iterator[Problem]:
    """Columns that usually have values and have none in a whole month."""
    filled = frame[table.features].notna().groupby(months).sum()
    rows = months.value_counts().sort_index()
    for name in table.features:
        expected = rows * filled[name].sum() / len(frame)
        for month in rows.index[(filled[name] == 0) & (expected >= FULL_MONTH)]:
            message = f"Column {name!r} has no value at all in {month}"
            yield Problem("month_missing", message, name, int(rows[month]), str(month))
