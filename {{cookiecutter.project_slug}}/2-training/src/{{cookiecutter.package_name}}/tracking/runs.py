"""Read a tracked run back: what it was made of, and the code as it was then."""

import io
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from .. import tracking
from ..refusal import Refusal

CODE = "code"


@dataclass(frozen=True)
class Record:
    """What the tracking store holds of one training run."""

    run_id: str
    tags: dict[str, str]
    parameters: dict[str, str]
    metrics: dict[str, float]
    model: str

    @property
    def short(self) -> str:
        """The first signs of the id, for people."""
        return self.run_id[:8]


def find(client: MlflowClient, run_id: str) -> Record:
    """Read a run; refuse what is not there or did not train a model."""
    try:
        run = client.get_run(run_id)
    except MlflowException as error:
        raise Refusal(
            f"There is no run {run_id!r} in {mlflow.get_tracking_uri()}; "
            "models/run.json names the last one."
        ) from error
    models = run.outputs.model_outputs if run.outputs else []
    if "data_sha256" not in run.data.tags or not models:
        raise Refusal(f"Run {run_id} did not train a model; name one that did.")
    return Record(
        run_id=run_id,
        tags=dict(run.data.tags),
        parameters=dict(run.data.params),
        metrics=dict(run.data.metrics),
        model=f"models:/{models[0].model_id}",
    )


def fetch(record: Record, name: str, folder: Path) -> Path:
    """Copy a file or folder of the run into `folder` and give its path."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        found = mlflow.artifacts.download_artifacts(
            run_id=record.run_id, artifact_path=name, dst_path=str(folder)
        )
    except (MlflowException, OSError) as error:
        raise Refusal(
            f"Run {record.run_id} has no {name}; it is kept with runs of `make pipeline`."
        ) from error
    return Path(found)


def log_code() -> None:
    """Keep the code with the active run: a commit does not tell it when files were changed."""
    with tempfile.TemporaryDirectory() as name:
        for path in tracking.list_code():
            copy = Path(name) / path
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        mlflow.log_artifacts(name, CODE)


def restore_code(record: Record, folder: Path) -> str:
    """Put the run's code into an empty folder, proven by its hash; gives where it is from."""
    commit, proof = record.tags["git_commit"], record.tags["code_sha256"]
    if _unpack(commit, folder) and tracking.hash_code(folder) == proof:
        return f"commit {commit[:8]}"
    shutil.rmtree(folder)
    folder.mkdir()
    copy = fetch(record, CODE, folder)
    for path in sorted(copy.iterdir()):
        path.rename(folder / path.name)
    copy.rmdir()
    if tracking.hash_code(folder) != proof:
        raise Refusal(
            f"The code and settings kept with run {record.run_id} are not those that it "
            "was made of: their SHA-256 differs from the one in its tags."
        )
    return "the copy kept with the run, which differs from its commit"


def _unpack(commit: str, folder: Path) -> bool:
    """Unpack a commit of this project; False without git or without that commit."""
    prefix = tracking.ask_git("rev-parse", "--show-prefix")
    try:
        done = subprocess.run(
            ["git", "archive", "--format=tar", f"{commit}:{prefix}"],
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    if done.returncode:
        return False
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        # Python before 3.11.4 knows no filter, and takes no argument of that name.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(folder)
    return True
