"""`make adopt` takes any table that can be learned from, and refuses the others in a sentence."""

import gzip
import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from level_0 import CHAIN, Place, load, settle

ROWS = 60


@pytest.fixture(name="place")
def fixture_place(tmp_path: Path) -> Place:
    """A project of level 0, in a folder of its own."""
    return settle(tmp_path / "place")


def make_rows(rows: int = ROWS, **columns: Any) -> pd.DataFrame:
    """Make a table with a column of each kind and a target that can be learned."""
    random = np.random.default_rng(7)
    size = random.normal(size=rows).round(3)
    made = pd.DataFrame(
        {
            "size": size,
            "colour": random.choice(["red", "green", "blue"], rows),
            "open": random.choice([True, False], rows),
            "day": pd.date_range("2020-01-01", periods=rows, freq="D").astype(str),
            "y": np.where(size > 0, "yes", "no"),
        }
    )
    return made.assign(**columns)


def save(
    frame: pd.DataFrame, folder: Path, name: str = "table.csv", **how: Any
) -> Path:
    """Write a table beside the project."""
    path = folder / name
    if name.endswith(".parquet"):
        frame.to_parquet(path, **how)
    else:
        frame.to_csv(path, **{"index": False, **how})
    return path


def describe(place: Place) -> Any:
    """Read conf/table.yaml as every command does."""
    return load("table").read_table(place.path / "conf/table.yaml")


def kinds(place: Place) -> dict[str, str]:
    """Give the kind of each input."""
    return {column.name: column.kind for column in describe(place).columns}


def predictions(place: Place) -> pd.DataFrame:
    """Read what `make predict` left."""
    return pd.read_csv(place.path / "data/predictions.csv", dtype=str)


# What works


def test_a_table_is_described_copied_and_learned_from(
    place: Place, tmp_path: Path
) -> None:
    path = save(make_rows(), tmp_path)
    said = place.do("adopt", DATA=path, TARGET="y", TIME="day")
    table = describe(place)
    assert kinds(place) == {
        "size": "number",
        "colour": "category",
        "open": "boolean",
        "day": "date",
    }
    assert (table.task, table.classes) == ("classification", ["no", "yes"])
    assert (table.slices, table.time) == (["colour"], "day")
    assert (place.path / table.source).read_bytes() == path.read_bytes()
    assert "make" in said.splitlines()[-1]
    place.do(*CHAIN)
    assert len(predictions(place)) == 12


def test_a_regression_is_learned(place: Place, tmp_path: Path) -> None:
    path = save(make_rows(price=np.linspace(5, 9, ROWS)), tmp_path)
    place.do("adopt", DATA=path, TARGET="price")
    assert describe(place).task == "regression"
    place.do(*CHAIN)
    assert predictions(place)["prediction"].astype(float).between(5, 9).all()


@pytest.mark.parametrize(
    ("values", "classes"),
    [
        (["a", "b", "c"], ["a", "b", "c"]),
        ([2, 10, 1], ["1", "2", "10"]),
        ([1.0, 2.0, None], ["1", "2"]),
        ([True, False], ["False", "True"]),
        (["yes", "no", "yes"], ["no", "yes"]),
        (["sound", "broken", "sound"], ["sound", "broken"]),
        (["$5-$10", "$\\x{$", 'é, "q" ü'], ["$5-$10", "$\\x{$", 'é, "q" ü']),
    ],
)
def test_classes_of_any_form_are_learned(
    place: Place, tmp_path: Path, values: list[Any], classes: list[str]
) -> None:
    column = pd.Series((values * ROWS)[:ROWS], dtype=object)
    path = save(make_rows(y=column), tmp_path)
    place.do("adopt", DATA=path, TARGET="y")
    assert describe(place).classes == classes
    place.do(*CHAIN)
    assert set(predictions(place)["prediction"]) <= set(classes)
    assert f"chance of {classes[0]}" in predictions(place)


