"""What level 2 says of a model is true, and it notices when something is no longer so."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from environments import Project

# What its fixtures make takes minutes: all its tests run in one process.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("evidence")]

# Counted again with pandas and scikit-learn alone, without the project's own code.
RECOUNT = """
import json, sys, joblib, pandas as pd
from sklearn.metrics import roc_auc_score
rows = pd.read_parquet("data/table.parquet")
rows = rows[rows.scheduled_departure.between("2013-03-01", "2013-04-01", inclusive="left")]
model = joblib.load("models/model.joblib")
inputs = rows.drop(columns=["arrival", "flight_id"])
rows["chance"] = model.predict_proba(inputs)[:, list(model.classes_).index("late")]
rows["late"], rows["chosen"] = rows.arrival == "late", rows.chance > 0.5
auc = lambda part: roc_auc_score(part.late, part.chance)
groups = rows.groupby("origin")
spread = lambda values: float(values.max() - values.min())
print(json.dumps(dict(
    auc=auc(rows),
    origin={name: auc(part) for name, part in groups},
    carrier_rows=rows.carrier.value_counts().to_dict(),
    demographic_parity=spread(groups.chosen.mean()),
    equal_opportunity=spread(rows[rows.late].groupby("origin").chosen.mean()),
    calibration=spread((rows.chance - rows.late).groupby(rows.origin).mean()),
)))
"""
TABLES = """
import numpy as np
from sklearn.datasets import load_diabetes, load_wine
wine = load_wine(as_frame=True).frame
wine["target"] = wine["target"].map({0: "barolo", 1: "grignolino", 2: "barbera"})
random = np.random.default_rng(0)
wine["vine|yard `x`"] = random.choice(["a|b", "c*d", None], len(wine))
wine.to_csv("classes.csv", index=False)
people = load_diabetes(as_frame=True, scaled=False).frame
people["sex"] = people["sex"].map({1: "m", 2: "f"})
people.to_csv("numbers.csv", index=False)
"""
# What a table declares, for the groups are the point here.
GROUPS = {"classes": "vine|yard `x`", "numbers": "sex"}


@dataclass(frozen=True)
class Adopted:
    """A project whose pipeline has run on a table of its owner's."""

    project: Project
    run_id: str
    group: str

    def copy(self, folder: Path) -> Project:
        """Copy the project for a test to break."""
        return self.project.copy(folder)


Adopt = Callable[[str], Adopted]


@pytest.fixture(scope="module", name="flights")
def fixture_flights(finished: Callable[[int], Project]) -> Project:
    """The finished level 2, to look at and not to change."""
    return finished(2)


@pytest.fixture(scope="module", name="recounted")
def fixture_recounted(flights: Project) -> dict[str, object]:
    """The numbers of the flights, counted again."""
    done = flights.python("-c", RECOUNT)
    return dict(json.loads(done.stdout))


@pytest.fixture(scope="module", name="adopt")
def fixture_adopt(
    installed: Callable[[int], Project], tmp_path_factory: pytest.TempPathFactory
) -> Adopt:
    """Give `adopt(name)`: the pipeline has run on three classes, or on a regression."""

    @cache
    def adopt(name: str) -> Adopted:
        project = installed(2).copy(tmp_path_factory.mktemp(f"adopted {name} "))
        project.python("-c", TABLES)
        project.make("adopt", DATA=f"{name}.csv", TARGET="target")
        with (project.path / "conf/table.yaml").open("a", encoding="utf-8") as file:
            file.write(f"\nsensitive: ['{GROUPS[name]}']\n")
        project.make("pipeline")
        run_id = read(project, "models/run.json")["run_id"]
        return Adopted(project, run_id, GROUPS[name])

    return adopt


@pytest.fixture(name="adopted", params=sorted(GROUPS))
def fixture_adopted(request: pytest.FixtureRequest, adopt: Adopt) -> Adopted:
    """Either of the two tables."""
    return adopt(str(request.param))


@pytest.fixture(name="classes")
def fixture_classes(adopt: Adopt) -> Adopted:
    """The table that the tests break, in copies: what holds for one holds for all."""
    return adopt("classes")


def read(project: Project, file: str) -> dict[str, str]:
    """Read JSON of the project."""
    return dict(json.loads((project.path / file).read_text("utf-8")))


def change(project: Project, statement: str) -> None:
    """Change the tracking store behind everyone's back."""
    with closing(sqlite3.connect(project.path / "mlflow.db")) as database:
        assert database.execute(statement).rowcount > 0
        database.commit()


def test_the_card_shows_the_metric_that_a_stranger_counts(
    flights: Project, recounted: dict[str, object]
) -> None:
    card = (flights.path / "reports/model_card.md").read_text("utf-8")
    assert f"| **AUC** | {recounted['auc']:.4f} |" in card
    assert read(flights, "models/run.json")["run_id"] in card


def test_the_groups_are_those_that_a_stranger_counts(
    flights: Project, recounted: dict[str, object]
) -> None:
    found = json.loads((flights.path / "reports/slices.json").read_text("utf-8"))
    origin = {g["group"]: g["metrics"]["auc"] for g in found["slices"]["origin"]}
    assert origin == pytest.approx(recounted["origin"])
    rows = {g["group"]: g["metrics"]["rows"] for g in found["slices"]["carrier"]}
    assert rows == recounted["carrier_rows"]
    differences = found["fairness"]["origin"]["differences"]
    for name in ("demographic_parity", "equal_opportunity", "calibration"):
        assert differences[name] == pytest.approx(recounted[name])


def test_a_run_is_reproduced_and_the_project_stays_as_it_was(flights: Project) -> None:
    kept = ["data/table.parquet", "models/model.joblib", "reports/metrics.json"]
    before = [(flights.path / file).stat().st_mtime_ns for file in kept]
    assert " is reproduced: all " in flights.make("reproduce").stdout
    assert [(flights.path / file).stat().st_mtime_ns for file in kept] == before


