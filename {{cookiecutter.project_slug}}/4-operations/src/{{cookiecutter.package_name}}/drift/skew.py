"""Training-serving skew: the service and the pipeline must read the same row alike.

Rows are the same when their id is. A column that the caller computes in another unit,
rounds, or leaves out is a fault of the pipeline and not of the world.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .. import data
from ..table import Column, Table

CLOSE = 1e-6  # relative; JSON keeps all digits of a number


@dataclass(frozen=True)
class Skew:
    """One column that differs; shares of the rows that both sides hold, from 0 to 1."""

    column: str
    differs: float
    missing_served: float  # there in the prepared table, missing in the request
    missing_prepared: float  # and the other way round
    served: str  # an example
    prepared: str

    @property
    def share(self) -> float:
        """All rows that are not read alike."""
        return self.differs + self.missing_served + self.missing_prepared


def find(
    served: pd.DataFrame, prepared: pd.DataFrame, table: Table
) -> tuple[int, list[Skew]]:
    """Compare rows by the table's id; gives how many were compared and what differs.

    `served` holds the id and the inputs as they were logged, of any type.
    """
    if table.id is None or table.id not in served:
        return 0, []
    served = _index(served, table.id)
    prepared = _index(prepared, table.id)
    both = served.index.intersection(prepared.index)
    if both.empty:
        return 0, []
    there = [column for column in table.columns if column.name in served]
    found = [
        _compare(served.loc[both, c.name], prepared.loc[both, c.name], c) for c in there
    ]
    worst = sorted((item for item in found if item.share), key=lambda item: -item.share)
    return len(both), worst


def _index(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """Name each row by its id as text; who asks twice is read once."""
    named = rows.set_index(data.read_column(rows[name], "category"))
    return named[~named.index.duplicated(keep="last")]


def _compare(served: pd.Series, prepared: pd.Series, column: Column) -> Skew:
    asked = data.read_column(served, column.kind, column.format)
    known = data.read_column(prepared, column.kind, column.format)
    lost, gained = asked.isna() & known.notna(), asked.notna() & known.isna()
    both = asked.notna() & known.notna()
    if column.kind in {"number", "boolean"}:
        close = np.isclose(asked, known, rtol=CLOSE, atol=1e-12)
    else:
        close = (asked == known).to_numpy()
    other = both & ~close
    wrong = other | lost | gained
    first = int(np.argmax(wrong.to_numpy()))
    return Skew(
        column.name,
        float(other.mean()),
        float(lost.mean()),
        float(gained.mean()),
        str(served.iloc[first]),
        str(prepared.iloc[first]),
    )