def test_the_task_can_be_said(place: Place, tmp_path: Path) -> None:
    path = save(make_rows(grade=np.arange(ROWS) % 6), tmp_path)
    place.do("adopt", DATA=path, TARGET="grade")
    assert describe(place).task == "classification"
    place.do("adopt", DATA=path, TARGET="grade", TASK="regression")
    assert describe(place).task == "regression"


NAMES = [
    *(
        "size (mm)",
        "a[0]",
        "x,y",
        'say "hi"',
        "it's",
        "class",
        "größe",
        "日本",
        "_hidden",
    ),
    *(
        "$price",
        "a$b$c",
        "a: b",
        "# no",
        "null",
        "yes",
        "2013",
        "- x",
        "{k}",
        "<t>",
        "a;b",
    ),
    *("*star", "&anchor", "!tag", "%x", "@at", "`tick`", "a|b", "prediction", "index"),
    *(
        "count",
        "level_0",
        "line\nbreak",
        "odd\x85break",
        "null\x01",
        "trailing ",
        "🐧",
        "-5",
        "1e3",
        "target",
    ),
]


@pytest.mark.parametrize("name", ["table.csv", "table.parquet"])
def test_columns_may_be_called_anything(
    place: Place, tmp_path: Path, name: str
) -> None:
    random = np.random.default_rng(3)
    odd = {name: random.choice(["u", "v"], ROWS) for name in NAMES}
    frame = pd.concat([make_rows(), pd.DataFrame(odd)], axis=1)
    path = save(frame, tmp_path, name)
    place.do("adopt", DATA=path, TARGET="$price", TIME="day", ID="prediction")
    table = describe(place)
    assert set(table.features) == set(frame) - {"$price", "prediction"}
    place.do(*CHAIN)
    place.do("predict", DATA=path)
    assert len(predictions(place)) == ROWS


