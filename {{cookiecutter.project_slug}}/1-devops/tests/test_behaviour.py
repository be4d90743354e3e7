"""The model behaves as a user expects, whatever it has learned."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import take
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.pipeline import Pipeline

from {{ cookiecutter.package_name }} import (
    data,
    evaluate,
    predict,
    train,
)
from {{ cookiecutter.package_name }}.settings import (
    read_settings,
)
from {{ cookiecutter.package_name }}.table import (
    Table,
)


def ask(fitted: Pipeline, rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Give the predictions without the id."""
    found = predict.predict(fitted, rows, table)
    return found.drop(columns=table.id or [], errors="ignore")


def ask_score(fitted: Pipeline, rows: pd.DataFrame, table: Table) -> pd.Series:
    """Give the number that `directions` speak of: the last class's chance, or the prediction."""
    found = ask(fitted, rows, table)
    if table.task == "regression":
        return found["prediction"]
    return found[f"chance of {table.positive}"]


def test_the_order_of_the_rows_does_not_matter(
    fitted: Pipeline, sample: pd.DataFrame, table: Table
) -> None:
    mixed = sample.sample(frac=1, random_state=1)
    expected = ask(fitted, sample, table)
    pd.testing.assert_frame_equal(ask(fitted, mixed, table).sort_index(), expected)


def test_a_row_alone_gets_the_prediction_it_gets_among_others(
    fitted: Pipeline, sample: pd.DataFrame, table: Table
) -> None:
    expected = ask(fitted, sample, table)
    for place in range(min(5, len(sample))):
        row = sample.iloc[[place]]
        pd.testing.assert_frame_equal(
            ask(fitted, row, table), expected.iloc[[place]], check_exact=False
        )


def test_a_row_given_twice_gets_one_answer(
    fitted: Pipeline, sample: pd.DataFrame, table: Table
) -> None:
    twice = pd.concat([sample, sample], ignore_index=True)
    found = ask(fitted, twice, table)
    again = found.tail(len(sample)).reset_index(drop=True)
    pd.testing.assert_frame_equal(found.head(len(sample)), again)


def test_the_id_does_not_matter(
    fitted: Pipeline, sample: pd.DataFrame, table: Table
) -> None:
    if not table.id:
        pytest.skip("there is no id; declare `id` in conf/table.yaml")
    renamed = sample.assign(**{table.id: "another"})
    pd.testing.assert_frame_equal(
        ask(fitted, renamed, table), ask(fitted, sample, table)
    )


def test_a_category_never_seen_gets_an_answer(
    fitted: Pipeline, sample: pd.DataFrame, table: Table
) -> None:
    categories = table.of_kind("category")
    if not categories:
        pytest.skip("no input is of kind `category`")
    strange = sample.copy()
    strange[categories] = "never seen before"
    assert len(ask(fitted, strange, table).dropna()) == len(sample)


def test_a_missing_value_gets_an_answer_where_it_is_allowed(
    fitted: Pipeline, sample: pd.DataFrame, table: Table
) -> None:
    allowed = [column.name for column in table.columns if column.missing]
    if not allowed:
        pytest.skip("no input may be missing; declare `missing: true` where one may")
    gaps = data.conform(sample.assign(**dict.fromkeys(allowed)), table)
    assert len(ask(fitted, gaps, table).dropna()) == len(sample)


def test_the_chances_of_a_row_add_up_to_one(
    fitted: Pipeline, sample: pd.DataFrame, table: Table
) -> None:
    if table.task != "classification":
        pytest.skip("the target is a number; chances are for `task: classification`")
    chances = ask(fitted, sample, table).drop(columns="prediction")
    assert np.allclose(chances.sum(axis=1), 1)


def test_the_prediction_moves_where_an_expert_expects(
    fitted: Pipeline, sample: pd.DataFrame, table: Table
) -> None:
    if not table.directions:
        pytest.skip("no direction is declared; add `directions` to conf/table.yaml")
    before = ask_score(fitted, sample, table).mean()
    for direction in table.directions:
        name = direction["column"]
        moved = sample.assign(**{name: sample[name] + direction["by"]})
        after = ask_score(fitted, moved, table).mean()
        grows = after > before
        assert grows == (direction["positive"] == "grows"), direction


def test_the_model_beats_one_that_knows_no_inputs(
    fitted: Pipeline, parts: data.Parts, sample: pd.DataFrame, table: Table
) -> None:
    ignorant = (
        DummyClassifier(strategy="prior")
        if table.task == "classification"
        else DummyRegressor(strategy="median")
    ).fit(parts.train[table.features], parts.train[table.target])
    metric, more_is_better = table.headline
    model = evaluate.score(fitted, sample, table)[metric]
    baseline = evaluate.score(ignorant, sample, table)[metric]
    assert model is not None
    assert baseline is not None
    assert (model > baseline) if more_is_better else (model < baseline)


def test_the_same_rows_and_settings_give_the_same_model(
    parts: data.Parts, sample: pd.DataFrame, table: Table, workplace: Path
) -> None:
    settings = read_settings(workplace / "conf/settings.yaml")
    rows = take(parts.train, table, 2_000)
    first, second = (train.fit(rows, table, settings) for _ in range(2))
    pd.testing.assert_frame_equal(ask(first, sample, table), ask(second, sample, table))
