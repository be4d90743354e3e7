"""Drift is found when it matters, and nobody is woken when it does not."""

import json
import os
import subprocess
import sys
from collections.abc import Hashable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.pipeline import Pipeline

from {{ cookiecutter.package_name }} import (
    data,
    drift,
    drift_rates,
    drift_report,
    events,
    files,
    predict,
    profile,
)
from {{ cookiecutter.package_name }}.drift import (
    classifier,
    columns,
    html,
    measures,
    settings,
    skew,
    window,
)
from {{ cookiecutter.package_name }}.drift_rates import (
    draws,
)
from {{ cookiecutter.package_name }}.refusal import (
    Refusal,
)
from {{ cookiecutter.package_name }}.table import (
    Column,
    Table,
)

RULES = drift.Rules()
TWO = Table(
    source="none",
    task="regression",
    target="y",
    columns=[Column("x", "number"), Column("c", "category")],
    split={"train": 0.6, "validation": 0.2, "live": 0.2},
)


def make(rows: int, seed: int, shift: float = 0.0) -> pd.DataFrame:
    """Draw a normal number and a category of three."""
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "x": random.normal(shift, 1, rows),
            "c": random.choice(["a", "b", "c"], rows, p=[0.6, 0.3, 0.1]),
        }
    )


@pytest.fixture(scope="module", name="known")
def fixture_known() -> drift.Profile:
    """The profile of TWO."""
    return drift.Profile.build(make(20_000, 0), TWO)


def find(rows: pd.DataFrame, known: drift.Profile) -> dict[str, list[str]]:
    """Give the reasons of each column that drifted."""
    verdict = drift.check(rows, known, TWO, RULES)
    return {item.name: item.reasons for item in verdict.columns if item.drifted}


@pytest.mark.parametrize("rows", [60, 300, 1_000, 10_000, 200_000])
def test_rows_of_the_same_kind_raise_no_alarm(known: drift.Profile, rows: int) -> None:
    seeds = range(1, 2 if rows > 10_000 else 30)
    assert not any(
        drift.check(make(rows, seed), known, TWO, RULES).alarm for seed in seeds
    )


@pytest.mark.parametrize("rows", [300, 10_000, 200_000])
def test_a_shift_that_matters_is_found_in_few_rows_and_in_many(
    known: drift.Profile, rows: int
) -> None:
    assert set(find(make(rows, 1, 0.5), known)) == {"x"}


def test_a_shift_that_does_not_matter_stays_quiet_however_sure_it_is(
    known: drift.Profile,
) -> None:
    verdict = drift.check(make(300_000, 1, 0.05), known, TWO, RULES)
    [moved] = [item for item in verdict.columns if item.name == "x"]
    assert moved.p["distance"] < 1e-6
    assert not verdict.alarm


def test_one_outlier_does_not_hide_a_shift(known: drift.Profile) -> None:
    rows = make(5_000, 1, 1.0)
    rows.loc[0, "x"] = 1e6
    assert set(find(rows, known)) == {"x"}


def test_a_shift_in_a_column_of_tiny_numbers_is_found() -> None:
    tiny = make(5_000, 0).assign(x=lambda rows: rows["x"] * 1e-9)
    moved = make(2_000, 1, 1.0).assign(x=lambda rows: rows["x"] * 1e-9)
    assert set(find(moved, drift.Profile.build(tiny, TWO))) == {"x"}


def test_a_column_that_is_not_there_is_an_alarm(known: drift.Profile) -> None:
    verdict = drift.check(make(500, 1).drop(columns="c"), known, TWO, RULES)
    assert verdict.alarm
    assert verdict.reasons == ["c is not among the columns"]


@pytest.mark.parametrize("name", ["x", "c"])
def test_a_column_without_a_value_is_an_alarm(known: drift.Profile, name: str) -> None:
    rows = make(500, 1)
    rows[name] = rows[name].mask(rows.index >= 0)
    assert drift.check(rows, known, TWO, RULES).reasons[0] == (
        f"{name} has no value at all"
    )


