"""Rows that break a rule, and whether there are too many of them."""

from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from ..table import Table

# A share of fewer rows than these says little, so a small month is not judged by itself.
JUDGED_ROWS = 100


@dataclass(frozen=True)
class Fault:
    """A rule, the rows that break it, and the share of rows that may."""

    check: str
    says: str
    rows: pd.Index
    allowed: float = 0.0
    column: str | None = None


@dataclass(frozen=True)
class Problem:
    """What stops the pipeline, in one sentence."""

    check: str
    message: str
    column: str | None = None
    rows: int = 0
    month: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Give it as it stands in the report."""
        return {name: value for name, value in asdict(self).items() if value}


def find_months(frame: pd.DataFrame, table: Table) -> pd.Series:
    """Give each row its month as text; all rows share one when there is no time column."""
    if table.time not in frame:
        return pd.Series("", index=frame.index)
    # A period counts in whole months: far quicker to compare than formatted text.
    months: pd.Series = frame[table.time].dt.to_period("M")
    return months


def judge(fault: Fault, months: pd.Series) -> Problem | None:
    """Hold a fault against what is allowed, in each month and in the whole table.

    One broken month among many would drown in the share of the whole.
    """
    total = months.value_counts()
    broken = months.loc[fault.rows].value_counts()
    share = (broken / total.loc[broken.index]).sort_values(ascending=False)
    worst = share[(share > fault.allowed) & (total.loc[share.index] >= JUDGED_ROWS)]
    if not worst.empty and len(total) > 1:
        month = worst.index[0]
        more = f" ({len(worst)} months are so)" if len(worst) > 1 else ""
        return _report(
            fault, broken[month], total[month], f" of {month}{more}", str(month)
        )
    if len(fault.rows) > fault.allowed * len(months):
        return _report(fault, len(fault.rows), len(months), "")
    return None


def _report(
    fault: Fault, rows: int, of: int, where: str, month: str | None = None
) -> Problem:
    subject = f"Column {fault.column!r}" if fault.column else "The table"
    message = f"{subject} {fault.says} in {rows:,} of {of:,} rows{where}"
    return Problem(fault.check, message, fault.column, int(rows), month)
