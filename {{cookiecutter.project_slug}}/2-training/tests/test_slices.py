"""Groups are cut, measured and compared as their definitions say."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import Pipeline

from {{ cookiecutter.package_name }} import (
    evaluate,
    slices,
)
from {{ cookiecutter.package_name }}.slices import (
    fairness,
    groups,
    intervals,
)
from {{ cookiecutter.package_name }}.table import (
    Column,
    Table,
)


@pytest.fixture(scope="module", name="declared")
def fixture_declared(table: Table) -> Table:
    """The table with its first columns declared, whatever its owner has declared."""
    names = table.features[:3]
    return replace(table, slices=names, sensitive=names[-1:])


@pytest.fixture(scope="module", name="found")
def fixture_found(
    fitted: Pipeline, sample: pd.DataFrame, declared: Table
) -> dict[str, Any]:
    """What is found of the sample."""
    return slices.find(fitted, sample, declared)


def test_every_row_is_in_one_group_of_each_column(
    found: dict[str, Any], sample: pd.DataFrame, declared: Table
) -> None:
    assert set(found["slices"]) == set(declared.slices)
    for parts in found["slices"].values():
        assert sum(part["metrics"]["rows"] for part in parts) == len(sample)


def test_a_group_is_measured_as_its_rows_alone_would_be(
    found: dict[str, Any], fitted: Pipeline, sample: pd.DataFrame, declared: Table
) -> None:
    name = declared.slices[0]
    named = groups.name_groups(sample, name, declared)
    largest = max(found["slices"][name], key=lambda part: part["metrics"]["rows"])
    alone = evaluate.score(fitted, sample[named == largest["group"]], declared)
    assert largest["metrics"] == pytest.approx(alone, nan_ok=True)


def test_nothing_declared_gives_no_groups(
    fitted: Pipeline, sample: pd.DataFrame, table: Table
) -> None:
    found = slices.find(fitted, sample, replace(table, slices=[], sensitive=[]))
    assert found["slices"] == {} == found["fairness"]


def flip(shares: dict[str, tuple[float, float]], rows: int) -> pd.DataFrame:
    """Give each group its share of true and of chosen positives, independent of each other."""
    random = np.random.default_rng(0)
    parts = [
        pd.DataFrame(
            {
                "group": name,
                "truth": np.where(random.random(rows) < true, "yes", "no"),
                "guess": np.where(random.random(rows) < chosen, "yes", "no"),
                "chance": chosen,
            }
        )
        for name, (true, chosen) in shares.items()
    ]
    return pd.concat(parts, ignore_index=True)


BINARY = Table(
    source="none",
    task="classification",
    target="truth",
    columns=[Column("group", "category")],
    split={"train": 0.6, "validation": 0.2, "live": 0.2},
    classes=["no", "yes"],
)


def test_a_group_that_is_chosen_less_often_is_seen() -> None:
    judged = flip({"a": (0.5, 0.8), "b": (0.5, 0.3)}, 2_000)
    rate = judged["guess"].eq("yes").groupby(judged["group"]).mean()
    found = fairness.compare(judged, BINARY)["differences"]
    assert found["demographic_parity"] == pytest.approx(rate["a"] - rate["b"])
    assert found["equal_opportunity"] == pytest.approx(0.5, abs=0.06)
    assert found["equalised_odds"] >= found["equal_opportunity"] - 1e-12


def test_groups_that_are_served_alike_differ_little() -> None:
    judged = flip({"a": (0.5, 0.4), "b": (0.5, 0.4)}, 20_000)
    found = fairness.compare(judged, BINARY)["differences"]
    assert max(found.values()) < 0.03


def test_a_group_that_is_promised_too_much_is_seen() -> None:
    judged = flip({"a": (0.5, 0.5), "b": (0.2, 0.5)}, 5_000)
    found = fairness.compare(judged, BINARY)["differences"]
    assert found["calibration"] == pytest.approx(0.3, abs=0.03)


def test_a_handful_of_rows_is_shown_and_not_compared() -> None:
    judged = flip({"a": (0.5, 0.5), "b": (0.5, 0.5)}, 1_000)
    few = flip({"c": (1.0, 0.0)}, fairness.SMALL - 1)
    found = fairness.compare(pd.concat([judged, few], ignore_index=True), BINARY)
    assert found["not_compared"] == ["c"]
    assert [group["group"] for group in found["groups"]] == ["a", "b", "c"]
    assert found["differences"]["demographic_parity"] < 0.1


def test_the_interval_of_an_auc_covers_what_repeated_samples_give() -> None:
    random, found = np.random.default_rng(0), []
    for _ in range(200):
        scores = np.r_[random.normal(1, 1, 60), random.normal(0, 1, 90)]
        found.append(roc_auc_score(np.r_[np.ones(60), np.zeros(90)], scores))
    low, high = intervals.of_auc(float(np.mean(found)), 60, 90) or (0.0, 0.0)
    assert np.mean((np.array(found) >= low) & (np.array(found) <= high)) > 0.9


@pytest.mark.parametrize("hits", [0, 1, 15, 30])
def test_the_interval_of_a_share_holds_it_and_stays_a_share(hits: int) -> None:
    low, high = intervals.of_share(hits, 30) or (0.0, 0.0)
    assert 0 <= low <= hits / 30 <= high <= 1
    assert high - low < 0.4


@pytest.mark.parametrize(
    ("kind", "values", "names"),
    [
        ("category", ["a", None, "a"], ["a", groups.MISSING, "a"]),
        ("boolean", [1.0, 0.0, np.nan], ["true", "false", groups.MISSING]),
        ("number", [1.0, 2.5, np.nan], ["1", "2.5", groups.MISSING]),
        ("number", [*range(8)], ["0 to 1.75"] * 2),
    ],
)
def test_a_group_has_a_name_that_people_read(
    kind: str, values: list[Any], names: list[str]
) -> None:
    table = replace(BINARY, columns=[Column("x", kind)])
    found = groups.name_groups(pd.DataFrame({"x": values}), "x", table)
    assert list(found)[: len(names)] == names


def test_rare_categories_are_gathered() -> None:
    table = replace(BINARY, columns=[Column("x", "category")])
    values = [f"c{place}" for place in range(50)] + ["c1"] * 9
    found = groups.name_groups(pd.DataFrame({"x": values}), "x", table)
    assert found.nunique() == groups.MOST_GROUPS
    assert groups.OTHERS in set(found)