@pytest.mark.slow
def test_a_thousand_columns_are_learned_from(place: Place, tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    wide = pd.DataFrame(
        random.normal(size=(ROWS, 1000)), columns=[f"x {i}" for i in range(1000)]
    )
    path = save(wide.assign(y=(wide["x 0"] > 0).astype(int)), tmp_path)
    place.do("adopt", DATA=path, TARGET="y")
    text = (place.path / "conf/table.yaml").read_text("utf-8")
    assert len([line for line in text.splitlines() if "kind: number" in line]) == 1000
    place.do(*CHAIN)


def test_missing_values_are_allowed_where_the_file_has_them(
    place: Place, tmp_path: Path
) -> None:
    frame = make_rows().astype(object)
    for gap, column in enumerate(["size", "colour", "open", "day"]):
        frame.loc[gap::7, column] = None
    frame.loc[ROWS - 5 :, "y"] = None
    said = place.do("adopt", DATA=save(frame, tmp_path), TARGET="y")
    assert {column.name: column.missing for column in describe(place).columns} == {
        **dict.fromkeys(["size", "colour", "open", "day"], True)
    }
    assert kinds(place)["open"] == "boolean"
    assert "5 rows without target or time are not used" in said
    place.do(*CHAIN)
    assert len(pd.read_parquet(place.path / "data/table.parquet")) == ROWS - 5


def test_a_question_mark_is_a_missing_value(place: Place, tmp_path: Path) -> None:
    values = pd.Series(np.arange(ROWS) * 1.5).astype(object)
    values[::9] = "?"
    place.do("adopt", DATA=save(make_rows(weight=values), tmp_path), TARGET="y")
    assert kinds(place)["weight"] == "number"
    place.do(*CHAIN)
    read = pd.read_parquet(place.path / "data/table.parquet")["weight"]
    assert read.isna().sum() == 7


def test_a_category_that_is_new_later_is_predicted_with(
    place: Place, tmp_path: Path
) -> None:
    place.do("adopt", DATA=save(make_rows(), tmp_path), TARGET="y")
    place.do("data", "train")
    new = save(make_rows(colour="never seen").drop(columns="y"), tmp_path, "new.csv")
    place.do("predict", DATA=new)
    assert len(predictions(place)) == ROWS


def test_leading_zeros_are_kept(place: Place, tmp_path: Path) -> None:
    codes = np.random.default_rng(1).choice(["01234", "00501", "1234"], ROWS)
    keys = [f"{place:04d}" for place in range(ROWS)]
    path = save(make_rows(zip=codes, key=keys), tmp_path)
    place.do("adopt", DATA=path, TARGET="y", ID="key")
    zips = next(column for column in describe(place).columns if column.name == "zip")
    assert zips.categories == ["00501", "01234", "1234"]
    place.do("data", "train")
    place.do("predict", DATA=path)
    assert predictions(place)["key"].tolist() == keys
    assert set(pd.read_parquet(place.path / "data/table.parquet")["zip"]) == set(codes)


DATES = [
    *("%d.%m.%Y", "%m/%d/%Y %H:%M", "%d/%m/%Y", "%b %d, %Y", "%d-%b-%Y", "%Y/%m/%d"),
    *("%Y-%m-%dT%H:%M:%S+02:00", "%Y%m%d", "%m/%d/%Y %I:%M:%S %p", "%Y-%m-%d %H:%M"),
]


@pytest.mark.parametrize("pattern", DATES)
def test_dates_are_read_as_people_write_them(
    place: Place, tmp_path: Path, pattern: str
) -> None:
    days = pd.date_range("2020-01-01 12:00", periods=ROWS, freq="31h")
    frame = make_rows(day=days.strftime(pattern))
    place.do("adopt", DATA=save(frame, tmp_path), TARGET="y", TIME="day")
    place.do("data")
    read = pd.read_parquet(place.path / "data/table.parquet")["day"]
    again = read + pd.Timedelta(hours=2) if "+02:00" in pattern else read
    assert again.dt.strftime(pattern).tolist() == frame["day"].tolist()
    assert read.is_monotonic_increasing


def test_a_date_that_can_be_read_in_two_ways_is_pointed_out(
    place: Place, tmp_path: Path
) -> None:
    days = [f"{1 + row % 12}/{1 + row % 5}/2020" for row in range(ROWS)]
    path = save(make_rows(day=days), tmp_path)
    assert "%m/%d/%Y" in place.do("adopt", DATA=path, TARGET="y", TIME="day")


def test_numbers_that_look_like_dates_stay_numbers(
    place: Place, tmp_path: Path
) -> None:
    frame = make_rows(built=1950 + np.arange(ROWS), code=20200101 + np.arange(ROWS) * 7)
    place.do("adopt", DATA=save(frame, tmp_path), TARGET="y")
    assert (kinds(place)["built"], kinds(place)["code"]) == ("number", "number")


# Where each part begins, in the plainest instants that leave it about its share of the rows.
CUTS = {
    "333ms": ["2021-03-04 05:06:07", "2021-03-04 05:06:47", "2021-03-04 05:07:00"],
    "7min": ["2021-03-04 05:00:00", "2021-03-04 19:00:00", "2021-03-05"],
    "5D": ["2021-03-01", "2022-11-01", "2023-05-01"],
    "40D": ["2021-01-01", "2034-01-01", "2039-01-01"],
}


@pytest.mark.parametrize("freq", CUTS)
def test_time_is_cut_at_plain_instants_with_rows_in_each_part(
    place: Place, tmp_path: Path, freq: str
) -> None:
    times = pd.date_range("2021-03-04 05:06:07", periods=200, freq=freq)
    frame = make_rows(200, day=times)
    place.do("adopt", DATA=save(frame, tmp_path), TARGET="y", TIME="day")
    assert [begin for begin, _ in describe(place).split.values()] == CUTS[freq]
    place.do("data")
    with place.standing():
        _, parts = load("data").read_parts()
    lengths = [len(part) for part in vars(parts).values()]
    assert sum(lengths) == 200
    assert all(abs(got - due) <= 20 for got, due in zip(lengths, [120, 40, 40]))
    assert parts.train["day"].max() < parts.validation["day"].min()
    assert parts.validation["day"].max() < parts.live["day"].min()


def test_uneven_time_still_leaves_rows_in_each_part(
    place: Place, tmp_path: Path
) -> None:
    days = ["2020-01-01"] * 90 + ["2020-01-02"] * 5 + ["2020-01-03"] * 5
    path = save(make_rows(100, day=days), tmp_path)
    place.do("adopt", DATA=path, TARGET="size", TIME="day")
    place.do(*CHAIN)
    assert len(predictions(place)) == 5


def test_each_class_is_in_each_part(place: Place, tmp_path: Path) -> None:
    rare = ["rare"] * 5 + ["usual", "other"] * 100
    place.do("adopt", DATA=save(make_rows(205, y=rare), tmp_path), TARGET="y")
    place.do("data")
    with place.standing():
        _, parts = load("data").read_parts()
    assert [part["y"].eq("rare").sum() for part in vars(parts).values()] == [3, 1, 1]


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_other_separators_are_found(
    place: Place, tmp_path: Path, separator: str
) -> None:
    path = save(make_rows(note="a, b, and c"), tmp_path, sep=separator)
    place.do("adopt", DATA=path, TARGET="y")
    place.do(*CHAIN)
    place.do("predict", DATA=path)


def test_a_csv_that_gzip_packed_is_read(place: Place, tmp_path: Path) -> None:
    path = save(make_rows(), tmp_path, "table.csv.gz")
    assert gzip.open(path).read(4) == b"size"
    place.do("adopt", DATA=path, TARGET="y")
    place.do(*CHAIN)


def test_a_byte_order_mark_is_no_part_of_a_name(place: Place, tmp_path: Path) -> None:
    path = save(make_rows(), tmp_path, encoding="utf-8-sig")
    place.do("adopt", DATA=path, TARGET="y")
    assert "size" in describe(place).features


def test_types_of_parquet_are_read(place: Place, tmp_path: Path) -> None:
    frame = make_rows(
        colour=make_rows()["colour"].astype("category"),
        day=pd.date_range("2020-01-01", periods=ROWS, tz="Europe/Berlin"),
        flag=pd.array([True, None, False] * (ROWS // 3), dtype="boolean"),
        whole=pd.array([1, None, 3] * (ROWS // 3), dtype="Int64"),
        span=pd.to_timedelta(np.arange(ROWS), unit="h"),
        lists=[[1, 2]] * ROWS,
        price=[Decimal(row) / 4 for row in range(ROWS)],
    )
    said = place.do(
        "adopt", DATA=save(frame, tmp_path, "t.parquet"), TARGET="y", TIME="day"
    )
    assert kinds(place) == {
        **{"size": "number", "colour": "category", "open": "boolean", "day": "date"},
        **{"flag": "boolean", "whole": "number", "price": "number"},
    }
    assert "'span' is no input" in said and "'lists' is no input" in said
    place.do(*CHAIN)


def test_an_index_of_parquet_is_a_column(place: Place, tmp_path: Path) -> None:
    frame = make_rows().set_index(
        pd.Index([f"k{row}" for row in range(ROWS)], name="key")
    )
    path = save(frame, tmp_path, "t.parquet")
    place.do("adopt", DATA=path, TARGET="y", ID="key")
    place.do(*CHAIN)
    assert predictions(place)["key"].str.startswith("k").all()


@pytest.mark.parametrize("name", ["t.csv", "t.parquet"])
def test_an_index_without_a_name_is_left_out(
    place: Place, tmp_path: Path, name: str
) -> None:
    frame = make_rows().set_axis([row * 3 for row in range(ROWS)])
    said = place.do("adopt", DATA=save(frame, tmp_path, name, index=True), TARGET="y")
    assert "it has no name" in said
    assert list(kinds(place)) == ["size", "colour", "open", "day"]


def test_columns_that_teach_nothing_are_left_out_with_a_note(
    place: Place, tmp_path: Path
) -> None:
    frame = make_rows(same=1, name=[f"Mr {row}" for row in range(ROWS)])
    said = place.do("adopt", DATA=save(frame, tmp_path), TARGET="y")
    assert "'same' is no input: it is always the same" in said
    assert "'name' is no input: it differs from row to row" in said
    assert {"same", "name"}.isdisjoint(describe(place).features)


def test_a_number_that_counts_the_rows_is_pointed_out(
    place: Place, tmp_path: Path
) -> None:
    path = save(make_rows(number=np.arange(ROWS)), tmp_path)
    assert "ID=number" in place.do("adopt", DATA=path, TARGET="y")


def test_a_small_table_gets_small_leaves(place: Place, tmp_path: Path) -> None:
    place.do("adopt", DATA=save(make_rows(300), tmp_path), TARGET="y")
    with place.standing():
        settings = load("settings").read_settings()
    assert settings.model["min_samples_leaf"] == 18
    place.do(*CHAIN)
    found = json.loads((place.path / "reports/metrics.json").read_text())
    assert found["validation"]["auc"] > 0.9


def test_a_table_that_lies_in_its_place_is_adopted_there(
    place: Place, tmp_path: Path
) -> None:
    place.do("adopt", DATA=save(make_rows(), tmp_path), TARGET="y")
    place.do("adopt", DATA="data/raw/table.csv", TARGET="colour")
    place.do(*CHAIN)


# Two tables are not mixed


def test_what_was_made_of_the_former_table_is_gone(
    place: Place, tmp_path: Path
) -> None:
    place.do("adopt", DATA=save(make_rows(), tmp_path), TARGET="y")
    place.do(*CHAIN)
    other = save(make_rows(price=np.arange(ROWS) * 0.5), tmp_path, "other.csv")
    place.do("adopt", DATA=other, TARGET="price")
    left = {str(path.relative_to(place.path)) for path in place.path.rglob("*.*")}
    assert left == {
        *("conf/settings.yaml", "conf/table.yaml"),
        *("data/raw/table.csv", "data/raw/other.csv"),
    }
    assert "make data" in place.refuse("train")
    place.do(*CHAIN)


@pytest.mark.parametrize("command", ["predict", "evaluate"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kind: number", "kind: category"),
        ("classes: ['no', 'yes']", "classes: ['yes', 'no']"),
        ("  - {name: open, kind: boolean}\n", ""),
    ],
)
def test_a_model_of_another_description_is_refused(
    place: Place, tmp_path: Path, command: str, old: str, new: str
) -> None:
    place.do("adopt", DATA=save(make_rows(), tmp_path), TARGET="y")
    place.do("data", "train")
    conf = place.path / "conf/table.yaml"
    text = conf.read_text("utf-8")
    assert old in text
    conf.write_text(text.replace(old, new), "utf-8")
    assert "make data train" in place.refuse(command)
    place.do("data", "train", command)


# What is refused


def as_bytes(content: bytes) -> Callable[[Path], Path]:
    """A file of these bytes."""

    def write(folder: Path) -> Path:
        path = folder / "table.csv"
        path.write_bytes(content)
        return path

    return write


def as_table(name: str = "table.csv", **columns: Any) -> Callable[[Path], Path]:
    """The usual table with other columns."""
    return lambda folder: save(make_rows(**columns), folder, name)


def as_twins(folder: Path) -> Path:
    """A Parquet file in which two columns have one name; pandas would not write it."""
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = arrow.table([list(range(ROWS)), list("ab" * 30)], names=["x", "x"])
    parquet.write_table(table, folder / "t.parquet")
    return folder / "t.parquet"


def encoded(encoding: str) -> bytes:
    """The usual table with an umlaut in it."""
    return make_rows(place="Zürich").to_csv(index=False).encode(encoding)


def packed_and_cut() -> bytes:
    """A CSV that gzip packed and of which the end is missing."""
    return gzip.compress(make_rows(5000).to_csv(index=False).encode())[:-900]


def cut_parquet() -> bytes:
    """A Parquet file of which the end is missing."""
    whole = io.BytesIO()
    make_rows().to_parquet(whole)
    return whole.getvalue()[:-100]


CSV = make_rows().to_csv(index=False).encode()
BROKEN_FILES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "no file": (lambda folder: folder / "nowhere.csv", "not there"),
    "a folder": (lambda folder: folder, "a folder"),
    "an empty file": (as_bytes(b""), "is empty"),
    "only line ends": (as_bytes(b"\n\n \n"), "is empty"),
    "a PNG": (as_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0"), "not a table"),
    "an Excel file": (as_bytes(b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0"), "not a table"),
    "JSON": (as_bytes(b'[{"size": 1, "y": "no"}, {"size": 2, "y": "yes"}]'), "JSON"),
    "lines of JSON": (as_bytes(b'{"y": 1}\n{"y": 2}\n'), "JSON"),
    "a web page": (as_bytes(b"<!DOCTYPE html>\n<html>y</html>"), "web page"),
    "UTF-16": (as_bytes(encoded("utf-16")), "UTF-16"),
    "UTF-16 without a mark": (as_bytes(encoded("utf-16-le")), "not a table"),
    "Latin-1": (as_bytes(encoded("latin-1")), "not in UTF-8"),
    "Latin-1 far down": (
        as_bytes(CSV + CSV[29:] * 40 + b"1,\xfc,,,no\n"),
        "not in UTF-8",
    ),
    "a cut gzip file": (as_bytes(packed_and_cut()), "cannot|can be read"),
    "a cut Parquet file": (as_bytes(cut_parquet()), "can be read"),
    "two columns with one name": (
        as_bytes(CSV.replace(b"size,colour", b"colour,colour")),
        "two columns named 'colour'",
    ),
    "two columns with one name in Parquet": (as_twins, "two columns named 'x'"),
    "a row with too many fields": (as_bytes(CSV + b"1,2,3,4,5,6\n"), "line 62"),
    "rows wider than the header": (
        as_bytes(CSV.replace(b"size,colour", b"colour")),
        "more fields than its header",
    ),
}


@pytest.mark.parametrize("case", BROKEN_FILES)
def test_what_is_no_table_is_refused(place: Place, tmp_path: Path, case: str) -> None:
    make, says = BROKEN_FILES[case]
    folder = tmp_path / "given"
    folder.mkdir()
    sentence = place.refuse("adopt", DATA=make(folder), TARGET="y")
    assert pd.Series(sentence).str.contains(says).all(), sentence


HALF = ROWS // 2
BROKEN_TABLES: dict[str, tuple[Callable[[Path], Path], dict[str, str], str]] = {
    "no such target": (as_table(), {"TARGET": "why"}, "TARGET: 'why' is not a column"),
    "a constant target": (as_table(y="no"), {}, "always 'no'"),
    "a target without values": (as_table(y=None), {}, "holds no value"),
    "a column without values": (as_table(size=None), {}, "'size' holds no value"),
    "a column of infinities": (as_table(size=np.inf), {}, "'size' holds no value"),
    "no row": (as_bytes(b"size,y\n"), {}, "no value|0 rows"),
    "one row": (as_bytes(b"size,y\n1,no\n"), {}, "1 row .*at least 30"),
    "too few rows": (lambda at: save(make_rows(29), at), {}, "29 rows .*at least 30"),
    "too few targets": (
        as_table(y=["no", "yes"] * 14 + [None] * 32),
        {},
        "28 rows .*at least 30",
    ),
    "text for regression": (as_table(), {"TASK": "regression"}, "is not a number"),
    "a class for each row": (
        as_table(y=[f"c{row}" for row in range(ROWS)]),
        {},
        "60 classes in 60 rows",
    ),
    "a number for each row as classes": (
        as_table(),
        {"TARGET": "size", "TASK": "classification"},
        "classes in 60 rows",
    ),
    "a class of four rows": (
        as_table(y=["a"] * 4 + ["b"] * HALF + ["c"] * (HALF - 4)),
        {},
        "Class 'a' .* only 4 of the at least 5",
    ),
    "a class that comes only later": (
        as_table(y=["a", "b"] * (HALF - 5) + ["c"] * 10),
        {"TIME": "day"},
        "Class 'c'",
    ),
    "a target that changes only later": (
        as_table(y=["a"] * 50 + ["b"] * 10),
        {"TIME": "day"},
        "always the same in the first",
    ),
    "a task that is none": (as_table(), {"TASK": "guess"}, "TASK: 'guess'"),
    "no such id": (as_table(), {"ID": "key"}, "ID: 'key' is not a column"),
    "no such time": (as_table(), {"TIME": "when"}, "TIME: 'when' is not a column"),
    "the time is the target": (as_table(), {"TIME": "y"}, "must be different"),
    "the id is the target": (as_table(), {"ID": "y"}, "must be different"),
    "a time of words": (as_table(), {"TIME": "colour"}, "not readable as dates"),
    "a time of numbers": (as_table(), {"TIME": "size"}, "not readable as dates"),
    "a time with one wrong day": (
        as_table(day=["2020-01-01"] * (ROWS - 1) + ["2020-02-30"]),
        {"TIME": "day"},
        "'2020-02-30'",
    ),
    "a time without values": (as_table(day=None), {"TIME": "day"}, "'day' holds no"),
    "a time of two days": (
        as_table(day=["2020-01-01", "2020-01-02"] * HALF),
        {"TIME": "day"},
        "at least three",
    ),
    "times for few rows": (
        as_table(day=["2020-01-01", "2020-01-02", "2020-01-03"] + [None] * 57),
        {"TIME": "day"},
        "3 rows .*at least 30",
    ),
    "decimal commas": (
        as_table(size=[f"{row},5" for row in range(ROWS)]),
        {},
        "'size' writes numbers with a comma",
    ),
    "amounts beyond all measure": (
        as_table(size=np.arange(ROWS) * 1e200),
        {"TARGET": "size"},
        "goes up to 5.9e.201",
    ),
    "no input": (
        lambda at: save(make_rows()[["y"]].assign(one=1), at),
        {},
        "No column is left",
    ),
}


@pytest.mark.parametrize("case", BROKEN_TABLES)
def test_what_cannot_be_learned_from_is_refused(
    place: Place, tmp_path: Path, case: str
) -> None:
    make, words, says = BROKEN_TABLES[case]
    sentence = place.refuse("adopt", DATA=make(tmp_path), **{"TARGET": "y", **words})
    assert pd.Series(sentence).str.contains(says).all(), sentence


@pytest.mark.parametrize("words", [{}, {"DATA": "t.csv"}, {"TARGET": "y"}])
def test_what_is_not_said_is_asked_for(place: Place, words: dict[str, str]) -> None:
    assert "make adopt DATA=" in place.refuse("adopt", **words)


def test_a_refused_table_leaves_the_former_one_at_work(
    place: Place, tmp_path: Path
) -> None:
    place.do("adopt", DATA=save(make_rows(), tmp_path), TARGET="y")
    place.do(*CHAIN)
    bad = save(make_rows(y="no"), tmp_path, "bad.csv")
    place.refuse("adopt", DATA=bad, TARGET="y")
    place.do("evaluate", "predict", "summary")


def test_rows_to_predict_must_have_the_inputs(place: Place, tmp_path: Path) -> None:
    place.do("adopt", DATA=save(make_rows(), tmp_path), TARGET="y")
    place.do("data", "train")
    bad = save(make_rows().drop(columns="size"), tmp_path, "bad.csv")
    assert "no column 'size'" in place.refuse("predict", DATA=bad)
    assert "not there" in place.refuse("predict", DATA=tmp_path / "nowhere.csv")
