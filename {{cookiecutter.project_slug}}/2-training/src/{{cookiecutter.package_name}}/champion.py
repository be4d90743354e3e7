"""The registered model that reigns: the alias `champion` points at its version."""

from typing import Any

import mlflow
from mlflow import MlflowClient
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException
from sklearn.pipeline import Pipeline

from . import tracking, train
from .files import ABOUT, MODEL
from .progress import say, step
from .refusal import Refusal

ALIAS = "champion"


def find(client: MlflowClient) -> ModelVersion | None:
    """Give the version with the alias, or None when nothing was registered yet."""
    try:
        return client.get_model_version_by_alias(tracking.NAME, ALIAS)
    except MlflowException as error:
        if error.error_code in {"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"}:
            return None
        raise


def crown(client: MlflowClient, version: ModelVersion) -> None:
    """Point the alias at a version; the one before stays registered."""
    client.set_registered_model_alias(tracking.NAME, ALIAS, version.version)


def load(version: ModelVersion) -> Pipeline:
    """Load a registered model; it needs the code of its features to be there still."""
    try:
        return mlflow.sklearn.load_model(f"models:/{version.name}/{version.version}")
    except Exception as error:  # pylint: disable=broad-except
        reason = " ".join(str(error).split())[:200]
        raise Refusal(
            f"Version {version.version}, the champion, cannot be loaded ({reason}); bring "
            "its code back, or delete its alias in `make tracking-ui` to start afresh."
        ) from error


def read_about(version: ModelVersion) -> dict[str, Any]:
    """Read what was written of the model when it was trained."""
    return mlflow.artifacts.load_dict(f"runs:/{version.run_id}/{ABOUT.name}")


def main(_arguments: list[str]) -> None:
    """Put the champion in models/, where predictions and the service look."""
    version = find(tracking.connect())
    if version is None:
        raise Refusal("No model is registered yet; run `make pipeline`.")
    with step(f"champion: bringing back version {version.version}"):
        train.save(load(version), read_about(version))
    say(f"  {MODEL}  run {version.run_id}")
