"""A short simulated time, through the real service, ends with numbers and a picture."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.pipeline import Pipeline

from {{ cookiecutter.package_name }} import (
    clocked,
    data,
    simulate,
    train,
)
from {{ cookiecutter.package_name }}.files import (
    read_yaml,
)
from {{ cookiecutter.package_name }}.history import (
    DECISIONS,
)
from {{ cookiecutter.package_name }}.operate.settings import (
    Simulation,
)
from {{ cookiecutter.package_name }}.refusal import (
    Refusal,
)
from {{ cookiecutter.package_name }}.simulate import (
    picture,
    plan,
    rivals,
    traffic,
    year,
)
from {{ cookiecutter.package_name }}.table import (
    Table,
)

PACKAGE = simulate.__name__.partition(".")[0]


@pytest.fixture(scope="module", name="planned")
def fixture_planned(parts: data.Parts, table: Table) -> plan.Plan:
    """A plan of a few hundred rows."""
    if parts.live.empty:
        pytest.skip("no row is in the live part; change `split`")
    return plan.make(parts, table, Simulation(), plan.Wish(rows=600))


@pytest.fixture(scope="module", name="lived")
def fixture_lived(
    workplace: Path, planned: plan.Plan, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A project in which the first period was simulated, by the command that users run."""
    folder = tmp_path_factory.mktemp("lived") / "project"
    shutil.copytree(workplace, folder, ignore=shutil.ignore_patterns("events"))
    (folder / "src").symlink_to(Path(simulate.__file__).resolve().parents[2])
    settings = read_yaml(folder / "conf/operations.yaml")
    settings["simulation"] |= {"rows": 1_000, "turn_days": 15}
    settings["comparison"]["min_rows"] = 20
    (folder / "conf/operations.yaml").write_text(json.dumps(settings), "utf-8")
    (folder / "conf/settings.yaml").write_text("seed: 1\nmodel: {max_iter: 5}\n")
    first = str(int(planned.periods[0].replace("-", " ").split()[-1]))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-m", PACKAGE, "simulate"],
        cwd=folder,
        env=environment | {"MONTHS": first, "MLFLOW_TRACKING_URI": "http://nowhere"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (folder / "said").write_text(done.stdout, "utf-8")
    return folder


@pytest.fixture(scope="module", name="found")
def fixture_found(lived: Path) -> dict[str, Any]:
    """The numbers that it ended with."""
    text = (lived / "reports/simulation.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def test_every_row_was_answered_and_scored(
    found: dict[str, Any], lived: Path, table: Table
) -> None:
    period = found["periods"][0]
    rows = found["answered"]
    assert rows + found["refused"] == found["rows"]["later"] > 0
    assert found["lines"]["managed"][period]["rows"] == rows
    metric = table.headline[0]
    for line in ("frozen", "managed", "oracle"):
        value = found["lines"][line][period][metric]
        assert value is None or np.isfinite(value)
    kept = count(lived / "operations/simulation/events/events.db", "predictions")
    assert kept == rows


def count(path: Path, name: str) -> int:
    with sqlite3.connect(path) as database:
        found = database.execute(f"SELECT count(*) FROM {name}").fetchone()
    database.close()
    return int(found[0])


def test_a_challenger_answered_unseen_and_labels_came_late(
    found: dict[str, Any], lived: Path
) -> None:
    decisions = [item["decision"] for item in found["decisions"]]
    assert "challenge" in decisions
    assert set(decisions) <= set(DECISIONS)
    folder = lived / "operations/simulation"
    assert found["shadows"] == count(folder / "events/events.db", "shadows") > 0
    assert 0 < count(folder / "events/events.db", "labels") <= found["answered"]


def test_the_owners_registry_packages_and_events_are_not_touched(lived: Path) -> None:
    for name in ("mlflow.db", "packages", "events", "operations/trail.jsonl"):
        assert not (lived / name).exists()
        assert (lived / "operations/simulation" / name).exists()


def test_it_ends_with_a_table_of_80_columns_and_a_picture(lived: Path) -> None:
    lines = (lived / "said").read_text("utf-8").splitlines()
    begin = next(place for place, line in enumerate(lines) if "frozen" in line)
    assert max(len(line) for line in lines[begin - 1 : begin + 4]) <= 80
    assert (lived / "reports/simulation.png").stat().st_size > 10_000


def test_the_operators_page_of_its_last_day_knows_performance_and_versions(
    lived: Path,
) -> None:
    page = (lived / "operations/simulation/reports/status.html").read_text("utf-8")
    assert "never measured" not in page
    assert "version 1" in page
    assert "operations/simulation/reports/status.html" in (lived / "said").read_text()


def test_labels_come_after_their_rows_and_rows_in_their_order(
    planned: plan.Plan,
) -> None:
    low, high = (days * 86_400.0 for days in Simulation().label_days)
    delay = planned.known - planned.at
    assert delay.between(low, high).all()
    assert planned.at.is_monotonic_increasing
    assert planned.at.between(planned.begin, planned.until).all()
    spans = list(year.list_spans(planned, 7))
    assert (spans[0][0], spans[-1][1]) == (planned.begin, planned.until)


def test_a_table_without_months_is_lived_through_in_ten_steps(
    parts: data.Parts, table: Table
) -> None:
    if parts.live.empty:
        pytest.skip("no row is in the live part; change `split`")
    rows = parts.live.head(1_000).reset_index(drop=True)
    if table.time:
        rows[table.time] = pd.Timestamp("2020-01-01")
    made = plan.make(
        data.Parts(parts.train.head(50), parts.validation.head(10), rows),
        table,
        Simulation(),
        plan.Wish(),
    )
    assert len(made.periods) == plan.STEPS
    assert made.until - made.begin == plan.STEPS * plan.STEP_DAYS * plan.DAY
    assert made.locate(made.begin) == 0
    assert made.locate(made.until) == plan.STEPS


def test_months_that_are_not_the_first_ones_are_refused(
    parts: data.Parts, table: Table
) -> None:
    if parts.live.empty:
        pytest.skip("no row is in the live part; change `split`")
    for words in ("13-14", "x", "0"):
        with pytest.raises(Refusal, match="MONTHS"):
            plan.make(parts, table, Simulation(), plan.Wish(months=words))


def test_the_oracle_knows_all_that_came_before_and_nothing_else(
    planned: plan.Plan, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[set[Any]] = []

    def note(rows: pd.DataFrame, *_: Any) -> str:
        seen.append(set(rows["place"]))
        return "a model"

    monkeypatch.setattr(train, "fit", note)
    monkeypatch.setattr(rivals, "score", lambda *_: {"rows": 1})
    marked = plan.Plan(
        planned.train,
        planned.before.assign(place=-1),
        planned.later.assign(place=range(len(planned.later))),
        planned.at,
        planned.known,
        planned.period,
        planned.begins,
        planned.until,
    )
    rivals.score_oracle(marked, table, None)  # type: ignore[arg-type]
    for name, known in zip(planned.periods, seen, strict=True):
        mine = set(marked.later["place"][marked.period == name])
        assert not mine & known
        assert known - {-1} == set(range(min(mine)))


def test_rows_are_written_as_the_service_reads_them(
    sample: pd.DataFrame, table: Table, fitted: Pipeline
) -> None:
    assert fitted is not None
    written = json.loads(json.dumps(traffic.write_rows(sample.head(20), table)))
    back = data.conform(pd.DataFrame(written), table)[table.features]
    pd.testing.assert_frame_equal(
        back, sample.head(20)[table.features], check_dtype=False
    )


def test_a_request_carries_its_time() -> None:
    name = clocked.name_request(1_364_774_400.25, 7)
    assert clocked.read_time(name) == pytest.approx(1_364_774_400.25)


def test_the_picture_marks_each_decision(table: Table, tmp_path: Path) -> None:
    metrics = picture.choose_metrics(table)
    values = {"one": dict.fromkeys(metrics, 0.5), "two": dict.fromkeys(metrics)}
    found = {
        "periods": ["one", "two"],
        "lines": dict.fromkeys(picture.LINES, values),
        "decisions": [
            {"decision": kind, "version": "3", "place": place / 5}
            for place, kind in enumerate(picture.MARKS)
        ],
    }
    assert picture.draw(found, table, tmp_path / "year.png").is_file()
