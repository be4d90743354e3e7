"""Put everything that makes up one run into one folder that can be handed over."""

import argparse
import os
import platform
import shutil
import tempfile
from importlib import metadata
from pathlib import Path
from typing import Any

import mlflow

from .. import data, sandbox, tracking
from ..files import ABOUT, PREPARED, write_json
from ..progress import say, step
from ..refusal import Refusal
from ..settings import PATH as SETTINGS_FILE
from ..settings import read_settings
from ..table import PARTS, PATH, read_table
from ..tracking import runs
from ..tracking.runs import Record
from ..versions import find_lock
from . import manifest, scenarios

BUNDLES = Path("bundles")
# Makes a plain model file of the one that was tracked, with the code that belongs to it.
CONVERT = """
import sys, joblib, mlflow.sklearn
joblib.dump(mlflow.sklearn.load_model(sys.argv[1]), sys.argv[2])
"""
README = """# Model bundle of run {run_id}

| Folder | What is in it |
| --- | --- |
| 1-code | the source, {origin} |
| 2-settings | conf/ as it was |
| 3-data | which data: SHA-256, source, columns, split{with_data} |
| 4-model | model.joblib, what is known of it, and the tracked model |
| 5-environment | the locked packages and the Python |
| 6-documentation | the model card, metrics and plots |
| 7-tests | rows and the predictions that the model must give for them |

Each file and its SHA-256 is in {manifest}; `sha256sum --check {manifest}` reads it, too.
In the project, `make bundle-check BUNDLE=this/folder` also predicts the scenarios again.

By hand: install 5-environment/requirements.txt, then, in an empty folder with 2-settings
as `conf` and 4-model as `models`:

```sh
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=1-code/src python -m {package} predict --data 7-tests/inputs.csv --out predictions.csv
```

and compare predictions.csv with 7-tests/expected.csv. A model file runs code while it is
loaded: check where a bundle is from before you use it.
"""


def build(record: Record, folder: Path, with_data: bool) -> str:
    """Fill the folder with the seven parts and give its fingerprint."""
    code = folder / scenarios.CODE
    code.mkdir(parents=True)
    origin = runs.restore_code(record, code)
    shutil.copytree(code / "conf", folder / scenarios.SETTINGS)
    add_data(record, folder, with_data)
    add_model(record, folder)
    add_environment(folder)
    runs.fetch(record, "reports", folder).rename(folder / "6-documentation")
    add_scenarios(folder)
    text = README.format(
        run_id=record.run_id,
        origin=origin,
        with_data=", and the table itself" if with_data else "",
        manifest=manifest.MANIFEST,
        package=tracking.NAME,
    )
    (folder / "README.md").write_text(text, "utf-8")
    return manifest.write(folder)


def add_data(record: Record, folder: Path, with_data: bool) -> None:
    """Say which data it was; the table itself only when it is asked for."""
    then = record.tags["data_sha256"]
    if not PREPARED.is_file() or data.fingerprint() != then:
        raise Refusal(
            f"{PREPARED} is not the data of run {record.run_id}; put that data back and "
            "run `make data`: the test scenarios are taken from it."
        )
    table = read_table(folder / scenarios.SETTINGS / PATH.name)
    settings = read_settings(folder / scenarios.SETTINGS / SETTINGS_FILE.name)
    parts = data.split(data.read_prepared(table), table, settings.seed)
    there = folder / "3-data"
    said: dict[str, Any] = {
        "columns": {column.name: column.kind for column in table.columns},
        "rows": {part: len(getattr(parts, part)) for part in PARTS},
        "sha256": then,
        "source": table.source,
        "split": table.split,
        "target": table.target,
    }
    write_json(there / "data.json", said)
    if Path("dvc.lock").is_file():
        shutil.copyfile("dvc.lock", there / "dvc.lock")
    if with_data:
        shutil.copyfile(PREPARED, there / PREPARED.name)


def add_model(record: Record, folder: Path) -> None:
    """Add the tracked model, and the same as the file that the commands read."""
    there = folder / scenarios.MODEL
    runs.fetch(record, ABOUT.name, there)
    mlflow.artifacts.download_artifacts(record.model, dst_path=str(there / "mlflow"))
    tracked, plain = (there / "mlflow").resolve(), (there / "model.joblib").resolve()
    code = folder / scenarios.CODE / "src"
    sandbox.run(there, code, "-c", CONVERT, str(tracked), str(plain))


def add_environment(folder: Path) -> None:
    """Add the lock of the run's code and the versions that made this bundle."""
    there = folder / "5-environment"
    there.mkdir()
    lock = find_lock(folder / scenarios.CODE)
    if lock:
        shutil.copyfile(lock, there / "requirements.txt")
    write_json(
        there / "environment.json",
        {
            "packages": {i.name: i.version for i in metadata.distributions()},
            "platform": platform.platform(),
            "python": platform.python_version(),
        },
    )


def add_scenarios(folder: Path) -> None:
    """Take rows of the validation part, and let the bundled model predict them."""
    table = read_table(folder / scenarios.SETTINGS / PATH.name)
    seed = read_settings(folder / scenarios.SETTINGS / SETTINGS_FILE.name).seed
    parts = data.split(data.read_prepared(table), table, seed)
    scenarios.write(folder, parts.validation, table, seed)


def main(arguments: list[str]) -> None:
    """Build beside the place and move it there in one step: a bundle is whole or not there."""
    parser = argparse.ArgumentParser(prog="bundle", description=__doc__)
    parser.add_argument("run", nargs="?", default=os.environ.get("RUN"))
    named = parser.parse_args(arguments).run
    with_data = os.environ.get("WITH_DATA", "") not in {"", "0"}
    client = tracking.connect()
    record = runs.find(client, named or tracking.read_run().run_id)
    place = BUNDLES / record.run_id
    BUNDLES.mkdir(exist_ok=True)
    with (
        step(f"bundle: run {record.short}"),
        tempfile.TemporaryDirectory(dir=BUNDLES, prefix=".draft-") as name,
    ):
        mark = build(record, Path(name) / "bundle", with_data)
        shutil.rmtree(place, ignore_errors=True)
        (Path(name) / "bundle").rename(place)
    say(f"  {place}  fingerprint {mark}")
    say(f"  prove it anywhere: make bundle-check BUNDLE={place}")
