"""Fit the model on the training rows and save it."""

import platform
from importlib.metadata import version
from typing import Any

import joblib
import pandas as pd
from sklearn.pipeline import Pipeline

from . import data, model
from .files import ABOUT, MODEL, read_json, replace, write_json
from .progress import say, step
from .refusal import Refusal
from .settings import Settings, read_settings
from .table import Table, read_table


def fit(rows: pd.DataFrame, table: Table, settings: Settings) -> Pipeline:
    """Fit a new model; same rows and settings give the same model."""
    if rows[table.target].nunique() < 2:
        raise Refusal(
            f"The training part holds {len(rows):,} rows and no two different values of "
            f"{table.target!r}; change `split` in conf/table.yaml."
        )
    try:
        return model.build(table, settings).fit(
            rows[table.features], rows[table.target]
        )
    except ValueError as error:  # scikit-learn's word on a parameter out of range
        reason = " ".join(str(error).split())
        raise Refusal(f"The model cannot be trained: {reason}") from error


def describe(rows: pd.DataFrame, table: Table, settings: Settings) -> dict[str, Any]:
    """What a reader of the model file must know; nothing that changes from run to run."""
    return {
        **describe_table(table),
        "data_sha256": data.fingerprint(),
        "libraries": {
            "python": platform.python_version(),
            "scikit-learn": version("scikit-learn"),
        },
        "rows": len(rows),
        "seed": settings.seed,
        "settings": settings.model,
        "trained_on": table.split["train"],
    }


def describe_table(table: Table) -> dict[str, Any]:
    """What a model knows of its table; another table needs another model."""
    return {
        "classes": table.classes,
        "features": table.features,
        "kinds": [column.kind for column in table.columns],
        "target": table.target,
        "task": table.task,
    }


def save(fitted: Pipeline, about: dict[str, Any]) -> None:
    """Write the model and what is known of it."""
    replace(MODEL, lambda draft: joblib.dump(fitted, draft))
    write_json(ABOUT, about)


def read_model() -> Pipeline:
    """Load the saved model if it was made for the table of today.

    joblib runs code while loading: load only your own models.
    """
    about = read_json(ABOUT, "run `make train`")
    now = describe_table(read_table())
    if {name: about.get(name) for name in now} != now:
        raise Refusal(
            "The model was trained for another conf/table.yaml; run `make data train`."
        )
    return joblib.load(MODEL)


def main(_arguments: list[str]) -> None:
    """Train on the training part and save the model."""
    settings = read_settings()
    table, parts = data.read_parts()
    rows, columns = len(parts.train), len(table.features)
    with step(f"train: {rows:,} rows x {columns} columns"):
        fitted = fit(parts.train, table, settings)
    save(fitted, describe(parts.train, table, settings))
    say(f"  {MODEL}  {MODEL.stat().st_size / 1e6:.1f} MB")