def test_every_run_of_an_adopted_table_has_its_card(adopted: Adopted) -> None:
    card = (adopted.project.path / "reports/model_card.md").read_text("utf-8")
    assert adopted.run_id in card
    assert "Not stated" in card
    assert "New York" not in card
    found = json.loads(
        (adopted.project.path / "reports/slices.json").read_text("utf-8")
    )
    assert adopted.group in found["fairness"]


def test_a_run_of_an_adopted_table_is_reproduced_by_its_id(adopted: Adopted) -> None:
    done = adopted.project.make("reproduce", f"RUN={adopted.run_id}")
    assert f"Run {adopted.run_id} is reproduced" in done.stdout


def test_a_run_is_reproduced_after_the_project_has_moved_on(
    classes: Adopted, tmp_path: Path
) -> None:
    project = classes.copy(tmp_path)
    settings = project.path / "conf/settings.yaml"
    settings.write_text(settings.read_text("utf-8").replace("0.05", "0.5"), "utf-8")
    assert " is reproduced" in project.make("reproduce", f"RUN={classes.run_id}").stdout


def test_other_data_is_not_taken_for_the_data_of_the_run(
    classes: Adopted, tmp_path: Path
) -> None:
    project = classes.copy(tmp_path)
    raw = next((project.path / "data/raw").glob("*.csv"))
    lines = raw.read_text("utf-8").splitlines(keepends=True)
    raw.write_text("".join(lines[:-1]), "utf-8")
    done = project.make("reproduce", check=False)
    assert done.returncode != 0
    assert "NOT reproduced: its data has the SHA-256" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE params SET value = '0.9' WHERE key = 'learning_rate'",
            "learning_rate 0.9",
        ),
        (
            "UPDATE latest_metrics SET value = value + 0.01 WHERE key LIKE 'validation_%'",
            "metrics differ",
        ),
        ("UPDATE tags SET value = 'f00' WHERE key = 'data_sha256'", "its data"),
    ],
)
def test_a_changed_tracking_store_is_noticed(
    classes: Adopted, tmp_path: Path, statement: str, said: str
) -> None:
    project = classes.copy(tmp_path)
    change(project, statement)
    done = project.make("reproduce", check=False)
    assert done.returncode != 0
    assert "NOT reproduced" in done.stderr
    assert said in done.stderr


def test_changed_settings_of_a_run_are_noticed(
    classes: Adopted, tmp_path: Path
) -> None:
    project = classes.copy(tmp_path)
    kept = list(project.path.glob("mlartifacts/**/code/conf/settings.yaml"))
    assert kept
    for file in kept:
        file.write_text(file.read_text("utf-8").replace("0.05", "0.5"), "utf-8")
    done = project.make("reproduce", check=False)
    assert done.returncode != 0
    assert "not those that it was made of" in done.stderr


def test_an_unknown_run_is_refused_in_a_sentence(flights: Project) -> None:
    for target in ("reproduce", "bundle"):
        done = flights.make(target, "RUN=0123456789", check=False)
        assert done.returncode != 0
        assert "There is no run '0123456789'" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_bundle_proves_itself_elsewhere_until_one_byte_is_changed(
    adopted: Adopted, tmp_path: Path
) -> None:
    project = adopted.copy(tmp_path)
    project.make("bundle")
    bundle = tmp_path / "handed over"
    shutil.move(project.path / "bundles" / adopted.run_id, bundle)
    parts = [path.name[0] for path in bundle.iterdir() if path.is_dir()]
    assert sorted(parts) == list("1234567")
    assert "OK: " in project.make("bundle-check", BUNDLE=str(bundle)).stdout
    flip(bundle / "4-model/model.joblib")
    done = project.make("bundle-check", BUNDLE=str(bundle), check=False)
    assert done.returncode != 0
    assert "FAILED: 4-model/model.joblib was changed" in done.stderr


def flip(path: Path) -> None:
    """Change one byte in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_a_bundle_with_another_model_fails_its_scenarios(
    classes: Adopted, tmp_path: Path
) -> None:
    project = classes.copy(tmp_path)
    project.make("bundle")
    bundle = project.path / "bundles" / classes.run_id
    expected = bundle / "7-tests/expected.csv"
    expected.write_text(expected.read_text("utf-8").replace("0.", "1."), "utf-8")
    relist = "from pathlib import Path; from flight_delays.bundle import manifest; "
    relist += "import sys; manifest.write(Path(sys.argv[1]))"
    project.python("-c", relist, bundle)
    done = project.make("bundle-check", BUNDLE=str(bundle), check=False)
    assert done.returncode != 0
    assert "scenarios are predicted otherwise" in done.stderr


def test_the_search_logs_each_trial_and_looks_only_at_the_training_part(
    classes: Adopted, tmp_path: Path
) -> None:
    project = classes.copy(tmp_path)
    before = (project.path / "conf/settings.yaml").read_text("utf-8")
    done = project.make("tune", TRIALS="3")
    with closing(sqlite3.connect(project.path / "mlflow.db")) as database:
        children = "SELECT count(*) FROM tags WHERE key = 'mlflow.parentRunId'"
        # Three trials and the current settings, which they must beat.
        assert database.execute(children).fetchone() == (4,)
    after = (project.path / "conf/settings.yaml").read_text("utf-8")
    assert (after != before) == ("written to conf/settings.yaml" in done.stdout)
    assert after.startswith(before.splitlines()[0])
    assert "of the training part" in done.stdout
    again = classes.copy(tmp_path / "again").make("tune", TRIALS="3")
    assert again.stdout == done.stdout
