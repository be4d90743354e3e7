"""Fetch a registered version with all that was kept of its run."""

import tempfile
from pathlib import Path

import mlflow
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException

from .. import champion, tracking
from ..refusal import Refusal
from ..table import PATH, read_table
from .assembly import Model

CARD = "reports/model_card.md"


def find(version: str) -> ModelVersion:
    """Find a version in the registry, or say that it is not there."""
    client = tracking.connect()
    try:
        return client.get_model_version(tracking.NAME, version)
    except MlflowException as error:
        raise Refusal(
            f"There is no version {version!r} of {tracking.NAME} in "
            f"{mlflow.get_tracking_uri()}; `make tracking-ui` lists them."
        ) from error


def fetch(version: ModelVersion) -> Model:
    """Load the model, and read the table's description and the card from its run."""
    run_id = str(version.run_id)
    with tempfile.TemporaryDirectory() as name:
        described = _download(run_id, f"conf/{PATH.name}", name)
        if described is None:
            raise Refusal(
                f"Run {run_id} kept no conf/{PATH.name}; train it with `make pipeline`."
            )
        table = read_table(described)
        card = _download(run_id, CARD, name)
        text = card.read_text("utf-8") if card else version.description or ""
    about = champion.read_about(version)
    return Model(champion.load(version), table, about, text, run_id)


def _download(run_id: str, path: str, folder: str) -> Path | None:
    """Copy a file of the run; None when the run has none."""
    try:
        return Path(
            mlflow.artifacts.download_artifacts(
                run_id=run_id, artifact_path=path, dst_path=folder
            )
        )
    except (MlflowException, OSError):
        return None
