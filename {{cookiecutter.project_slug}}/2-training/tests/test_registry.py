"""A model that passes the gate is registered with all that tells where it comes from."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import joblib
import pytest

from {{ cookiecutter.package_name }} import (
    gate,
)
from {{ cookiecutter.package_name }}.data import (
    Parts,
)
from {{ cookiecutter.package_name }}.table import (
    Table,
)

PACKAGE = Parts.__module__.partition(".")[0]
# One process for all: most of the time goes into importing mlflow.
MAKE = """
from PACKAGE import evaluate, experiment, register
for stage in (experiment, evaluate, register):
    stage.main([])
"""
REGISTER = """
from PACKAGE import refusal, register
try:
    register.main([])
except refusal.Refusal as said:
    print(said)
"""
DESCRIBE = """
import json, mlflow
from PACKAGE import champion, data, tracking
version = champion.find(tracking.connect())
uri = "models:/" + version.name + "@champion"
model = mlflow.models.get_model_info(uri)
names = model.signature.inputs.input_names()
rows = data.read_parts()[1].validation.head(10)
print(json.dumps(dict(
    version=int(version.version),
    tags=dict(version.tags),
    inputs=names,
    example=model.saved_input_example_info is not None,
    answers=len(mlflow.pyfunc.load_model(uri).predict(rows[names])) == len(rows),
)))
"""


def run(code: str, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the folder, with a tracking store of its own."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    environment.pop("MLFLOW_TRACKING_URI", None)
    return subprocess.run(
        [sys.executable, "-c", code.replace("PACKAGE", PACKAGE), *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module", name="registered")
def fixture_registered(
    workplace: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A copy of the sample's project, with its model registered, moved elsewhere since."""
    first, folder = (tmp_path_factory.mktemp("place") / "here" for _ in range(2))
    shutil.copytree(workplace, first)
    done = run(MAKE, first)
    assert done.returncode == 0, done.stderr
    shutil.move(first, folder)
    return folder


@pytest.fixture(scope="module", name="champion")
def fixture_champion(registered: Path) -> dict[str, Any]:
    """What the registry knows of its champion."""
    done = run(DESCRIBE, registered)
    assert done.returncode == 0, done.stderr
    described: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return described


def test_the_champion_has_its_signature_and_answers(
    champion: dict[str, Any], table: Table
) -> None:
    assert champion["inputs"] == table.features
    assert champion["example"]
    assert champion["answers"]


def test_the_champion_names_its_code_and_its_data(
    champion: dict[str, Any], registered: Path, table: Table
) -> None:
    about = json.loads((registered / "models/model.json").read_text("utf-8"))
    assert champion["tags"]["data_sha256"] == about["data_sha256"]
    assert {"git_commit", "code_sha256", table.headline[0]} <= set(champion["tags"])


def test_a_model_is_registered_only_once(
    champion: dict[str, Any], registered: Path
) -> None:
    assert run(REGISTER, registered).returncode == 0
    again = json.loads((registered / "models/registered.json").read_text("utf-8"))
    assert again["version"] == champion["version"] == 1


def test_a_worse_model_is_not_registered(
    champion: dict[str, Any],
    registered: Path,
    parts: Parts,
    table: Table,
    tmp_path: Path,
) -> None:
    folder = tmp_path / "worse"
    shutil.copytree(registered, folder)
    joblib.dump(gate.build_baseline(parts.train, table), folder / "models/model.joblib")
    done = run(REGISTER, folder)
    assert "The model is not registered" in done.stdout, done.stderr
    described = json.loads(run(DESCRIBE, folder).stdout.splitlines()[-1])
    assert described["version"] == champion["version"]
