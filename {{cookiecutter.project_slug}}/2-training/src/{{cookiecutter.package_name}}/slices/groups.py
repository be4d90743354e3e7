"""Name the group of each row, whatever the kind of the column."""

from collections.abc import Iterator
from itertools import pairwise

import pandas as pd

from ..table import Table

MOST_GROUPS = 20
MISSING = "(missing)"
OTHERS = "(all others)"


def name_groups(rows: pd.DataFrame, name: str, table: Table) -> pd.Series:
    """Group categories as they are, numbers by quarter of the rows, dates by month or year."""
    kind = next(column.kind for column in table.columns if column.name == name)
    values = rows[name]
    if kind == "number":
        named = _cut(values)
    elif kind == "boolean":
        named = values.map({1.0: "true", 0.0: "false"}).astype(object)
    elif kind == "date":
        length = "M" if values.dt.to_period("M").nunique() <= 12 else "Y"
        named = values.dt.to_period(length).astype(str).where(values.notna())
    else:
        named = values
    return _gather(named.astype(object).where(values.notna(), MISSING)).rename(None)


def split(
    rows: pd.DataFrame, named: pd.Series, column: str
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Give the rows of each group, in the order of the values and the missing ones last."""
    order = rows[column].groupby(named).min().sort_values(kind="stable")
    for name in order.index:
        yield str(name), rows[named == name]


def _cut(values: pd.Series) -> pd.Series:
    """Few numbers stay as they are; many become quarters such as `10 to 20`."""
    if values.nunique() <= 5:
        return values.map(lambda value: f"{value:g}", na_action="ignore")
    places, edges = pd.qcut(values, 4, labels=False, retbins=True, duplicates="drop")
    names = [f"{low:g} to {high:g}" for low, high in pairwise(edges)]
    return places.map(dict(enumerate(names)))


def _gather(named: pd.Series) -> pd.Series:
    """Keep the largest groups and gather the rest, so that a report stays readable."""
    sizes = named.value_counts()
    if len(sizes) <= MOST_GROUPS:
        return named
    return named.where(named.isin(sizes.index[: MOST_GROUPS - 1]), OTHERS)
