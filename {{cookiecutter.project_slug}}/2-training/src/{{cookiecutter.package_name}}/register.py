"""Register the model when it passes the gate, and make it the champion."""

from pathlib import Path

import mlflow
from mlflow import MlflowClient
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException

from . import champion, data, gate, tracking, train
from .evaluate import Score, score
from .files import REPORTS, write_json
from .progress import say, step
from .refusal import Refusal
from .table import Table
from .tracking import logbook
from .training import read_training

REGISTERED = Path("models/registered.json")
CARD = REPORTS / "model_card.md"
# What the registry's database has room for.
LONGEST = 5_000
ORIGIN = ("git_commit", "git_dirty", "code_sha256", "data_sha256", "table")


def find_run(client: MlflowClient) -> tracking.Run:
    """Give the run that made models/model.joblib; it may lie in another store."""
    run = tracking.read_run()
    try:
        client.get_run(run.run_id)
    except MlflowException as error:
        raise Refusal(
            f"Run {run.run_id} of models/ is not in {mlflow.get_tracking_uri()}; "
            "train again with `make pipeline FORCE=1`."
        ) from error
    return run


def find_rivals(
    client: MlflowClient, parts: data.Parts, table: Table
) -> tuple[list[gate.Rival], str]:
    """Score the baseline and the champion on the validation part, and say who competes."""
    baseline = score(gate.build_baseline(parts.train, table), parts.validation, table)
    dummy = gate.Rival("a baseline that knows no input", baseline)
    version = champion.find(client)
    if version is None:
        return [dummy], "there is no champion yet"
    name = f"the champion, version {version.version}"
    about = champion.read_about(version)
    obstacle = gate.find_obstacle(about, table, data.fingerprint())
    if obstacle:
        return [dummy], f"{name}, is not compared: {obstacle}"
    reigning = score(champion.load(version), parts.validation, table)
    rival = gate.Rival(name, reigning, read_training().gate.tolerance)
    metric, _ = table.headline
    return [
        dummy,
        rival,
    ], f"{name}, has {metric} {reigning[metric]:.4f} on the same rows"


def create_version(
    client: MlflowClient, run: tracking.Run, table: Table, found: Score, card: str
) -> ModelVersion:
    """Register the run's model, once, with its origin, its headline metric and its card.

    No alias is changed: who calls decides what the version is for.
    """
    tags = client.get_run(run.run_id).data.tags
    metric, _ = table.headline
    there = client.search_model_versions(f"run_id = '{run.run_id}'")
    if there:  # registered by hand before: once is enough
        return there[0]
    if not client.search_registered_models(f"name = '{tracking.NAME}'"):
        client.create_registered_model(tracking.NAME)
    return client.create_model_version(
        tracking.NAME,
        source=run.model,
        run_id=run.run_id,
        model_id=run.model_id,
        tags={name: tags[name] for name in ORIGIN} | {metric: f"{found[metric]:.6f}"},
        description=card,
    )


def read_card(run_id: str) -> str:
    """The card, cut to what the registry holds."""
    card = CARD.read_text("utf-8") if CARD.is_file() else ""
    end = f"\n\nThe rest stands in reports/{CARD.name} of run {run_id}.\n"
    return card if len(card) <= LONGEST else card[: LONGEST - len(end)] + end


def refuse(client: MlflowClient, run: tracking.Run, reasons: list[str]) -> None:
    """Mark the run and stop; what reigned goes on reigning."""
    why = "; ".join(reasons)
    client.set_tag(run.run_id, "gate", "refused")
    client.set_tag(run.run_id, "gate_reason", why)
    version = champion.find(client)
    stays = (
        f" Version {version.version} stays the champion; `make champion` brings it back "
        "to models/."
        if version
        else ""
    )
    raise Refusal(f"The model is not registered: {why}.{stays}")


def main(_arguments: list[str]) -> None:
    """Hold the model against its rivals; register it, or say why not and stop."""
    client = tracking.connect()
    run, table, parts = find_run(client), *data.read_parts()
    with step(f"register: judging on {len(parts.validation):,} rows"):
        found = score(train.read_model(), parts.validation, table)
        rivals, said = find_rivals(client, parts, table)
        logbook.log_reports(client, run, found)
    say(f"  {said}")
    reasons = gate.judge(found, rivals, read_training().gate, table.headline)
    if reasons:
        refuse(client, run, reasons)
    version = create_version(client, run, table, found, read_card(run.run_id))
    champion.crown(client, version)
    client.set_tag(run.run_id, "gate", "passed")
    about = {
        "name": version.name,
        "run_id": run.run_id,
        "version": int(version.version),
    }
    write_json(REGISTERED, about)
    say(f"  version {version.version} of {version.name} is registered and champion")