def test_values_that_go_missing_are_found_though_the_rest_is_alike(
    known: drift.Profile,
) -> None:
    rows = make(2_000, 1)
    rows["x"] = rows["x"].mask(rows.index % 2 == 0)
    assert find(rows, known) == {"x": ["50% of it is missing, 0% at training"]}


def test_infinite_values_count_as_missing_as_they_do_for_the_model(
    known: drift.Profile,
) -> None:
    rows = make(2_000, 1)
    rows.loc[:299, "x"] = np.inf
    rows.loc[300:599, "x"] = -np.inf
    rows.loc[600:699, "x"] = np.nan
    [x] = [c for c in drift.check(rows, known, TWO, RULES).columns if c.name == "x"]
    assert x.missing == 700 / 2_000


def test_a_new_category_is_found(known: drift.Profile) -> None:
    rows = make(2_000, 1)
    rows.loc[:99, "c"] = "never seen"
    assert "5.0% of it are categories unseen at training" in find(rows, known)["c"]


def test_a_constant_column_that_changes_is_found() -> None:
    known = drift.Profile.build(make(1_000, 0).assign(x=7.0), TWO)
    assert find(make(500, 1).assign(x=7.0), known) == {}
    for value in (6.999, 7.001):
        assert set(find(make(500, 1).assign(x=value), known)) == {"x"}


@pytest.mark.parametrize(
    "types",
    [
        {"x": "float[pyarrow]", "c": "string[pyarrow]"},
        {"x": "Float64", "c": "category"},
        {"x": object, "c": object},
        {"x": str, "c": pd.StringDtype("python")},
    ],
)
def test_the_type_of_a_column_changes_nothing(
    known: drift.Profile, types: dict[str, str]
) -> None:
    rows = make(1_000, 1)
    rows.loc[5, "c"] = None
    plain, typed = (drift.count(r, known) for r in (rows, rows.astype(types)))
    for name, counted in plain.columns.items():
        assert list(typed.columns[name].bins) == list(counted.bins)
        assert typed.columns[name].missing == counted.missing


def test_words_and_numbers_in_one_column_are_named_alike(known: drift.Profile) -> None:
    mixed = pd.Series([1, "1", 1.0, None, "a"], dtype=object)
    names = columns.count_names(mixed)
    assert names == ({"1": 3, "a": 1}, 1)
    assert known.columns["c"].bins.size == 4


def test_too_few_rows_are_not_judged(known: drift.Profile) -> None:
    verdict = drift.check(make(20, 1, 9.0), known, TWO, RULES)
    assert not verdict.alarm
    assert "too few" in verdict.reasons[0]


def test_counting_a_window_by_halves_is_counting_it_whole(
    known: drift.Profile,
) -> None:
    rows = make(1_001, 1, 0.4)
    halves = [drift.count(part, known) for part in (rows[:300], rows[300:])]
    merged = drift.judge(drift.merge(*halves), known, RULES)
    assert merged == drift.check(rows, known, TWO, RULES)


def test_windows_of_different_profiles_are_not_added_up(known: drift.Profile) -> None:
    other = drift.Profile.build(make(30, 5), TWO)
    rows = make(100, 1)
    with pytest.raises(Refusal, match="different profiles"):
        drift.merge(drift.count(rows, known), drift.count(rows, other))


def test_a_profile_is_small_and_reads_back_as_it_was(
    known: drift.Profile, tmp_path: Path
) -> None:
    drift.write(known, tmp_path / "profile.json")
    assert (tmp_path / "profile.json").stat().st_size < 10_000
    again, rows = drift.read(tmp_path / "profile.json"), make(5_000, 1, 0.1)
    found = [drift.check(rows, one, TWO, RULES) for one in (known, again)]
    assert found[0] == found[1]


