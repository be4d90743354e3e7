"""The card says what was measured, in Markdown that stays whole."""

from pathlib import Path

import pandas as pd
import pytest
from sklearn.pipeline import Pipeline

from {{ cookiecutter.package_name }} import (
    card,
    evaluate,
    explain,
    slices,
)
from {{ cookiecutter.package_name }}.card import (
    markdown,
)
from {{ cookiecutter.package_name }}.explain import (
    dependence,
)
from {{ cookiecutter.package_name }}.files import (
    METRICS,
    read_json,
)
from {{ cookiecutter.package_name }}.table import (
    Table,
)
from {{ cookiecutter.package_name }}.training import (
    Card,
)


@pytest.fixture(scope="module", name="text")
def fixture_text(workplace: Path) -> str:
    """The card of the sample's model."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(workplace)
        for command in (evaluate, slices, explain, card):
            command.main([])
        return card.CARD.read_text("utf-8")


def test_the_card_names_every_section_a_reader_looks_for(text: str) -> None:
    asked = "Purpose Model Data Metrics Groups Fairness Limits".split()
    assert [part for part in asked if f"\n## {part}\n" not in text] == []


def test_the_card_shows_the_measured_metric(
    text: str, workplace: Path, table: Table
) -> None:
    found = read_json(workplace / METRICS, "evaluate")["validation"]
    assert markdown.number(found[table.headline[0]]) in text


def test_every_plot_that_the_card_shows_is_there(text: str, workplace: Path) -> None:
    shown = [part.split(")")[0] for part in text.split("](")[1:]]
    assert "importance.png" in shown
    for name in shown:
        assert (workplace / "reports" / name).is_file()


def test_every_row_of_a_table_has_as_many_cells_as_its_head(text: str) -> None:
    for block in text.split("\n\n"):
        if block.startswith("|"):
            cells = {line.replace("\\|", "").count("|") for line in block.splitlines()}
            assert len(cells) == 1, block


def test_what_nobody_stated_is_said_to_be_missing(table: Table) -> None:
    said = card.show_purpose(Card(intended_use="To learn."), table)
    assert "To learn." in said
    assert card.UNSTATED in said


def test_sentences_about_another_table_are_not_taken_over(table: Table) -> None:
    other = Card(speaks_of="another table", intended_use="To learn.")
    assert "To learn." not in card.show_purpose(other, table)


@pytest.mark.parametrize(
    "name", ["a|b", "`x`", "two\nlines", "*bold*", "<b>", "_x_", "[a](b)"]
)
def test_an_awkward_name_stays_a_name(name: str) -> None:
    shown = markdown.grid(["Column"], [[markdown.escape(name)]]).splitlines()
    assert len(shown) == 3
    assert shown[2].replace("\\|", "").count("|") == 2
    for sign in "`*<[_":
        assert shown[2].count(sign) == shown[2].count(f"\\{sign}")


def test_columns_are_ordered_by_what_their_loss_costs(
    fitted: Pipeline, sample: pd.DataFrame, table: Table
) -> None:
    few = sample.head(300)
    found = explain.measure(fitted, few, table.features[:4], table, seed=0)
    costs = [item["importance"] for item in found]
    assert costs == sorted(costs, reverse=True)
    assert {item["column"] for item in found} == set(table.features[:4])


def test_a_column_that_the_model_cannot_see_costs_nothing(
    fitted: Pipeline, sample: pd.DataFrame, table: Table
) -> None:
    name = table.features[0]
    few = sample.head(300).assign(**{name: sample[name].iloc[0]})
    found = explain.measure(fitted, few, [name], table, seed=0)
    assert found[0]["importance"] == pytest.approx(0.0)


def test_the_answer_is_drawn_over_the_values_of_a_number(
    fitted: Pipeline, sample: pd.DataFrame, table: Table
) -> None:
    numbers = [n for n in table.of_kind("number") if sample[n].nunique() > 1]
    if not numbers:
        pytest.skip("the table has no number that varies")
    found = dependence.depend(fitted, sample, numbers[0], table)
    for means in found["answers"].values():
        assert len(means) == len(found["values"])
