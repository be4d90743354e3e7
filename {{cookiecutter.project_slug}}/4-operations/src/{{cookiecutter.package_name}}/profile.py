"""Make the reference profile of the model in models/, and keep it with its run."""

from pathlib import Path
from typing import Any

from sklearn.pipeline import Pipeline

from . import data, drift, estimate, predict, tracking
from .drift import profile as profiles
from .drift.scores import pick_scores
from .files import ABOUT, read_json
from .progress import say, step
from .table import Table
from .train import read_model


def make(
    fitted: Pipeline, parts: data.Parts, table: Table, about: dict[str, Any]
) -> drift.Profile:
    """Profile the training part; scores and calibration come from the validation part.

    `about` is what models/model.json says of the model.
    """
    unseen = parts.validation
    if table.time:
        unseen = unseen.sort_values(table.time, kind="stable")
    scores, calibration = None, None
    if len(unseen):
        answers = predict.predict_chunks(fitted, unseen[table.features], table)
        scores = pick_scores(answers, table)
        if table.task == "classification":
            chances = estimate.read_chances(answers, table)
            calibration = estimate.calibrate(unseen[table.target], chances, table)
    made = drift.Profile.build(parts.train, table, scores)
    return drift.Profile(made.rows, made.columns, made.scores, about, calibration)


def log(path: Path) -> str | None:
    """Keep the profile with the run that made the model; gives the run's id if it is known."""
    if not tracking.RUN.is_file():
        return None
    client, run = tracking.connect(), tracking.read_run()
    client.log_artifact(run.run_id, str(path))
    return run.run_id


def main(_arguments: list[str]) -> None:
    """Make the profile of the model in models/."""
    fitted, about = read_model(), read_json(ABOUT, "run `make train`")
    table, parts = data.read_parts()
    with step(f"profile: {len(parts.train):,} rows x {len(table.columns)} columns"):
        made = make(fitted, parts, table, about)
        drift.write(made)
    run = log(profiles.PATH)
    size = profiles.PATH.stat().st_size / 1e3
    say(f"  {profiles.PATH}  {size:.0f} KB{f', kept with run {run}' if run else ''}")