def test_a_useless_column_does_not_wake_anybody_and_an_important_one_does(
    known: drift.Profile,
) -> None:
    rows = make(2_000, 1, 0.5)
    for weight, alarm in ((0.001, False), (0.1, True)):
        importance = {"x": weight, "c": 0.1}
        verdict = drift.check(rows, known, TWO, RULES, importance)
        assert verdict.alarm == alarm
        assert {item.name for item in verdict.columns if item.drifted} == {"x"}


def test_a_cold_week_is_no_drift_when_weeks_differ_like_that() -> None:
    """Days of 100 rows each share their level, as weather does."""
    random = np.random.default_rng(0)
    level = np.repeat(random.normal(0, 1, 400), 100)
    timed = replace(TWO, columns=[*TWO.columns, Column("t", "date")], time="t")
    rows = make(40_000, 0).assign(
        x=level + random.normal(0, 0.3, 40_000),
        t=pd.date_range("2024-01-01", periods=40_000, freq="15min"),
    )
    known = drift.Profile.build(rows[:20_000], timed)
    unaware = replace(RULES, column=replace(RULES.column, wander=False))
    days = [rows[start : start + 400] for start in range(20_000, 40_000, 2_000)]
    alarms = [
        sum(drift.check(day, known, timed, rules).alarm for day in days)
        for rules in (RULES, unaware)
    ]
    assert alarms[0] <= 1
    assert alarms[1] >= 8
    assert drift.check(days[0].assign(x=9.0), known, timed, RULES).alarm


def test_the_measures_are_those_of_their_definitions() -> None:
    before, now = np.array([600, 300, 100]), np.array([30, 30, 40])
    p, q = np.array([0.6, 0.3, 0.1]), np.array([0.3, 0.3, 0.4])
    assert measures.kolmogorov_smirnov(before, now) == pytest.approx(0.3)
    assert measures.total_variation(before, now) == pytest.approx(0.3)
    psi = ((q - p) * np.log(q / p)).sum() - 2 * (1 / 1000 + 1 / 100)
    assert measures.psi(before, now) == pytest.approx(psi, abs=0.02)
    middle = (p + q) / 2
    js = (p * np.log2(p / middle) + q * np.log2(q / middle)).sum() / 2
    assert measures.jensen_shannon(before, now) == pytest.approx(js**0.5)


def test_p_values_are_even_where_nothing_changed() -> None:
    random, share = np.random.default_rng(0), np.array([0.5, 0.3, 0.15, 0.05])
    for ordered in (True, False):
        p_values = [
            measures.p_value(
                random.multinomial(5_000, share),
                random.multinomial(500, share),
                ordered,
            )
            for _ in range(2_000)
        ]
        assert np.mean(np.array(p_values) <= 0.05) < 0.065
        assert np.mean(np.array(p_values) <= 0.001) < 0.004


def test_the_correction_is_benjamini_and_hochbergs() -> None:
    raw = np.array([0.01, 0.04, 0.03, 0.005])
    assert measures.adjust(raw) == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert measures.p_share(0, 1_000, 0, 100) == 1.0
    assert measures.p_share(0, 1_000, 5, 100) == pytest.approx(2 * (1 / 11) ** 5)


def make_pair(rows: int, seed: int, correlation: float) -> pd.DataFrame:
    """Draw two normal numbers that move together."""
    random = np.random.default_rng(seed)
    shape = [[1, correlation], [correlation, 1]]
    frame = pd.DataFrame(random.multivariate_normal([0, 0], shape, rows))
    return frame.set_axis(["x", "z"], axis=1)


def test_only_the_classifier_sees_that_columns_no_longer_move_together() -> None:
    inputs = [Column("x", "number"), Column("z", "number")]
    pair = replace(TWO, columns=inputs)
    before, now = make_pair(3_000, 0, 0.9), make_pair(3_000, 1, 0.0)
    known = drift.Profile.build(before, pair)
    assert not drift.check(now, known, pair, RULES).alarm
    apart = classifier.separate(before, now, pair, 0)
    assert apart.differs(RULES.table.classifier)
    assert apart.auc > 0.7
    assert {name for name, loss in apart.columns if loss > 0.05} == {"x", "z"}


