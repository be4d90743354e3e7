"""The parts that read a table, on small made-up ones."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from {{ cookiecutter.package_name }} import (
    data,
    evaluate,
    features,
)
from {{ cookiecutter.package_name }}.__main__ import (
    main,
)
from {{ cookiecutter.package_name }}.adopt.table_file import (
    write_table,
)
from {{ cookiecutter.package_name }}.refusal import (
    Refusal,
)
from {{ cookiecutter.package_name }}.settings import (
    read_settings,
)
from {{ cookiecutter.package_name }}.table import (
    Column,
    Table,
    read_table,
)

SHARES = {"train": 0.6, "validation": 0.2, "live": 0.2}


def make_table(**changes: object) -> Table:
    """Describe a small table with one column of each kind."""
    columns = [
        Column("size in m²", "number"),
        Column("class", "category", categories=["1", "NO"]),
        Column("open", "boolean", missing=True),
        Column("day", "date", min="2020-01-01", max="2021-01-01"),
    ]
    words = {"source": "x.csv", "task": "classification", "target": "y"}
    content = words | {"columns": columns, "classes": ["a", "b"], "split": SHARES}
    return Table(**content | changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "written", "read"),
    [
        ("number", ["1", "x", None, "inf"], [1.0, None, None, None]),
        ("boolean", ["True", "0", 1.0, "maybe"], [1.0, 0.0, 1.0, None]),
        ("category", [1.0, "NO", None], ["1", "NO", None]),
    ],
)
def test_what_cannot_be_read_as_its_kind_is_missing(
    kind: str, written: list[object], read: list[object]
) -> None:
    found = data.read_column(pd.Series(written, dtype=object), kind)
    assert found.astype(object).where(found.notna(), None).tolist() == read


def test_a_date_with_a_time_zone_is_read_in_utc() -> None:
    dates = pd.Series(["2020-01-01T00:30:00+01:00", "2020-01-01", "soon"])
    found = data.read_column(dates, "date")
    assert list(found[:2]) == [
        pd.Timestamp("2019-12-31 23:30"),
        pd.Timestamp("2020-01-01"),
    ]
    assert found[2] is pd.NaT


def test_a_description_survives_being_written(tmp_path: Path) -> None:
    table = make_table(slices=["class"], id="key")
    write_table(table, tmp_path / "table.yaml")
    assert read_table(tmp_path / "table.yaml") == table


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("target: y\n", ""),
        ("task: classification", "task: guess"),
        ("target: y", "target: open"),
        ("kind: date", "kind: moment"),
        (", b]", "]"),
    ],
)
def test_a_wrong_description_is_refused_in_a_sentence(
    tmp_path: Path, old: str, new: str
) -> None:
    path = tmp_path / "table.yaml"
    write_table(make_table(), path)
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(Refusal, match=r"^[^\n]+\.$"):
        read_table(path)


def test_a_setting_that_is_not_known_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text("seed: 1\nsede: 2\n", "utf-8")
    with pytest.raises(Refusal, match="sede"):
        read_settings(path)


def test_shares_split_all_rows_and_the_same_way_each_time() -> None:
    frame = pd.DataFrame({"y": ["a", "b"] * 50})
    first = data.split(frame, make_table(), seed=1)
    second = data.split(frame, make_table(), seed=1)
    assert [len(part) for part in vars(first).values()] == [60, 20, 20]
    assert first.train.equals(second.train)
    assert set(pd.concat(vars(first).values()).index) == set(frame.index)


def test_a_date_becomes_month_weekday_and_hour() -> None:
    dates = pd.DataFrame({"day": pd.to_datetime(["2024-02-29 17:30"])})
    assert features.take_parts(dates).tolist() == [[2, 3, 17.5]]
    assert features.take_parts(dates, year=True).tolist() == [[2, 3, 17.5, 2024]]


class Coin:
    """A model that gives each row a fixed chance."""

    classes_ = np.array(["a", "b"])

    def __init__(self, chances: list[float]) -> None:
        self.chances = np.array(chances)

    def predict_proba(self, _rows: pd.DataFrame) -> np.ndarray:
        """Give the chances, shape (rows, 2)."""
        return np.column_stack([1 - self.chances, self.chances])


def test_the_metrics_are_those_a_person_computes() -> None:
    table = make_table(columns=[Column("x", "number")])
    rows = pd.DataFrame({"x": range(4), "y": ["a", "a", "b", "b"]})
    coin = Coin([0.1, 0.6, 0.4, 0.9])
    found = evaluate.score(coin, rows, table)
    assert found["rows"] == 4
    assert found["accuracy"] == 0.5
    assert found["auc"] == 0.75
    assert found["brier"] == pytest.approx((0.01 + 0.36 + 0.36 + 0.01) / 4)


def test_an_unknown_command_is_refused_in_a_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["no-such-command"]) == 1
    assert "choose one of" in capsys.readouterr().err
