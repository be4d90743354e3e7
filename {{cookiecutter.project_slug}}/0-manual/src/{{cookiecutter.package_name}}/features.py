"""Turn the table's columns into the numbers that the model reads."""

from functools import partial

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.preprocessing import FunctionTransformer, OrdinalEncoder

from .table import Table


def build(table: Table) -> ColumnTransformer:
    """Numbers as they are, categories as codes (-1: unseen or missing), dates as parts."""
    codes = OrdinalEncoder(
        handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-1
    )
    dates = [name for name in table.of_kind("date") if name != table.time]
    time = [table.time] if table.time in table.features else []
    return ColumnTransformer(
        [
            ("number", "passthrough", table.of_kind("number", "boolean")),
            ("category", codes, table.of_kind("category")),
            ("date", FunctionTransformer(partial(take_parts, year=True)), dates),
            # The year of the time column only says that a row is new.
            ("time", FunctionTransformer(take_parts), time),
        ]
    )


def take_parts(dates: pd.DataFrame, year: bool = False) -> np.ndarray:
    """Split dates into month, weekday (0 is Monday) and hour; shape (rows, 3 or 4 a date)."""
    parts = []
    for name in dates:
        date = dates[name].dt
        parts += [date.month, date.weekday, date.hour + date.minute / 60]
        parts += [date.year] if year else []
    return np.column_stack(parts).astype(float) if parts else np.empty((len(dates), 0))
