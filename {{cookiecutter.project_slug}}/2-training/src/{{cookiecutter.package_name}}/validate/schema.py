"""The rules that each column's description makes for its values, as a pandera schema."""

from collections.abc import Iterator

import pandas as pd
import pandera.pandas as pa

from ..table import Column, Table
from ..training import Validation
from .faults import Fault

TYPES = {"number": float, "boolean": float, "date": "datetime64[us]", "category": None}
# pandera's own name of the rule that no value is missing.
MISSING = "not_nullable"


def build(table: Table) -> pa.DataFrameSchema:
    """Turn conf/table.yaml into a schema of the prepared table."""
    columns = {column.name: _describe(column) for column in table.columns}
    if table.task == "classification":
        classes = pa.Check.isin(table.classes, error="new_class")
        columns[table.target] = pa.Column(None, classes, required=False)
    return pa.DataFrameSchema(columns)


def _describe(column: Column) -> pa.Column:
    checks = []
    if column.categories:
        checks.append(pa.Check.isin(column.categories, error="new_category"))
    low, high = _read_limits(column)
    if low is not None:
        checks.append(pa.Check.ge(low, error="out_of_range"))
    if high is not None:
        checks.append(pa.Check.le(high, error="out_of_range"))
    return pa.Column(TYPES[column.kind], checks, nullable=column.missing)


def _read_limits(column: Column) -> tuple[object, object]:
    """The least and the greatest plausible value; dates go on, so they have no greatest."""
    if column.kind == "date":
        return (None if column.min is None else pd.Timestamp(column.min)), None
    return (column.min, column.max) if column.kind == "number" else (None, None)


def find_faults(
    frame: pd.DataFrame, table: Table, limits: Validation
) -> Iterator[Fault]:
    """Validate every column at once and give a fault for each rule that rows break."""
    try:
        build(table).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        for (name, check), found in cases.groupby(["column", "check"], sort=False):
            column = next((item for item in table.columns if item.name == name), None)
            yield _explain(str(name), str(check), found, column, limits)


def _explain(
    name: str,
    check: str,
    found: pd.DataFrame,
    column: Column | None,
    limits: Validation,
) -> Fault:
    """Say in a user's words what pandera found."""
    rows = pd.Index(found["index"].dropna().astype(int))
    seen = ", ".join(map(str, found["failure_case"].drop_duplicates()[:3]))
    if check == MISSING:
        return Fault("missing", "has no value", rows, limits.max_missing, name)
    if check == "new_category":
        says = f"has categories that conf/table.yaml does not list ({seen})"
        return Fault(check, says, rows, limits.max_new_categories, name)
    if check == "out_of_range" and column:
        says = f"is beyond {column.min} to {column.max} ({seen})"
        return Fault(check, says, rows, limits.max_out_of_range, name)
    if check == "new_class":
        return Fault(
            check, f"has classes that are not in `classes` ({seen})", rows, 0.0, name
        )
    kind = column.kind if column else check
    return Fault("type", f"holds {seen} where a {kind} is expected", rows, -1.0, name)


def find_unreadable(
    raw: pd.DataFrame, frame: pd.DataFrame, table: Table, limits: Validation
) -> Iterator[Fault]:
    """Find values that were there and could not be read as their column's kind."""
    for column in table.columns:
        lost = raw[column.name].notna() & frame[column.name].isna()
        if lost.any():
            seen = ", ".join(map(repr, raw.loc[lost, column.name].unique()[:3]))
            says = f"holds what is no {column.kind} ({seen})"
            yield Fault(
                "unreadable", says, raw.index[lost], limits.max_unreadable, column.name
            )


def find_duplicates(
    frame: pd.DataFrame, table: Table, limits: Validation
) -> Iterator[Fault]:
    """Find rows whose id came before: they would be learned, or judged, twice."""
    if table.id in frame:
        again = frame[table.id].duplicated() & frame[table.id].notna()
        says = "repeats an id that came before"
        yield Fault(
            "duplicate", says, frame.index[again], limits.max_duplicates, table.id
        )
