"""The papers say where a model comes from and what may go wrong, and what nobody stated."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sklearn.pipeline import Pipeline
from test_registry import run
from test_service import fixture_rows  # pylint: disable=unused-import

from {{ cookiecutter.package_name }} import (
    package,
    slices,
)
from {{ cookiecutter.package_name }}.events import (
    store,
)
from {{ cookiecutter.package_name }}.files import (
    read_json,
    write_json,
)
from {{ cookiecutter.package_name }}.governance import (
    risk,
    settings,
)
from {{ cookiecutter.package_name }}.history import (
    DEPLOYMENTS,
    TRAIL,
)
from {{ cookiecutter.package_name }}.refusal import (
    Refusal,
)
from {{ cookiecutter.package_name }}.table import (
    Table,
)

PACKAGE = slices.__name__.partition(".")[0]
DATA = "d" * 64
# One process for all: most of the time goes into importing mlflow.
WORK = """
import json, sys
from PACKAGE import governance, tracking
client = tracking.connect()
client.create_registered_model(tracking.NAME)
number = client.get_experiment_by_name(tracking.NAME).experiment_id
for data in (sys.argv[1], "e" * 64):
    run = client.create_run(number, tags={"data_sha256": data, "git_commit": "c0ffee"})
    client.create_model_version(tracking.NAME, "nowhere", run.info.run_id)
client.set_registered_model_alias(tracking.NAME, "champion", "1")
for command in ("inventory", "lineage"):
    governance.main([command])
verdict = {"decision": "promote", "reason": "better | on labels", "evidence": {"p": 0.01}}
for version in ("1", "2"):
    governance.file_promotion(version, verdict)
"""


@pytest.fixture(name="packaged", scope="module")
def fixture_packaged(
    workplace: Path,
    fitted: Pipeline,
    sample: pd.DataFrame,
    table: Table,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A project with the package of one version."""
    folder = tmp_path_factory.mktemp("governance")
    for name in ("conf", "data"):
        shutil.copytree(workplace / name, folder / name)
    about = read_json(workplace / "models/model.json", "train")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(workplace)
        made = folder / "packages/1"
        package.make_from(fitted, table, about, made, sample.head(200))
    return folder


@pytest.fixture(name="place", scope="module")
def fixture_place(packaged: Path, rows: list[dict[str, Any]]) -> Path:
    """The same with two versions, of which the first answered and was judged."""
    (packaged / "events").mkdir()
    with store.connect(packaged / "events/events.db") as log:
        query = (
            "INSERT INTO predictions (id, request, time, model, inputs) "
            "VALUES (?, 'r', ?, '1', ?)"
        )
        values = [
            (str(place), 1e9 + place, json.dumps(row)) for place, row in enumerate(rows)
        ]
        log.executemany(query, values)
        log.execute("INSERT INTO labels VALUES ('1', 2e9, 'x')")
        log.commit()
    for path, line in (
        (TRAIL, {"decision": "promote", "version": "1", "reason": "better"}),
        (DEPLOYMENTS, {"outcome": "live", "to": "1", "why": "promoted"}),
    ):
        (packaged / path).parent.mkdir()
        (packaged / path).write_text(json.dumps({"time": 2e9, **line}) + "\n", "utf-8")
    work(packaged)
    return packaged


def work(folder: Path) -> None:
    """Register, list, trace and file, with a tracking store of its own."""
    done = run(WORK, folder, DATA)
    assert done.returncode == 0, done.stderr


def test_the_inventory_names_every_version_with_its_origin_and_use(
    place: Path, rows: list[dict[str, Any]]
) -> None:
    first, second = read_json(place / "reports/inventory.json", "")
    assert (first["aliases"], second["aliases"]) == (["champion"], [])
    assert first["data_sha256"] == DATA
    assert first["git_commit"] == "c0ffee"
    assert first["answers_since"] == 2e9
    assert (first["rows_answered"], first["rows_labelled"]) == (len(rows), 1)
    assert (second["rows_answered"], second["package"]) == (0, None)
    text = (place / "reports/inventory.md").read_text("utf-8")
    assert text.count("\n| 1 |") == text.count("\n| 2 |") == 1


