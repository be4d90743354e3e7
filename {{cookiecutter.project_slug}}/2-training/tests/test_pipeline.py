"""The pipeline knows what its stages are made of."""

from pathlib import Path

import pytest

from {{ cookiecutter.package_name }} import (
    versions,
)
from {{ cookiecutter.package_name }}.__main__ import (
    list_commands,
)
from {{ cookiecutter.package_name }}.files import (
    read_yaml,
)
from {{ cookiecutter.package_name }}.refusal import (
    Refusal,
)
from {{ cookiecutter.package_name }}.training import (
    read_training,
)

STAGES = read_yaml(Path(__file__).parent.parent / "dvc.yaml")["stages"]


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_runs_a_command_and_watches_its_code(name: str) -> None:
    stage = STAGES[name]
    command = stage["cmd"].split()[-1]
    assert command in list_commands()
    assert f"code.{command}" in stage["params"][0]["data/versions.json"]


@pytest.mark.parametrize("name", STAGES)
def test_what_a_stage_reads_is_in_git_or_made_by_an_earlier_one(name: str) -> None:
    made: set[str] = set()
    for earlier in STAGES:
        if earlier == name:
            break
        made |= {*STAGES[earlier].get("outs", []), *STAGES[earlier].get("metrics", [])}
    for path in STAGES[name]["deps"]:
        assert path in made or path.startswith("conf/")


def test_the_code_of_a_stage_includes_what_it_imports_by_way_of_others() -> None:
    assert {"train", "model", "features", "table"} <= set(
        versions.list_modules("experiment")
    )
    assert "train" not in versions.list_modules("data")


def test_packages_inside_the_package_are_followed_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in {
        "command.py": "from .deep.inner import x\nfrom PACKAGE import other\n",
        "deep/__init__.py": "",
        "deep/inner.py": "from ..root import y\nfrom . import beside\n",
        "deep/beside.py": "def f():\n    from .late import z\n",
        "deep/late.py": "",
        "root.py": "import json\n",
        "other.py": "",
        "unused.py": "",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.replace("PACKAGE", str(versions.__package__)), "utf-8")
    monkeypatch.setattr(versions, "HERE", tmp_path)
    assert versions.list_modules("command") == [
        *["command", "deep", "deep.beside", "deep.inner", "deep.late", "other", "root"]
    ]


def test_a_source_that_changes_has_another_version(tmp_path: Path) -> None:
    source = tmp_path / "table.csv"
    source.write_text("a\n1\n", "utf-8")
    before = versions.describe_source(str(source))
    source.write_text("a\n2\n", "utf-8")
    assert versions.describe_source(str(source)) != before


def test_a_source_that_is_not_there_is_refused() -> None:
    with pytest.raises(Refusal, match="neither a file nor"):
        versions.describe_source("no such table.csv")


@pytest.mark.parametrize(
    "text",
    ["gates: {}", "gate: {flor: 1}", "gate: {tolerance: much}", "gate: 3"],
)
def test_a_setting_that_is_not_known_or_fits_not_is_refused(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "training.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(Refusal):
        read_training(path)
