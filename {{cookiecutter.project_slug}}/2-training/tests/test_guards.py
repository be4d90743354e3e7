"""The guards of the pipeline stop what they are there to stop."""

from dataclasses import replace

import pandas as pd
import pytest
from sklearn.pipeline import Pipeline

from {{ cookiecutter.package_name }} import (
    data,
    evaluate,
    gate,
    validate,
)
from {{ cookiecutter.package_name }}.table import (
    Column,
    Table,
)
from {{ cookiecutter.package_name }}.training import (
    Gate,
    Validation,
    read_training,
)
from {{ cookiecutter.package_name }}.validate import (
    leaks,
)

LIMITS = Validation()


@pytest.fixture(name="broken_rows")
def fixture_broken_rows(prepared: pd.DataFrame, table: Table) -> pd.Index:
    """One month of the table or, where it has no time, a third of it."""
    if not table.time:
        return prepared.index[: len(prepared) // 3]
    months = prepared[table.time].dt.to_period("M")
    chosen: pd.Index = prepared.index[months == months.mode()[0]]
    return chosen


def find(frame: pd.DataFrame, table: Table) -> set[tuple[str, str | None]]:
    """Name the checks that fail, each with its column."""
    return {
        (item.check, item.column) for item in validate.inspect(frame, table, LIMITS)
    }


def test_the_table_passes_the_limits_of_its_project(
    prepared: pd.DataFrame, table: Table
) -> None:
    limits = read_training().validation
    problems = [
        *validate.inspect(prepared, table, limits),
        *validate.inspect_parts(prepared, table, limits),
    ]
    assert [item for item in problems if item.check not in limits.skip] == []


def test_a_month_out_of_range_is_found(
    prepared: pd.DataFrame, table: Table, broken_rows: pd.Index
) -> None:
    column = next((c for c in table.columns if c.kind == "number" and c.max), None)
    if column is None:
        pytest.skip("no number has a `max` in conf/table.yaml")
    prepared = prepared.copy()
    prepared.loc[broken_rows, column.name] = 10 * abs(float(column.max or 0)) + 1
    assert ("out_of_range", column.name) in find(prepared, table)


def test_a_month_of_new_categories_is_found(
    prepared: pd.DataFrame, table: Table, broken_rows: pd.Index
) -> None:
    column = next((c for c in table.columns if c.categories), None)
    if column is None:
        pytest.skip("no column lists its categories in conf/table.yaml")
    prepared = prepared.copy()
    prepared.loc[broken_rows, column.name] = "a category that was never seen"
    assert ("new_category", column.name) in find(prepared, table)


def test_a_month_without_values_is_found(
    prepared: pd.DataFrame, table: Table, broken_rows: pd.Index
) -> None:
    column = next((c for c in table.columns if not c.missing), None)
    if column is None:
        pytest.skip("every column may be missing")
    prepared = prepared.copy()
    prepared[column.name] = prepared[column.name].mask(prepared.index.isin(broken_rows))
    assert ("missing", column.name) in find(prepared, table)


def test_rows_that_come_twice_are_found(prepared: pd.DataFrame, table: Table) -> None:
    if table.id is None:
        pytest.skip("the table has no `id`")
    twice = pd.concat([prepared, prepared.head(200)], ignore_index=True)
    assert ("duplicate", table.id) in find(twice, table)


def test_a_month_that_is_absent_is_found(prepared: pd.DataFrame, table: Table) -> None:
    if table.time is None:
        pytest.skip("the table has no `time`")
    months = prepared[table.time].dt.to_period("M")
    inner = sorted(months.unique())[1:-1]
    if not inner or months.value_counts().median() < 30:
        pytest.skip("the table has too few full months")
    found = validate.inspect(prepared[months != inner[0]], table, LIMITS)
    assert ("month_rows", str(inner[0])) in {(item.check, item.month) for item in found}


def test_rows_of_the_future_are_found(prepared: pd.DataFrame, table: Table) -> None:
    if table.time is None:
        pytest.skip("the table has no `time`")
    ahead = prepared.copy()
    ahead.loc[ahead.index[-5:], table.time] = pd.Timestamp.now() + pd.Timedelta(days=9)
    assert ("future", table.time) in find(ahead, table)


def test_parts_that_overlap_are_found(table: Table) -> None:
    if table.time is None:
        pytest.skip("the table is split at random")
    late = [table.split["train"][0], table.split["live"][1]]
    wrong = replace(table, split={**table.split, "train": late})
    assert [item.check for item in leaks.find_split_problems(wrong)] == ["split_order"]


def test_a_column_that_tells_the_target_is_found(
    parts: data.Parts, table: Table
) -> None:
    kind = "number" if table.task == "regression" else "category"
    leaking = replace(table, columns=[*table.columns, Column("told afterwards", kind)])
    rows = parts.train.assign(**{"told afterwards": parts.train[table.target]})
    assert [item.column for item in leaks.find_leaks(rows, leaking, LIMITS)] == [
        "told afterwards"
    ]


def test_a_model_worse_than_the_champion_is_refused(
    fitted: Pipeline, parts: data.Parts, sample: pd.DataFrame, table: Table
) -> None:
    ignorant = gate.build_baseline(parts.train, table)
    worse, good = (evaluate.score(one, sample, table) for one in (ignorant, fitted))
    champion = gate.Rival("the champion", good, tolerance=0.0)
    assert gate.judge(worse, [champion], Gate(), table.headline)
    assert gate.judge(good, [champion], Gate(), table.headline) == []


def test_a_model_no_better_than_knowing_nothing_is_refused(
    parts: data.Parts, sample: pd.DataFrame, table: Table
) -> None:
    ignorant = evaluate.score(gate.build_baseline(parts.train, table), sample, table)
    rival = gate.Rival("a baseline", ignorant)
    assert gate.judge(ignorant, [rival], Gate(), table.headline)


def test_a_model_below_the_floor_is_refused(
    fitted: Pipeline, sample: pd.DataFrame, table: Table
) -> None:
    found = evaluate.score(fitted, sample, table)
    metric, more_is_better = table.headline
    value = found[metric]
    assert value is not None
    floor = value * 1.1 if more_is_better else value * 0.9
    assert gate.judge(found, [], Gate(floor=floor), table.headline)


def test_a_champion_is_not_judged_on_rows_that_it_may_have_learned(
    table: Table,
) -> None:
    about = {
        "task": table.task,
        "target": table.target,
        "classes": table.classes,
        "features": table.features,
        "trained_on": table.split["train"],
        "data_sha256": "the same",
    }
    assert gate.find_obstacle(about, table, "the same") is None
    if table.time:
        about["trained_on"] = [table.split["train"][0], table.split["live"][1]]
    assert gate.find_obstacle(about, table, "another")
    assert gate.find_obstacle({**about, "target": "another"}, table, "the same")