def test_the_classifier_is_at_a_loss_when_nothing_changed() -> None:
    inputs = [Column("x", "number"), Column("z", "number")]
    pair = replace(TWO, columns=inputs)
    for seed in range(3):
        before, now = (make_pair(800, 2 * seed + one, 0.5) for one in range(2))
        apart = classifier.separate(before, now, pair, seed)
        assert apart.auc < apart.chance


def test_skew_between_the_service_and_the_pipeline_is_found() -> None:
    named = replace(TWO, id="id")
    prepared = make(100, 0).assign(id=[f"r{place}" for place in range(100)])
    served = prepared.copy().sample(frac=1, random_state=0)
    assert skew.find(served, prepared, named) == (100, [])
    served["x"] = served["x"].round(1)
    served["c"] = served["c"].mask(served["id"] == "r7").astype(object)
    rows, found = skew.find(served, prepared, named)
    assert rows == 100
    assert [item.column for item in found] == ["x", "c"]
    assert found[0].differs > 0.9
    assert found[1].missing_served == found[1].share == 0.01


@pytest.fixture(scope="module", name="own")
def fixture_own(fitted: Pipeline, workplace: Path) -> drift.Profile:
    """The profile that `make profile` writes for the model of the sample."""
    assert fitted
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(workplace)
        profile.main([])
        return drift.read()


def test_the_profile_of_the_project_knows_its_inputs_scores_and_calibration(
    own: drift.Profile, table: Table
) -> None:
    sources = {item.bins.source for item in own.columns.values()}
    assert sources == {name for name in table.features if name != table.time}
    assert own.scores
    assert (own.calibration is None) == (table.task == "regression")


