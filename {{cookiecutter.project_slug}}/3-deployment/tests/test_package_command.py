"""`make package` makes whole packages of registered versions, also when it is disturbed."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from {{ cookiecutter.package_name }} import (
    package,
    scoring,
)
from {{ cookiecutter.package_name }}.refusal import (
    Refusal,
)
from {{ cookiecutter.package_name }}.scoring import (
    manifest,
)
from {{ cookiecutter.package_name }}.table import (
    Table,
)

PROJECT = package.__name__.partition(".")[0]
# The model of the sample is registered, without the stages that judge it, and packaged.
RELEASE = """
import json, mlflow, sqlite3
from PROJECT import aliases, data, experiment, package, refusal, tracking, train
from PROJECT.files import ABOUT, read_json

def say_why(*words):
    try:
        package.main(list(words))
    except refusal.Refusal as said:
        return str(said)

told = {"nothing yet": say_why()}
client = tracking.connect()
table, parts = data.read_parts()
about = read_json(ABOUT, "")
made = tracking.Run(**experiment.log(train.read_model(), parts.train, table, about))
client.create_registered_model(tracking.NAME)
client.create_model_version(
    tracking.NAME, made.model, made.run_id, model_id=made.model_id
)
client.set_registered_model_alias(tracking.NAME, "champion", "1")
package.main([])
told["signature"] = mlflow.models.get_model_info("models:/PROJECT/1").signature.to_dict()
told["unknown"] = say_why("--version", "9")
holder = sqlite3.connect("mlflow.db")
holder.execute("BEGIN EXCLUSIVE")
aliases.PATIENCE_SECONDS = 0.1
told["locked"] = say_why()
print(json.dumps(told))
"""
# What mlflow takes seconds to fetch is fetched from models/ here; all else is the command.
PACK = """
import os, signal, sys, types
from PROJECT import package, table, train
from PROJECT.package import assembly

def fetch(found):
    return assembly.Model(train.read_model(), table.read_table(), {}, "", found.run_id)

package.registered = types.ModuleType("PROJECT.package.registered")
sys.modules[package.registered.__name__] = package.registered
package.registered.find = lambda version: types.SimpleNamespace(run_id="a run")
package.registered.fetch = fetch
"""
# Whoever makes the package waits until the other one is at the door, and then a little.
MEET = """
import pathlib, time
pathlib.Path(f"here-{os.getpid()}").touch()

def fetch_slowly(found):
    pathlib.Path(f"made-{os.getpid()}").touch()
    while len([*pathlib.Path().glob("here-*")]) < 2:
        time.sleep(0.05)
    time.sleep(1)
    return fetch(found)

package.registered.fetch = fetch_slowly
"""
DIE = "assembly.manifest.write = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
GO = "package.main(['--version', '3'])"


def start(code: str, folder: Path) -> subprocess.Popen[str]:
    """Start Python in the folder, with a registry of its own."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    environment.pop("MLFLOW_TRACKING_URI", None)
    return subprocess.Popen(
        [sys.executable, "-c", code.replace("PROJECT", PROJECT)],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture(name="place")
def fixture_place(workplace: Path, tmp_path: Path) -> Path:
    """A copy of the sample's project."""
    return shutil.copytree(workplace, tmp_path / "here")


@pytest.fixture(scope="module", name="released")
def fixture_released(
    workplace: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Any]]:
    """A copy of the sample's project with its model released, and what was said."""
    folder = tmp_path_factory.mktemp("released") / "here"
    shutil.copytree(workplace, folder)
    with start(RELEASE, folder) as process:
        said, _ = process.communicate()
    assert process.returncode == 0, said
    return folder, json.loads(said.splitlines()[-1])


def list_names(place: Path) -> list[str]:
    """Name what lies beside the packages, too."""
    return sorted(path.name for path in (place / package.PACKAGES).iterdir())


def test_the_champion_is_packaged_and_named(
    released: tuple[Path, dict[str, Any]], table: Table
) -> None:
    folder, _ = released
    assert list_names(folder) == [".lock", "1", "champion.json"]
    champion = json.loads((folder / package.CHAMPION).read_text("utf-8"))
    assert champion == {"version": "1"}
    scorer = scoring.load(folder / package.PACKAGES / "1")
    assert (scorer.version, scorer.table) == ("1", table)
    assert scorer.about["data_sha256"]


def test_the_package_has_the_signature_of_the_registered_model(
    released: tuple[Path, dict[str, Any]],
) -> None:
    folder, told = released
    path = folder / package.PACKAGES / "1" / manifest.SIGNATURE
    signature = json.loads(path.read_text("utf-8"))
    for side in ("inputs", "outputs"):
        assert signature[side] == json.loads(told["signature"][side])


def test_what_cannot_be_packaged_is_told_in_one_sentence(
    released: tuple[Path, dict[str, Any]],
) -> None:
    _, told = released
    assert "No model is registered yet" in told["nothing yet"]
    assert "There is no version '9'" in told["unknown"]
    assert "The registry is busy" in told["locked"]


def test_two_at_once_end_well_with_one_package(place: Path) -> None:
    code = PACK + MEET + GO
    with start(code, place) as first, start(code, place) as second:
        said = [process.communicate()[0] for process in (first, second)]
    assert (first.returncode, second.returncode) == (0, 0), said
    assert len([*place.glob("made-*")]) == 1
    assert list_names(place) == [".lock", "3"]
    assert scoring.load(place / package.PACKAGES / "3").version == "3"


def test_a_killed_command_leaves_nothing_to_load_and_the_next_one_cleans_up(
    place: Path,
) -> None:
    folder = place / package.PACKAGES / "3"
    with start(PACK + DIE + GO, place) as killed:
        said, _ = killed.communicate()
    assert killed.returncode == -9, said
    [left] = set(list_names(place)) - {".lock"}
    assert left.startswith(".")
    with pytest.raises(Refusal, match="There is no package"):
        scoring.load(folder)
    # The second time a byte has changed meanwhile: such a package is made again, too.
    change = f"\nopen({str(folder / manifest.ABOUT)!r}, 'w').close()\n"
    with start(PACK + GO + change + GO, place) as again:
        said, _ = again.communicate()
    assert again.returncode == 0, said
    assert list_names(place) == [".lock", "3"]
    assert scoring.load(folder).version == "3"
