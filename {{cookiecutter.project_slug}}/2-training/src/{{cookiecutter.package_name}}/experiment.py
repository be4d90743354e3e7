"""Train inside a tracked run, so that the model can be traced to its code and its data."""

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
import skops.io
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, DataType, Schema
from sklearn.pipeline import Pipeline

from . import data, tracking, train
from .files import ABOUT, write_json
from .progress import say, step
from .settings import Settings, read_settings
from .table import Column, Table
from .tracking import runs

TYPES = {
    "number": DataType.double,
    "boolean": DataType.double,
    "category": DataType.string,
    "date": DataType.datetime,
}
# What the model needs where it is loaded; naming it spares mlflow a guess of ten seconds.
NEEDED = ("numpy", "pandas", "pyarrow", "pyyaml", "scikit-learn", "skops")


def sign(table: Table) -> ModelSignature:
    """Describe the model's inputs and output by conf/table.yaml."""
    answer = DataType.double if table.task == "regression" else DataType.string
    return ModelSignature(
        inputs=Schema([_sign_column(column) for column in table.columns]),
        outputs=Schema([ColSpec(answer, table.target)]),
    )


def _sign_column(column: Column) -> ColSpec:
    return ColSpec(TYPES[column.kind], column.name, required=not column.missing)


def log_model(fitted: Pipeline, rows: pd.DataFrame, table: Table) -> str:
    """Store the model with all that is needed to load and call it; gives its URI.

    skops stores no code, and reads back only the types that are named here: those of a
    model that was fitted a moment ago are trusted.
    """
    trusted = skops.io.get_untrusted_types(data=skops.io.dumps(fitted))
    stored = mlflow.sklearn.log_model(
        fitted,
        name="model",
        signature=sign(table),
        input_example=rows[table.features].head(3),
        pip_requirements=[f"{name}=={version(name)}" for name in NEEDED],
        serialization_format="skops",
        skops_trusted_types=trusted,
        code_paths=[str(Path(__file__).parent)],
    )
    return str(stored.model_uri)


def log(
    fitted: Pipeline,
    rows: pd.DataFrame,
    table: Table,
    about: dict[str, Any],
    marks: dict[str, str] | None = None,
) -> dict[str, str]:
    """Log a training run, tagged with `marks` too; gives what models/run.json says of it."""
    tags = {
        **tracking.read_code_version(),
        "data_sha256": about["data_sha256"],
        "table": table.source,
        "target": table.target,
        **(marks or {}),
    }
    with mlflow.start_run(tags=tags) as run:
        mlflow.log_params(read_parameters(read_settings(), table, rows))
        mlflow.log_dict(about, ABOUT.name)
        mlflow.log_artifacts("conf", "conf")
        runs.log_code()
        uri = log_model(fitted, rows, table)
    return {"model": uri, "run_id": run.info.run_id}


def read_parameters(
    settings: Settings, table: Table, rows: pd.DataFrame
) -> dict[str, Any]:
    """What was set for this run and may differ in the next."""
    return {
        "seed": settings.seed,
        **settings.model,
        "rows": len(rows),
        "columns": len(table.columns),
        "trained_on": json.dumps(table.split["train"]),
    }


def main(_arguments: list[str]) -> None:
    """Train on the training part, save the model and log the run."""
    settings = read_settings()
    table, parts = data.read_parts()
    rows, columns = len(parts.train), len(table.features)
    with step(f"train: {rows:,} rows x {columns} columns"):
        fitted = train.fit(parts.train, table, settings)
        about = train.describe(parts.train, table, settings)
        train.save(fitted, about)
    with step("track: logging the run"):
        tracking.connect()
        run = log(fitted, parts.train, table, about)
        write_json(tracking.RUN, run)
    say(f"  run {run['run_id']} in {mlflow.get_tracking_uri()}")
