"""Score new rows and store the predictions."""

import argparse
import os
from pathlib import Path

import pandas as pd
from sklearn.pipeline import Pipeline

from . import data
from .files import PREDICTIONS, replace
from .progress import say, step
from .refusal import Refusal
from .source import read_file
from .table import Table, read_table
from .train import read_model

CHUNK_ROWS = 100_000


def predict(fitted: Pipeline, rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Give the prediction of each row and, for classes, the chance of each class."""
    inputs = rows[table.features]
    if table.task == "regression":
        found = pd.DataFrame({"prediction": fitted.predict(inputs)}, index=rows.index)
    else:
        chances = fitted.predict_proba(inputs)
        likeliest = fitted.classes_[chances.argmax(axis=1)]
        found = pd.DataFrame({"prediction": likeliest}, index=rows.index)
        for place, name in enumerate(fitted.classes_):
            found[f"chance of {name}"] = chances[:, place]
    if table.id in rows:
        # The id may be called as a column that is there.
        found.insert(0, table.id, rows[table.id], allow_duplicates=True)
    return found


def predict_chunks(fitted: Pipeline, rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Predict a part at a time, so that the memory needed does not grow with the table."""
    starts = range(0, len(rows), CHUNK_ROWS)
    chunks = [rows.iloc[start : start + CHUNK_ROWS] for start in starts]
    return pd.concat([predict(fitted, chunk, table) for chunk in chunks])


def read_rows(path: Path | None, table: Table) -> pd.DataFrame:
    """Read the rows to score: a file of the user's, or the live part of the table."""
    if path is None:
        return data.read_parts()[1].live
    return data.conform(read_file(path, data.list_words(table)), table)


def main(arguments: list[str]) -> None:
    """Score a file, or the live part of the table when none is named."""
    parser = argparse.ArgumentParser(prog="predict", description=__doc__)
    # `make predict DATA=...` hands its words over in the environment.
    given, out = os.environ.get("DATA"), os.environ.get("OUT")
    parser.add_argument(
        "--data", default=given, help="CSV or Parquet; default: the live part"
    )
    parser.add_argument("--out", default=out or PREDICTIONS, type=Path)
    chosen = parser.parse_args(arguments)
    fitted, table = read_model(), read_table()
    rows = read_rows(Path(chosen.data) if chosen.data else None, table)
    if rows.empty:
        raise Refusal("There is no row to predict; name a file with DATA=path.csv.")
    with step(f"predict: {len(rows):,} rows"):
        found = predict_chunks(fitted, rows, table)
        replace(chosen.out, lambda draft: found.to_csv(draft, index=False))
    say(f"  {chosen.out}")
