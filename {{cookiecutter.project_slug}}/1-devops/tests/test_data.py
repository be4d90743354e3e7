"""The prepared table is what conf/table.yaml says it is."""

import pandas as pd
import pytest

from {{ cookiecutter.package_name }} import (
    data,
)
from {{ cookiecutter.package_name }}.table import (
    Table,
)

TYPES = {"number": "f", "boolean": "f", "date": "M", "category": "O"}


def test_each_column_has_the_type_of_its_kind(
    prepared: pd.DataFrame, table: Table
) -> None:
    wrong = {
        column.name: str(prepared[column.name].dtype)
        for column in table.columns
        if prepared[column.name].dtype.kind not in TYPES[column.kind] + "O"
    }
    assert wrong == {}


def test_nothing_is_missing_but_where_it_may(
    prepared: pd.DataFrame, table: Table
) -> None:
    strict = [column.name for column in table.columns if not column.missing]
    missing = prepared[[*strict, table.target]].isna().sum()
    assert missing[missing > 0].to_dict() == {}


@pytest.mark.parametrize("kind", ["number", "date"])
def test_no_value_is_out_of_its_plausible_range(
    prepared: pd.DataFrame, table: Table, kind: str
) -> None:
    out = {}
    for column in table.columns:
        if column.kind != kind:
            continue
        values = prepared[column.name].dropna()
        read = float if kind == "number" else pd.Timestamp
        if column.min is not None and (values < read(column.min)).any():
            out[column.name] = f"{values.min()} < {column.min}"
        if column.max is not None and (values > read(column.max)).any():
            out[column.name] = f"{values.max()} > {column.max}"
    assert out == {}


def test_the_model_learns_only_from_categories_that_are_described(
    parts: data.Parts, table: Table
) -> None:
    for column in table.columns:
        if column.categories:
            found = set(parts.train[column.name].dropna())
            assert found <= set(column.categories), column.name


def test_the_target_has_the_described_classes_and_all_are_there_to_learn(
    prepared: pd.DataFrame, parts: data.Parts, table: Table
) -> None:
    if table.task != "classification":
        pytest.skip("the target is a number; classes are for `task: classification`")
    assert set(prepared[table.target]) <= set(table.classes)
    assert set(parts.train[table.target]) == set(table.classes)


def test_no_row_is_in_two_parts(parts: data.Parts) -> None:
    rows = [part.index for part in vars(parts).values()]
    together = rows[0].append(rows[1]).append(rows[2])
    assert together.is_unique
    assert not parts.train.empty
    assert not parts.validation.empty


def test_the_split_never_looks_ahead(parts: data.Parts, table: Table) -> None:
    if not table.time:
        pytest.skip("there is no time column; declare `time` in conf/table.yaml")
    assert parts.train[table.time].max() < parts.validation[table.time].min()
    if not parts.live.empty:
        assert parts.validation[table.time].max() < parts.live[table.time].min()


def test_only_described_columns_are_kept(prepared: pd.DataFrame, table: Table) -> None:
    roles = {table.id, table.time, table.target}
    assert set(prepared) <= set(table.features) | roles