def test_the_lineage_leads_from_the_data_to_the_predictions(place: Path) -> None:
    found = read_json(place / "reports/lineage/1.json", "")
    assert found["data"]["sha256"] == DATA
    assert found["run"]["git_commit"] == "c0ffee"
    assert len(found["package"]["manifest_sha256"]) == 64
    assert found["decisions"][0]["reason"] == "better"
    assert found["deployments"][0]["why"] == "promoted"
    assert found["predictions"]["labelled"] == 1
    text = (place / "reports/lineage/1.md").read_text("utf-8")
    order = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert order[0] == "Data" and order[-1] == "Predictions"


def test_the_dossier_of_a_promotion_holds_what_was_decided_on(
    place: Path, table: Table
) -> None:
    folder = place / "operations/promotions/1"
    assert read_json(folder / "verdict.json", "")["evidence"] == {"p": 0.01}
    importance = read_json(folder / "importance.json", "")["columns"]
    assert importance[0]["column"] in table.features
    fairness = read_json(folder / "fairness.json", "")
    assert set(fairness["slices"]) == {*table.slices, *table.sensitive}
    text = (folder / "README.md").read_text("utf-8")
    assert "validation part" in text  # the log has one label only
    assert "better \\| on labels" in text
    assert "![" not in text
    for name in re.findall(r"\]\(([\w.]+)\)", text):
        assert (folder / name).is_file()


def test_a_dossier_says_what_is_missing_and_is_filed_all_the_same(place: Path) -> None:
    folder = place / "operations/promotions/2"
    text = (folder / "README.md").read_text("utf-8")
    assert "version 2 has no package here" in text
    assert not list(folder.parent.glob(".*"))


@pytest.fixture(name="_inside")
def fixture_inside(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work where a sample is prepared and a model trained."""
    monkeypatch.chdir(workplace)


def read_sheet(table: Table, folder: Path, **said: Any) -> settings.Sheet:
    """Read a sheet that was written with these words."""
    path = folder / "governance.yaml"
    path.write_text(json.dumps({"risk": said}), "utf-8")
    return settings.read_sheet(table, path)


@pytest.mark.usefixtures("_inside")
def test_what_nobody_stated_or_measured_is_said_to_be_missing(
    table: Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = read_sheet(table, tmp_path, owner="Ada", risks=[{"risk": "It rains."}])
    monkeypatch.setattr(slices, "SLICES", tmp_path / "none")
    text = risk.show(table, sheet, risk.measure(table))
    assert "**Owner.** Ada" in text
    assert f"**Last reviewed.** {risk.UNSTATED}" in text
    assert "1 of 1 risks are not graded" in text
    assert "Not measured: run `make performance`" in text
    assert "Not measured: run `make slices`" in text


@pytest.mark.usefixtures("_inside")
def test_no_sheet_claims_that_a_law_is_kept(table: Table, tmp_path: Path) -> None:
    sheet = read_sheet(table, tmp_path)
    text = risk.show(table, sheet, risk.measure(table)).lower()
    assert "no proof that a law or a standard is kept" in text
    for claim in ("compliant", "complies", "certified", "conforms"):
        assert claim not in text


def test_sentences_about_another_table_are_not_taken_over(
    table: Table, tmp_path: Path
) -> None:
    other = read_sheet(table, tmp_path, speaks_of="another", owner="Ada")
    assert other == settings.Sheet()


def test_the_worst_risk_stands_first_and_one_that_is_not_graded_before_it(
    table: Table, tmp_path: Path
) -> None:
    graded = [("rare", "low", "high"), ("bad", "high", "high"), ("new", "", "")]
    names = ("risk", "likelihood", "severity")
    risks = [dict(zip(names, one, strict=True)) for one in graded]
    found = settings.read_risks(read_sheet(table, tmp_path, risks=risks))
    assert [one.risk for one in found] == ["new", "bad", "rare"]


@pytest.mark.parametrize(
    "entry",
    [
        "rain",
        {"likelihood": "low"},
        {"risk": "a", "odds": "low"},
        {"risk": "a", "severity": "dire"},
    ],
)
def test_a_risk_that_cannot_be_read_is_refused(
    table: Table, tmp_path: Path, entry: Any
) -> None:
    with pytest.raises(Refusal, match="risk.risks"):
        read_sheet(table, tmp_path, risks=[entry])


@pytest.mark.usefixtures("_inside")
def test_without_a_sensitive_column_fairness_is_not_tested(
    table: Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slices, "SLICES", tmp_path / "slices.json")
    write_json(slices.SLICES, {"fairness": {}})
    text = risk.show_groups(replace(table, sensitive=[]))
    assert "**not tested**" in text
