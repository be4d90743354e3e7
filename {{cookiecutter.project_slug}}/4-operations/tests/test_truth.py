"""Labels that come late find their predictions, and say how good the model was."""

import json
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.pipeline import Pipeline

from {{ cookiecutter.package_name }} import (
    events,
    predict,
    truth,
)
from {{ cookiecutter.package_name }}.evaluate import (
    score,
)
from {{ cookiecutter.package_name }}.refusal import (
    Refusal,
)
from {{ cookiecutter.package_name }}.table import (
    Column,
    Table,
)
from {{ cookiecutter.package_name }}.truth import (
    intake,
    measure,
    performance,
)

DAY = 86_400.0


@pytest.fixture(name="place")
def fixture_place(
    workplace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A folder with the settings, to work in."""
    (tmp_path / "conf").symlink_to(workplace / "conf")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(name="logged")
def fixture_logged(
    place: Path, sample: pd.DataFrame, fitted: Pipeline, table: Table
) -> pd.DataFrame:
    """A log of the sample's predictions, made ten days ago; gives the rows with their ids."""
    assert place.is_dir()
    rows = sample.head(400).copy()
    name = table.id or intake.GIVEN_ID
    rows[name] = [f"row {number}" for number in range(len(rows))]
    log_predictions(rows, predict.predict(fitted, rows, table), table, "1")
    return rows


def log_predictions(
    rows: pd.DataFrame,
    answers: pd.DataFrame,
    table: Table,
    model: str,
    days: float = 10,
) -> None:
    """Write predictions of some days ago into the event log as the service does."""
    log = events.EventLog()
    inputs = rows[table.features].astype(object)
    dates = table.of_kind("date")
    inputs[dates] = inputs[dates].map(lambda at: at.isoformat(), na_action="ignore")
    inputs = inputs.where(inputs.notna(), None)
    chances = [name for name in answers if str(name).startswith("chance of ")]
    said = answers[chances].rename(columns=lambda name: name.removeprefix("chance of "))
    for place, given in enumerate(inputs.to_dict("records")):
        log.append(
            "prediction",
            {
                "id": rows[table.id or intake.GIVEN_ID].iloc[place],
                "request": f"request {place}",
                "time": time.time() - days * DAY,
                "model": model,
                "arm": "champion",
                "inputs": {str(name): value for name, value in given.items()},
                "prediction": answers["prediction"].iloc[place],
                "chances": said.iloc[place].to_dict() or None,
                "latency": 1.0,
            },
        )
    log.close()


def write_labels(rows: pd.DataFrame, table: Table, path: Path) -> Path:
    """Write the file that an owner would deliver."""
    name = table.id or intake.GIVEN_ID
    rows[[name, table.target]].to_csv(path, index=False)
    return path


def test_the_metrics_are_those_of_evaluate_and_the_delay_is_shown(
    logged: pd.DataFrame, fitted: Pipeline, table: Table, tmp_path: Path
) -> None:
    known = logged.head(300)
    intake.take_file(write_labels(known, table, tmp_path / "labels.csv"), table)
    truth.main(["performance"])
    found = performance.read()
    version = found["versions"]["1"]
    expected = score(fitted, known, table)
    assert version["overall"] == pytest.approx(expected, abs=1e-6)
    assert sum(period["rows"] for period in version["periods"]) == 300
    for name in table.slices:
        assert sum(group["rows"] for group in version["slices"][name]) == 300
    labels = found["labels"]
    assert (labels["predictions"], labels["labelled"]) == (400, 300)
    assert labels["delay_days"]["p50"] == pytest.approx(10, abs=0.1)


def test_versions_that_answered_in_turn_are_told_by_the_same_periods(
    logged: pd.DataFrame,
    fitted: Pipeline,
    table: Table,
    tmp_path: Path,
) -> None:
    earlier = logged.head(50).copy()
    name = table.id or intake.GIVEN_ID
    earlier[name] = [f"earlier {number}" for number in range(50)]
    log_predictions(earlier, predict.predict(fitted, earlier, table), table, "0", 50)
    both = pd.concat([logged, earlier])
    intake.take_file(write_labels(both, table, tmp_path / "labels.csv"), table)
    versions = performance.find(table)["versions"]
    named = [item["period"] for v in versions.values() for item in v["periods"]]
    assert len(named) == 2
    assert {len(period) for period in named} == {len("2026-11")}


def test_the_first_label_stays_and_what_differs_is_counted(
    logged: pd.DataFrame, table: Table, tmp_path: Path
) -> None:
    path = tmp_path / "labels.csv"
    first = intake.take_file(write_labels(logged.head(20), table, path), table)
    assert (first.rows, first.new, first.unknown) == (20, 20, 0)
    again = logged.head(20).copy()
    other = logged[table.target][logged[table.target] != again[table.target].iloc[0]]
    again.loc[again.index[0], table.target] = other.iloc[0]
    second = intake.take_file(write_labels(again, table, path), table)
    assert (second.new, second.repeated, second.differing) == (0, 19, 1)
    known = events.query.read_labels().set_index("id")["label"]
    name = table.id or intake.GIVEN_ID
    kept = known[logged[name].iloc[0]]
    assert str(kept) == str(logged[table.target].iloc[0])


def test_labels_of_rows_that_were_not_predicted_are_counted(
    logged: pd.DataFrame, table: Table, tmp_path: Path
) -> None:
    strange = logged.head(5).copy()
    name = table.id or intake.GIVEN_ID
    strange[name] = [f"nobody asked {place}" for place in range(5)]
    strange.loc[strange.index[0], name] = None
    taken = intake.take_file(
        write_labels(strange, table, tmp_path / "labels.csv"), table
    )
    assert (taken.empty, taken.new, taken.unknown) == (1, 4, 4)
    assert performance.find(table)["labels"]["unknown_ids"] == 4
    note = json.loads(intake.INTAKES.read_text("utf-8").splitlines()[-1])
    assert note["unknown"] == 4


def test_a_file_that_is_no_labels_is_refused_and_nothing_is_taken(
    logged: pd.DataFrame, table: Table, tmp_path: Path
) -> None:
    path = tmp_path / "labels.csv"
    logged[[table.target]].to_csv(path, index=False)
    with pytest.raises(Refusal, match="has no column"):
        intake.take_file(path, table)
    with pytest.raises(Refusal, match="DATA="):
        truth.main(["labels"])
    if table.task == "classification":
        wrong = logged.head(3).assign(**{table.target: "no such class"})
        with pytest.raises(Refusal, match="not among `classes`"):
            intake.take_file(write_labels(wrong, table, path), table)
    assert events.query.read_labels().empty


def test_a_label_may_come_before_its_prediction_is_in_the_log(
    logged: pd.DataFrame, table: Table, tmp_path: Path
) -> None:
    path = write_labels(logged, table, tmp_path / "labels.csv")
    intake.take_file(path, table)
    joined = events.query.join_labels()
    assert len(joined) == len(logged)
    early = joined.assign(label_time=joined["time"] - DAY)
    delay = performance.measure_delay(early)
    assert delay == {"p50": 0.0, "p90": 0.0}


@pytest.mark.filterwarnings("error")
def test_chances_that_sum_to_one_only_nearly_are_chances() -> None:
    three = Table(
        source="none",
        task="classification",
        target="kind",
        columns=[Column("x", "number")],
        split={"train": 0.6, "validation": 0.2, "live": 0.2},
        classes=["a", "b", "c"],
    )
    third = dict.fromkeys("abc", float(np.float32(1 / 3)))
    answers = pd.DataFrame(
        {"chances": [third] * 3, "prediction": ["a"] * 3, "label": ["a", "b", "c"]}
    )
    assert measure.score(answers, three)["log_loss"] == pytest.approx(np.log(3))
