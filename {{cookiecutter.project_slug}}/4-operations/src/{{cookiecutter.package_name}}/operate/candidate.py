"""Make a challenger: fit on a window of the rows, hold it against the gate, register, package."""

import json
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from mlflow import MlflowClient
from sklearn.pipeline import Pipeline

from .. import estimate, experiment, gate, package, register, tracking, train
from ..evaluate import Score, score
from ..settings import Settings
from ..table import Table
from ..training import read_training
from .pool import Pool

# The run of a retraining bears its number, so that a turn that was killed finds it again.
MARK, EVIDENCE = "retraining", "evidence"


@dataclass(frozen=True)
class Candidate:
    """A fitted model, its score on rows held out, and the reasons against it, if any."""

    fitted: Pipeline
    found: Score
    baseline: Score
    reasons: list[str]
    calibration: dict[str, Any] | None


def fit(pool: Pool, table: Table, settings: Settings, holdout: float) -> Candidate:
    """Judge on the newest rows a model of the older ones, then fit one on all of them.

    What is judged has not seen the rows it is judged on; what is kept has, for they are
    those most like the rows to come. Its own proof is the comparison on live traffic.
    """
    older, newest = pool.cut(holdout, settings.seed)
    judged = train.fit(older, table, settings)
    found = score(judged, newest, table)
    baseline = score(gate.build_baseline(older, table), newest, table)
    rival = gate.Rival("a baseline that knows no input", baseline)
    reasons = gate.judge(found, [rival], read_training().gate, table.headline)
    fitted = train.fit(pool.rows, table, settings)
    return Candidate(
        fitted, found, baseline, reasons, _calibrate(judged, newest, table)
    )


def _calibrate(
    judged: Pipeline, rows: pd.DataFrame, table: Table
) -> dict[str, Any] | None:
    """Fit what the chances are worth, for the estimate before labels come."""
    classes = [str(name) for name in getattr(judged, "classes_", [])]
    if sorted(classes) != sorted(table.classes) or not classes:
        return None
    chances = judged.predict_proba(rows[table.features])
    ordered = chances[:, [classes.index(name) for name in table.classes]]
    return estimate.calibrate(rows[table.target], ordered, table)


def log(
    candidate: Candidate, pool: Pool, table: Table, settings: Settings, mark: str
) -> tracking.Run:
    """Keep the candidate, with what the gate saw, as a run of the tracking store."""
    span = pool.span or table.split["train"]
    spoken = replace(table, split={**table.split, "train": span})
    seen = describe(candidate, pool, table)
    about = train.describe(pool.rows, spoken, settings)
    about["data_sha256"] = seen["data"]["sha256"]
    tags = {MARK: mark, EVIDENCE: json.dumps(seen)}
    run = experiment.log(candidate.fitted, pool.rows, spoken, about, tags)
    return tracking.Run(**run)


def find_run(client: MlflowClient, mark: str) -> tracking.Run | None:
    """Give the run that a killed turn has left, if it was logged whole."""
    place = client.get_experiment_by_name(tracking.NAME)
    assert place  # to connect makes it
    for run in client.search_runs([place.experiment_id], f"tags.{MARK} = '{mark}'"):
        models = run.outputs.model_outputs if run.outputs else []
        if models and run.info.status == "FINISHED":
            return tracking.Run(run.info.run_id, f"models:/{models[0].model_id}")
    return None


def enter(
    client: MlflowClient, run: tracking.Run, table: Table, found: Score, said: str
) -> str:
    """Register the run and package it; a second call finds what the first one left."""
    version = str(register.create_version(client, run, table, found, said).version)
    package.make(version)
    return version


def describe(candidate: Candidate, pool: Pool, table: Table) -> dict[str, Any]:
    """Give the evidence for the trail."""
    metric, _ = table.headline
    return {
        "data": pool.describe(),
        "metric": metric,
        "holdout": candidate.found,
        "baseline": candidate.baseline[metric],
    }
