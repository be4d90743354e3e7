"""Connect to the store of runs and models, and say which code and data a run is made of."""

import hashlib
import logging
import os
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Nothing may call out, and mlflow reads these while it is imported.
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["DO_NOT_TRACK"] = "true"
os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")

# pylint: disable=wrong-import-position
import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from .. import files
from ..refusal import Refusal

# The experiment and the registered model bear the package's name.
NAME = __name__.partition(".")[0]
DATABASE = Path("mlflow.db")
ARTIFACTS = "mlartifacts"
RUN = Path("models/run.json")


@dataclass(frozen=True)
class Run:
    """A tracked run and the URI of the model that it logged."""

    run_id: str
    model: str

    @property
    def model_id(self) -> str:
        """The id in models:/<id>."""
        return self.model.rsplit("/", maxsplit=1)[-1]


def connect() -> MlflowClient:
    """Choose the store: MLFLOW_TRACKING_URI, or else a database file in this folder."""
    logging.getLogger("mlflow").setLevel(logging.ERROR)
    uri = os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{DATABASE}"
    mlflow.set_tracking_uri(uri)
    try:
        client = MlflowClient()
        if client.get_experiment_by_name(NAME) is None:
            _start_experiment(client, uri)
        mlflow.set_experiment(NAME)
    except MlflowException as error:
        reason = str(error).splitlines()[0]
        raise Refusal(f"The tracking store {uri} does not answer: {reason}") from error
    return client


def _start_experiment(client: MlflowClient, uri: str) -> None:
    """Create the experiment; in a local store its files lie beside the database.

    mlflow would write this folder's absolute path into the database, and every model would
    be lost when the project is moved or copied.
    """
    number = client.create_experiment(NAME)
    if uri == f"sqlite:///{DATABASE}":
        change = "UPDATE experiments SET artifact_location = ? WHERE experiment_id = ?"
        with closing(sqlite3.connect(DATABASE)) as database:
            database.execute(change, (ARTIFACTS, number))
            database.commit()


def read_code_version() -> dict[str, str]:
    """Give the git commit, whether files differ from it, and a SHA-256 of what is run."""
    commit = ask_git("rev-parse", "HEAD")
    return {
        "git_commit": commit or "none",
        "git_dirty": str(bool(ask_git("status", "--porcelain"))).lower(),
        "code_sha256": hash_code(),
    }


def ask_git(*words: str) -> str:
    """Ask git; a project without it, or without a commit, gets an empty answer."""
    try:
        done = subprocess.run(
            ["git", *words], capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def list_code(folder: Path = Path()) -> list[Path]:
    """List the files that a run is made of: the source, the settings and the lock."""
    kinds = ("src/**/*.py", "conf/*.yaml", "requirements/*.txt", "dvc.yaml")
    return sorted(
        path.relative_to(folder) for kind in kinds for path in folder.glob(kind)
    )


def hash_code(folder: Path = Path()) -> str:
    """Give the SHA-256 over the names and bytes of the code in a folder."""
    seen = hashlib.sha256()
    for path in list_code(folder):
        seen.update(f"{path.as_posix()}\0".encode())
        seen.update(bytes.fromhex(files.hash_file(folder / path)))
    return seen.hexdigest()


def read_run() -> Run:
    """Give the run that made the model in models/."""
    return Run(**files.read_json(RUN, "run `make pipeline`"))


def read_metrics(score: dict[str, Any]) -> dict[str, float]:
    """Keep the numbers of a score: mlflow knows no missing metric."""
    return {
        name: float(value)
        for name, value in score.items()
        if isinstance(value, (int, float))
    }
