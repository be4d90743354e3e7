"""The search stays inside the training part and changes nothing but the parameters."""

from pathlib import Path
from typing import Any

import pytest

from {{ cookiecutter.package_name }} import (
    data,
    tune,
)
from {{ cookiecutter.package_name }}.refusal import (
    Refusal,
)
from {{ cookiecutter.package_name }}.settings import (
    read_settings,
)
from {{ cookiecutter.package_name }}.table import (
    Table,
)
from {{ cookiecutter.package_name }}.training import (
    read_training,
)
from {{ cookiecutter.package_name }}.tune import (
    rewrite,
    space,
)

SETTINGS = """# A person wrote this.
seed: 7

model:
  learning_rate: 0.1   # slow
  max_iter: 5
"""


def test_the_search_cuts_only_the_training_part(
    parts: data.Parts, table: Table
) -> None:
    fit_on, score_on, _ = tune.hold_out(parts.train, table, seed=0)
    assert sorted([*fit_on.index, *score_on.index]) == sorted(parts.train.index)
    assert 0 < len(score_on) < len(parts.train)
    if table.time:
        assert fit_on[table.time].max() < score_on[table.time].min()


def test_a_search_scores_with_the_parameters_it_is_given(
    parts: data.Parts, table: Table
) -> None:
    few = parts.train.iloc[:: max(1, len(parts.train) // 2_000)]
    ready = tune.prepare(few, table, read_settings())
    assert ready.score({}) == ready.score({})
    with pytest.raises(Refusal):
        ready.score({"no_such_parameter": 1})


def test_the_search_space_of_the_settings_is_in_order() -> None:
    space.check(read_training().tuning.space)


@pytest.mark.parametrize(
    "item",
    [
        {"low": 2, "high": 1},
        {"low": 0, "high": 1, "log": True},
        {"low": "a", "high": "b"},
        {"choices": []},
        {"low": 1},
        {"low": 1, "high": 2, "step": 1},
        7,
    ],
)
def test_a_range_that_is_none_is_refused(item: Any) -> None:
    with pytest.raises(Refusal, match="tuning.space.depth"):
        space.check({"depth": item})


def test_better_parameters_are_written_and_comments_stay(tmp_path: Path) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text(SETTINGS, "utf-8")
    rewrite.write_parameters({"learning_rate": 0.25, "max_leaf_nodes": 9}, path)
    assert read_settings(path).model == {
        "learning_rate": 0.25,
        "max_iter": 5,
        "max_leaf_nodes": 9,
    }
    assert "# A person wrote this." in path.read_text("utf-8")
    assert "# slow" in path.read_text("utf-8")


def test_settings_without_a_model_get_one(tmp_path: Path) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text("seed: 7\n", "utf-8")
    rewrite.write_parameters({"max_iter": 9}, path)
    assert read_settings(path).model == {"max_iter": 9}