def test_the_training_rows_themselves_raise_no_alarm(
    own: drift.Profile, workplace: Path, table: Table
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(workplace)
        train = data.read_parts()[1].train
    assert not drift.check(train, own, table, RULES).alarm


def test_a_moved_prediction_is_an_alarm(
    own: drift.Profile, fitted: Pipeline, sample: pd.DataFrame, table: Table
) -> None:
    answers = predict.predict(fitted, sample, table)
    name = next(iter(own.scores))
    if own.scores[name].bins.ordered:
        answers[name] = answers[name].abs().max() * 1.5 + 1
    else:
        answers[name] = "another"
    counts = drift.count(sample, own, answers[[name]])
    reasons = drift.judge(counts, own, RULES).reasons
    assert any(f"the predictions ({name})" in reason for reason in reasons)


def run(workplace: Path, command: str, **words: str) -> str:
    """Run a command as make does and give what it prints."""
    package = drift.__name__.partition(".")[0]
    done = subprocess.run(
        [sys.executable, "-m", package, command],
        cwd=workplace,
        env=os.environ | {"PYTHONPATH": str(Path.cwd() / "src")} | words,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.mark.usefixtures("own")
def test_the_command_checks_a_file_that_lacks_a_column_and_says_so(
    workplace: Path, sample: pd.DataFrame, table: Table
) -> None:
    gone = next(name for name in table.features if name != table.time)
    sample.drop(columns=gone).to_csv(workplace / "month.csv", index=False)
    said = run(workplace, "drift", DATA="month.csv")
    assert f"{gone} is not among the columns" in " ".join(said.split())
    assert "ALARM" in said
    found = json.loads((workplace / "reports/drift.json").read_text("utf-8"))
    assert (found["schema"], found["alarm"], found["absent"]) == (1, True, [gone])
    assert (workplace / "reports/drift.png").is_file()
    assert max(map(len, said.splitlines())) <= 120


@pytest.fixture(name="logged")
def fixture_logged(
    workplace: Path, fitted: Pipeline, sample: pd.DataFrame, table: Table
) -> pd.DataFrame:
    """The rows that were answered on 1 January 2024 by the log of the workplace."""
    log = events.EventLog(workplace / "events")
    answers = predict.predict(fitted, sample, table).to_dict("records")
    for place, (row, answer) in enumerate(zip(sample.to_dict("records"), answers)):
        log.append("prediction", _log(place, row, answer, table))
    log.close()
    return sample


def test_the_logged_predictions_of_a_period_are_counted_as_the_rows_were(
    own: drift.Profile,
    logged: pd.DataFrame,
    workplace: Path,
    table: Table,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(workplace)
    assert window.read(None, "2024-01-02", None, table).rows.empty
    found = window.read(None, "2024-01-01", "2024-01-02", table)
    counts = drift.count(found.rows, own)
    direct = drift.count(data.conform(logged, table), own)
    for name, counted in direct.columns.items():
        assert list(counts.columns[name].bins) == list(counted.bins), name
        assert counts.columns[name].missing == counted.missing


def _log(
    place: int, row: dict[Hashable, Any], answer: dict[Hashable, Any], table: Table
) -> dict[str, Any]:
    """Write one prediction as the service does."""
    inputs = {
        name: None if pd.isna(row[name]) else row[name] for name in table.features
    }
    chances = {name: answer.get(f"chance of {name}") for name in table.classes}
    return {
        "id": f"r{place}",
        "request": "q",
        "time": 1_704_070_000.0 + place,
        "model": "1",
        "arm": "champion",
        "inputs": inputs,
        "prediction": answer["prediction"],
        "chances": chances or None,
        "latency": 1.0,
    }


@pytest.mark.usefixtures("own")
def test_a_profile_of_another_model_is_refused(
    workplace: Path, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workplace)
    drift.read_own(table)
    about = files.ABOUT.read_text("utf-8")
    try:
        files.write_json(files.ABOUT, {**json.loads(about), "seed": -1})
        with pytest.raises(Refusal, match="belongs to another model"):
            drift.read_own(table)
    finally:
        files.ABOUT.write_text(about, "utf-8")


def test_evidently_leaves_out_what_it_cannot_draw_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    odd = replace(TWO, columns=[*TWO.columns, Column("$gone", "number")])
    before = make(200, 0).assign(**{"$gone": 1.0})
    now = make(200, 1).assign(**{"$gone": np.nan})
    said = drift_report.write(before, now, odd)
    assert said == ["$gone has no value and is not in the report"]
    assert drift_report.PAGE.stat().st_size > 100_000


def test_evidently_failing_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_rows: object) -> None:
        raise ZeroDivisionError("float division by zero")

    monkeypatch.setattr(html, "compare", fail)
    with pytest.raises(Refusal, match="ZeroDivisionError.*`make drift` checks them"):
        drift_report.write(make(60, 0), make(60, 1), TWO)


def test_every_setting_is_in_the_file_and_a_wrong_name_is_refused(
    tmp_path: Path,
) -> None:
    written = files.read_yaml(settings.PATH)
    for section, kind in settings.SECTIONS.items():
        assert set(written[section]) == {item.name for item in fields(kind)}
    wrong = tmp_path / "drift.yaml"
    wrong.write_text("column: {distanz: 0.1}", "utf-8")
    with pytest.raises(Refusal, match="column.distanz"):
        drift.read_rules(wrong)


def test_the_rates_are_counted_by_rule_case_and_size() -> None:
    population = make(1_000, 0)
    cases = draws.list_cases(population, TWO, {"x": 1.0})
    rule = drift_rates.build_ours(population, TWO, None)
    rates = list(drift_rates.measure(rule, {300: 5}, cases, population, 0))
    assert [item["alarms"] for item in rates if not item["drifted"]] == [0, 0]
    assert {item["windows"] for item in rates} == {5}
    half_sd = next(item for item in rates if "+0.5 sd" in item["case"])
    assert half_sd["alarms"] == 5
