"""Whatever the table: `make adopt` refuses it in a sentence, or the whole chain runs on it."""

# pylint: disable=no-value-for-parameter  # hypothesis hands over what `composite` takes
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as some
from level_0 import Place, load, settle

CHAIN = ("data", "train", "evaluate", "predict", "summary")
# What CSV can hold: no lone half of a surrogate pair, no zero byte.
LETTERS = some.characters(exclude_categories=["Cs"], exclude_characters="\0")
WORDS = some.text(LETTERS, max_size=8)
VALUES = [
    some.integers(-(2**63), 2**63 - 1),
    some.integers(0, 3),
    some.floats(allow_nan=False, allow_infinity=False, width=32),
    some.floats(),
    some.booleans(),
    some.sampled_from(["red", "green", "blue, dark", "0", "007", "1.0", "NA", "?", ""]),
    WORDS,
    some.dates().map(str),
    some.datetimes().map(str),
    some.sampled_from(["yes", "no"]),
    some.just("always"),
    some.none(),
]


@some.composite
def columns(draw: some.DrawFn, rows: int) -> list[Any]:
    """Draw values of one or two kinds, with or without gaps."""
    kinds = draw(some.lists(some.sampled_from(VALUES), min_size=1, max_size=2))
    if draw(some.integers(0, 4)) > 0:
        kinds = kinds[:1]  # tables are mostly tidy
    values = some.one_of(*kinds)
    if draw(some.booleans()):
        values |= some.none()
    few = draw(some.lists(values, min_size=1, max_size=12))
    order = np.random.default_rng(draw(some.integers(0, 99)))
    return [few[place] for place in order.integers(0, len(few), rows)]


@some.composite
def tables(draw: some.DrawFn) -> pd.DataFrame:
    """Draw a table with any names and values; most have rows enough."""
    rows = draw(some.sampled_from([120, 80, 47, 30, 1]))
    names = draw(some.lists(WORDS.filter(bool), min_size=2, max_size=5, unique=True))
    made = {name: pd.Series(draw(columns(rows)), dtype=object) for name in names}
    if draw(some.integers(0, 4)) > 0:  # else most tables have nothing to learn
        goals: list[list[Any]] = [["no", "yes"], [0, 1, 2], list(range(40))]
        goal = draw(some.sampled_from(goals))
        made[names[0]] = pd.Series((goal * rows)[:rows], dtype=object)
    if draw(some.integers(0, 4)) > 3:
        days = pd.date_range("2020-02-02", periods=rows, freq="31h").astype(str)
        made[names[-1]] = pd.Series(days, dtype=object)
    return pd.DataFrame(made)


def write(frame: pd.DataFrame, folder: Path, form: str) -> Path:
    """Write the table; a column that Parquet cannot hold as it is becomes text."""
    if form == "csv":
        frame.to_csv(folder / "t.csv", index=False)
        return folder / "t.csv"
    tidy = frame.infer_objects()
    for name in tidy.columns[tidy.dtypes == object]:
        tidy[name] = tidy[name].map(str, na_action="ignore")
    tidy.to_parquet(folder / "t.parquet")
    return folder / "t.parquet"


def live_rows(place: Place) -> int:
    """Count the rows that `make predict` scores."""
    with place.standing():
        return len(load("data").read_parts()[1].live)


@pytest.mark.slow
@given(
    tables(),
    some.sampled_from(["csv", "parquet"]),
    some.sampled_from([0, 0, 0, 0, 1]),
    some.sampled_from([None, None, None, -1, 0]),
    some.sampled_from(["", "", "classification", "regression"]),
)
@example(pd.DataFrame({"a": ["x", "y"] * 30, "b": range(60)}), "csv", 0, None, "")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_table_is_refused_in_a_sentence_or_learned_from(
    frame: pd.DataFrame, form: str, target: int, time: int | None, task: str
) -> None:
    names = [str(name) for name in frame]
    words = {"TARGET": names[target % len(names)], "TASK": task}
    if time is not None:
        words["TIME"] = names[time % len(names)]
    with tempfile.TemporaryDirectory() as folder:
        place = settle(Path(folder) / "place", rounds=3)
        path = write(frame, Path(folder), form)
        outcome = place.run("adopt", DATA=path, **words)
        event(outcome.refusal[:30] or "learned")
        if outcome.code:
            place.refuse("adopt", DATA=path, **words)
            return
        place.do(*CHAIN)
        predictions = pd.read_csv(
            place.path / "data/predictions.csv", keep_default_na=False
        )
        assert len(predictions) == live_rows(place) > 0
        assert (predictions["prediction"] != "").all()
        place.do("predict", DATA=path)
