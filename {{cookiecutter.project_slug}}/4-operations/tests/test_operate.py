"""The loop retrains, compares, promotes, rejects and rolls back; whatever happens to it."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from test_deploy import (  # pylint: disable=unused-import
    Customer,
    Place,
    fixture_place,
)
from test_release import wait_until

from {{ cookiecutter.package_name }} import (
    aliases,
    events,
    operate,
)
from {{ cookiecutter.package_name }}.events import (
    query,
)
from {{ cookiecutter.package_name }}.files import (
    read_yaml,
)
from {{ cookiecutter.package_name }}.operate import (
    approval,
    forgetting,
    lock,
    pending,
    trail,
    triggers,
    turn,
)
from {{ cookiecutter.package_name }}.operate.settings import (
    Operations,
    Retention,
    Triggers,
    read_operations,
)
from {{ cookiecutter.package_name }}.operate.trail import (
    Entry,
    write_time,
)
from {{ cookiecutter.package_name }}.operate.view import (
    View,
    look,
    read_now,
    read_span_end,
)
from {{ cookiecutter.package_name }}.refusal import (
    Refusal,
)
from {{ cookiecutter.package_name }}.table import (
    Table,
)

DAY = 86_400.0
BEGIN = 1_800_000_000.0
# So many days ago both versions were registered.
AGED = 40
PACKAGE = operate.__name__.partition(".")[0]
PREPARE = """
from PACKAGE import champion, data, experiment, package, register, tracking, train
from PACKAGE.settings import read_settings
from PACKAGE.evaluate import score
client = tracking.connect()
(table, parts), settings = data.read_parts(), read_settings()
fitted = train.fit(parts.train, table, settings)
about = train.describe(parts.train, table, settings)
for place in range(2):
    run = tracking.Run(**experiment.log(fitted, parts.train, table, about))
    found = score(fitted, parts.train, table)
    version = register.create_version(client, run, table, found, "a version")
    package.make(str(version.version))
    if not place:
        champion.crown(client, version)
"""


@pytest.fixture(scope="module", name="first")
def fixture_first(workplace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a small table, version 1 as champion and version 2 beside it."""
    folder = tmp_path_factory.mktemp("first") / "project"
    shutil.copytree(workplace, folder)
    settings = folder / "conf/settings.yaml"
    settings.write_text("seed: 1\nmodel: {max_iter: 5}\n", "utf-8")
    release = folder / "conf/release.yaml"
    release.write_text("strategy: {mode: shadow}", "utf-8")
    done = run(PREPARE, folder)
    assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(folder / "mlflow.db")) as database:
        older = f"creation_time = creation_time - {AGED * DAY * 1000:.0f}"
        database.execute(f"UPDATE model_versions SET {older}")
        database.commit()
    return folder


def run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder, with a registry of its own."""
    return subprocess.run(
        [sys.executable, "-c", code.replace("PACKAGE", PACKAGE)],
        cwd=folder,
        env=make_environment(),
        capture_output=True,
        text=True,
        check=False,
    )


def make_environment() -> dict[str, str]:
    kept = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    kept.pop("MLFLOW_TRACKING_URI", None)
    return kept


@pytest.fixture(name="project")
def fixture_project(
    first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A copy of it to work in, where nothing asks for a retraining by itself."""
    folder = tmp_path / "project"
    shutil.copytree(first, folder)
    monkeypatch.chdir(folder)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    change("triggers", schedule_days=0, drift=False, performance_margin=0)
    return folder


def change(section: str, **values: Any) -> None:
    """Change some settings of the loop."""
    path = Path("conf/operations.yaml")
    content = read_yaml(path)
    content[section] |= values
    path.write_text(json.dumps(content), "utf-8")


def answer(table: Table, rows: int, better: bool, at: float, second: str = "2") -> None:
    """Log answers of version 1 and of a second model that is clearly better, or worse."""
    good, poor = make_answers(table, rows)
    seen, unseen = (poor, good) if better else (good, poor)
    champion = aliases.find("champion")
    log = events.EventLog()
    for place in range(rows):
        name = f"{at}-{place}"
        shared = {"id": name, "request": name, "time": at + place, "latency": 1.0}
        log.append("prediction", {**shared, "model": champion, **seen[place]})
        log.append("shadow", {**shared, "model": second, **unseen[place]})
        label = {"id": name, "time": at + DAY, "label": good[place]["truth"]}
        log.append("label", label)
    log.close()


def make_answers(
    table: Table, rows: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Make answers that are mostly right, and others that know nothing."""
    random = np.random.default_rng(0)
    if table.task == "regression":
        truths = random.normal(size=rows)
        noise = random.normal(1, 1, size=rows)
        return (
            [{"prediction": float(t) + 0.1, "truth": float(t)} for t in truths],
            [{"prediction": float(t)} for t in truths + noise],
        )
    names, good, poor = table.classes, [], []
    for truth in random.choice(names, rows):
        even = random.dirichlet(np.ones(len(names)))
        sure = even / 2 + np.where(np.array(names) == truth, 0.5, 0)
        good.append(word(sure, names) | {"truth": str(truth)})
        poor.append(word(random.dirichlet(np.ones(len(names))), names))
    return good, poor


def word(chances: np.ndarray, names: list[str]) -> dict[str, Any]:
    """Give chances as the service does."""
    said = dict(zip(names, chances.tolist()))
    return {"prediction": names[int(chances.argmax())], "chances": said}


def challenge(at: float = BEGIN) -> None:
    """Let version 2 be the challenger, as a retraining does."""
    evidence = {"round": write_time(at), "mark": "x", "window": "all", "holdout": {}}
    pending.settle(Entry(write_time(at), "challenge", "2", "1", "a test", evidence))


def test_a_better_challenger_is_promoted_and_the_former_is_kept_beside_it(
    project: Path, table: Table
) -> None:
    assert project.is_dir()
    challenge()
    answer(table, 600, better=True, at=BEGIN + 60)
    made = turn.take(BEGIN + 11 * DAY)
    assert [entry.decision for entry in made] == ["promote"]
    assert (aliases.find("champion"), aliases.find("challenger")) == ("2", "1")
    assert made[0].evidence["test"]["verdict"] == "better"
    assert made[0].by == "policy"


def test_a_worse_challenger_is_rejected(project: Path, table: Table) -> None:
    assert project.is_dir()
    challenge()
    answer(table, 600, better=False, at=BEGIN + 60)
    assert [entry.decision for entry in turn.take(BEGIN + 11 * DAY)] == ["reject"]
    assert (aliases.find("champion"), aliases.find("challenger")) == ("1", None)


def test_only_labels_that_have_come_decide_and_patience_ends(
    project: Path, table: Table
) -> None:
    assert project.is_dir()
    challenge()
    answer(table, 600, better=True, at=BEGIN + 60)
    assert turn.take(BEGIN + 0.5 * DAY) == []
    patience = read_operations().comparison.patience_days
    Path("events/events.db").unlink()
    made = turn.take(BEGIN + (patience + 1) * DAY)
    assert [entry.decision for entry in made] == ["reject"]
    assert "nothing can be told" in made[0].reason


def test_a_challenger_that_fails_is_rejected(project: Path) -> None:
    assert project.is_dir()
    challenge()
    log = events.EventLog()
    for place in range(100):
        shared = {"id": str(place), "request": str(place), "time": BEGIN + place}
        log.append("prediction", {**shared, "model": "1", "prediction": "a"})
        log.append("shadow", {**shared, "model": "2", "error": "it crashed"})
    log.close()
    made = turn.take(BEGIN + DAY)
    assert made[0].decision == "reject"
    assert "failed to answer" in made[0].reason


def test_a_promotion_is_taken_back_when_the_former_champion_was_better(
    project: Path, table: Table
) -> None:
    assert project.is_dir()
    challenge()
    answer(table, 600, better=True, at=BEGIN + 60)
    turn.take(BEGIN + 11 * DAY)
    answer(table, 600, better=True, at=BEGIN + 12 * DAY, second="1")
    made = turn.take(BEGIN + 23 * DAY)
    assert [entry.decision for entry in made] == ["rollback"]
    assert (aliases.find("champion"), aliases.find("challenger")) == ("1", None)


def test_a_promotion_that_holds_ends_the_watch(project: Path, table: Table) -> None:
    assert project.is_dir()
    challenge()
    answer(table, 600, better=True, at=BEGIN + 60)
    turn.take(BEGIN + 11 * DAY)
    answer(table, 600, better=False, at=BEGIN + 12 * DAY, second="1")
    assert turn.take(BEGIN + 20 * DAY) == []
    made = turn.take(BEGIN + 40 * DAY)
    assert [entry.decision for entry in made] == ["hold"]
    assert (aliases.find("champion"), aliases.find("challenger")) == ("2", None)


def test_where_approval_is_required_a_person_has_the_last_word(
    project: Path, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert project.is_dir()
    change("promotion", approval="required")
    challenge()
    answer(table, 600, better=True, at=BEGIN + 60)
    assert [entry.decision for entry in turn.take(BEGIN + 11 * DAY)] == ["hold"]
    assert turn.take(BEGIN + 12 * DAY) == []
    assert aliases.find("champion") == "1"
    with pytest.raises(Refusal, match="VERSION=2"):
        approval.approve("1")
    monkeypatch.setenv("GITHUB_ACTOR", "Ada")
    approval.approve("2")
    made = turn.take(BEGIN + 13 * DAY)
    assert [(entry.decision, entry.by) for entry in made] == [("promote", "Ada")]


# One process for all that trains: most of the time goes into importing mlflow. Each case
# works in a copy of its own, in a child that may be killed.
RETRAIN = """
import json, os, shutil, signal, sqlite3, sys, warnings
from contextlib import closing
from dataclasses import asdict
import pandas as pd
from PACKAGE import aliases, data, package, register, refusal
from PACKAGE.operate import making, pending, trail, turn
first = os.getcwd()

def in_child(work):
    child = os.fork()
    if not child:
        try:
            work()
        finally:
            os._exit(0)
    return os.waitpid(child, 0)[1]

def kill_after(place, name):
    whole = getattr(place, name)
    def killed(*words):
        given = whole(*words)
        if name != "append" or words[0].decision != "retrain":
            os.kill(os.getpid(), signal.SIGKILL)
        return given
    setattr(place, name, killed)
    turn.take()

def break_rows():
    frame = pd.read_parquet(data.PREPARED)
    frame.drop(columns=COLUMN).to_parquet(data.PREPARED)
    turn.take()

def lock_registry():
    with closing(sqlite3.connect("mlflow.db")) as database:
        database.execute("BEGIN EXCLUSIVE")
        try:
            turn.take()
        except refusal.Refusal as why:
            open("said", "w").write(str(why))

def do(case, work, finish):
    shutil.copytree(first, "../" + case)
    os.chdir("../" + case)
    status = in_child(work)
    if finish:
        in_child(turn.take)
    with closing(sqlite3.connect("mlflow.db")) as database:
        versions = database.execute("SELECT count(*) FROM model_versions").fetchone()[0]
    print(json.dumps(dict(
        case=case, killed=os.WIFSIGNALED(status), versions=versions,
        entries=[asdict(entry) for entry in trail.read()],
        champion=aliases.find("champion"), challenger=aliases.find("challenger"),
        pending=pending.PENDING.exists(), packages=sorted(os.listdir("packages")),
        said=open("said").read() if os.path.exists("said") else "",
    )))
    os.chdir(first)

do("whole", turn.take, False)
do("again", turn.take, True)
do("broken", break_rows, False)
do("registered", lambda: kill_after(register, "create_version"), True)
do("packaged", lambda: kill_after(package, "make"), True)
do("pointed", lambda: kill_after(aliases, "point"), True)
do("entered", lambda: kill_after(trail, "append"), True)
do("locked", lock_registry, True)
"""
Case = dict[str, Any]


@pytest.fixture(scope="module", name="cases")
def fixture_cases(
    first: Path, table: Table, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Case]:
    """What became of a retraining that was left alone, killed, locked out or given bad rows."""
    folder = tmp_path_factory.mktemp("cases") / "first"
    shutil.copytree(first, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        change("triggers", schedule_days=1, drift=False, performance_margin=0)
        change("retraining", min_rows=50)  # an adopted table may be small
    done = run(RETRAIN.replace("COLUMN", repr(table.features[-1])), folder)
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines() if '"case"' in line]
    return {case["case"]: case for case in found}


def test_a_retraining_makes_a_challenger_with_its_evidence(
    cases: dict[str, Case], table: Table
) -> None:
    case = cases["whole"]
    assert [entry["decision"] for entry in case["entries"]] == ["retrain", "challenge"]
    assert (case["champion"], case["challenger"]) == ("1", "3")
    assert "3" in case["packages"]
    evidence = case["entries"][1]["evidence"]
    assert table.headline[0] in evidence["holdout"]
    assert len(evidence["data"]["sha256"]) == 64
    assert cases["again"]["entries"][2:] == []


def test_rows_that_are_not_sound_stop_a_retraining_and_change_nothing(
    cases: dict[str, Case], table: Table
) -> None:
    case = cases["broken"]
    assert [entry["decision"] for entry in case["entries"]] == ["retrain", "failure"]
    assert repr(table.features[-1]) in case["entries"][1]["reason"]
    assert (case["champion"], case["challenger"], case["versions"]) == ("1", None, 2)


@pytest.mark.parametrize("place", ["registered", "packaged", "pointed", "entered"])
def test_a_turn_that_is_killed_is_finished_by_the_next(
    cases: dict[str, Case], place: str
) -> None:
    case = cases[place]
    assert case["killed"]
    assert [entry["decision"] for entry in case["entries"]] == ["retrain", "challenge"]
    assert (case["challenger"], case["versions"], case["pending"]) == ("3", 3, False)


def test_a_retraining_that_finds_the_registry_locked_goes_on_in_the_next_turn(
    cases: dict[str, Case],
) -> None:
    case = cases["locked"]
    assert "locked" in case["said"]
    assert [entry["decision"] for entry in case["entries"]] == ["retrain", "challenge"]


KILL = """
import os, signal
from PACKAGE import aliases
from PACKAGE.operate import turn
whole = aliases.point
def killed(*words):
    whole(*words)
    os.kill(os.getpid(), signal.SIGKILL)
aliases.point = killed
turn.take(NOW)
"""


def test_a_promotion_that_is_killed_half_way_is_finished(
    project: Path, table: Table
) -> None:
    challenge()
    answer(table, 600, better=True, at=BEGIN + 60)
    done = run(KILL.replace("NOW", str(BEGIN + 11 * DAY)), project)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert aliases.find("challenger") == "2"
    made = turn.take(BEGIN + 11 * DAY)
    assert [entry.decision for entry in made] == ["promote"]
    assert (aliases.find("champion"), aliases.find("challenger")) == ("2", "1")


def test_no_challenger_is_made_that_would_never_be_asked(project: Path) -> None:
    change("triggers", schedule_days=1)
    (project / "conf/release.yaml").write_text("strategy: {mode: champion}", "utf-8")
    with pytest.raises(Refusal, match="write shadow"):
        turn.take()
    assert trail.read() == []


def test_many_rows_of_one_day_decide_nothing(project: Path, table: Table) -> None:
    assert project.is_dir()
    challenge()
    answer(table, 600, better=True, at=BEGIN + 60)
    days = read_operations().comparison.min_days
    assert turn.take(BEGIN + (days - 1) * DAY) == []
    assert len(turn.take(BEGIN + (days + 1) * DAY)) == 1


def test_two_turns_at_once_are_told_apart(project: Path) -> None:
    assert project.is_dir()
    with lock.hold(), pytest.raises(Refusal, match="at work"):
        turn.take()
    turn.take()


def test_a_champion_crowned_by_somebody_else_is_not_overruled(project: Path) -> None:
    assert project.is_dir()
    entry = Entry(write_time(BEGIN), "promote", "2", "7", "a stale decision")
    assert pending.settle(entry).decision == "hold"
    assert aliases.find("champion") == "1"


@pytest.fixture(name="locked")
def fixture_locked(project: Path) -> Iterator[Callable[[], None]]:
    """The registry's database, held by another process; gives what ends that."""
    with sqlite3.connect(project / "mlflow.db") as database:
        database.execute("BEGIN EXCLUSIVE")
        yield database.rollback
    database.close()


def test_a_locked_registry_loses_nothing(
    locked: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aliases, "PATIENCE_SECONDS", 0.1)
    evidence = {"round": write_time(BEGIN), "mark": "x", "holdout": {}}
    entry = Entry(write_time(BEGIN), "challenge", "2", "1", "a test", evidence)
    with pytest.raises(Refusal, match="locked"):
        pending.settle(entry)
    locked()
    assert turn.take(BEGIN + 60)[0] == entry
    assert aliases.find("challenger") == "2"


def test_a_clock_that_was_set_back_undoes_no_cool_down(project: Path) -> None:
    assert project.is_dir()
    future = time.time() + 100 * DAY
    entry = Entry(write_time(future), "retrain", None, "1", "x", {"mark": "x"})
    assert triggers.find_brake([entry], future - 50 * DAY, Triggers())
    assert triggers.find_brake([entry], future + 50 * DAY, Triggers()) is None


def test_the_latest_time_that_is_known_counts(project: Path, table: Table) -> None:
    assert project.is_dir()
    now = time.time()
    assert read_now([]) == pytest.approx(now, abs=60)
    answer(table, 3, better=True, at=now + 5 * DAY)
    assert read_now([]) == pytest.approx(now + 5 * DAY, abs=60)
    entry = Entry(write_time(now + 9 * DAY), "hold", None, "1", "x")
    assert read_now([entry]) == pytest.approx(now + 9 * DAY, abs=60)
    assert turn.take() == []


def test_a_budget_ends_retraining() -> None:
    limits = Triggers(budget=3, budget_days=30, cooldown_days=1)
    entries = [
        Entry(write_time(BEGIN + day * DAY), "retrain", None, "1", "x")
        for day in (0, 2, 4)
    ]
    brake = triggers.find_brake(entries, BEGIN + 10 * DAY, limits)
    assert brake and "budget" in brake
    assert triggers.find_brake(entries, BEGIN + 31 * DAY, limits) is None


def test_each_trigger_asks_when_its_time_has_come() -> None:
    calm = View(
        now=BEGIN,
        champion="1",
        challenger=None,
        entries=[],
        headline="auc",
        more_is_better=True,
        days_since_training=3,
        new_labels=10,
        promised=0.8,
        recent=0.79,
    )
    limits = Triggers(new_labels=100)
    assert triggers.find(calm, limits) == []
    drift = replace(calm.drift, alarm=True, reason="it moved")
    for name, view in {
        "schedule": replace(calm, days_since_training=40),
        "performance": replace(calm, recent=0.7),
        "data volume": replace(calm, new_labels=100),
        "drift": replace(calm, drift=drift),
    }.items():
        assert [trigger.name for trigger in triggers.find(view, limits)] == [name]


def test_the_trail_survives_a_line_that_was_cut(tmp_path: Path) -> None:
    path = tmp_path / "trail.jsonl"
    entry = Entry(write_time(BEGIN), "hold", None, "1", "nothing", {"a": 1.5})
    trail.append(entry, path)
    with path.open("a", encoding="utf-8") as file:
        file.write('{"time": "2013')
    trail.append(entry, path)
    assert trail.read(path) == [entry, entry]
    known = {"time", "decision", "version", "champion", "reason", "evidence", "by"}
    assert set(json.loads(path.read_text("utf-8").splitlines()[0])) == known


def test_the_trail_is_whole_when_many_write(tmp_path: Path) -> None:
    path = tmp_path / "trail.jsonl"
    entry = Entry(write_time(BEGIN), "hold", None, "1", "x" * 5_000)

    def write() -> None:
        for _ in range(20):
            trail.append(entry, path)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert trail.read(path) == [entry] * 80


def test_a_setting_that_cannot_be_meant_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "operations.yaml"
    for text, named in {
        "retraining: {windows: [never]}": "never",
        "promotion: {approval: maybe}": "approval",
        "triggers: {schedule: 3}": "schedule",
        "retention: {days: 20}": "at least 28",
        "retention: {days: 60}\nretraining: {windows: [all, 3]}": "at least 93",
    }.items():
        path.write_text(text, "utf-8")
        with pytest.raises(Refusal, match=named):
            read_operations(path)


def test_the_log_forgets_what_is_old_by_its_own_clock_and_the_trail_nothing(
    project: Path, table: Table, capsys: pytest.CaptureFixture[str]
) -> None:
    change("retention", days=40)
    limit = 40 + read_operations().retraining.label_delay_days
    newest = time.time() - 400 * DAY
    for age in (0, limit - 1, limit + 1, limit + 50):
        answer(table, 3, better=True, at=newest - age * DAY)
    entry = Entry(write_time(BEGIN - 4_000 * DAY), "hold", None, "1", "long ago")
    trail.append(entry)
    operate.main(["turn"])
    said = capsys.readouterr().out
    assert "3 predictions" not in said
    assert "6 predictions, 6 shadows, 6 labels" in said
    left = query.read_predictions(folder=project / "events")["time"]
    assert len(left) == 6 and left.min() > newest - limit * DAY
    assert trail.read() == [entry]
    operate.main(["turn"])
    assert "deleted" not in capsys.readouterr().out


def test_one_event_of_the_far_future_deletes_no_other_and_0_days_keep_all(
    project: Path, table: Table
) -> None:
    shutil.rmtree(project / "events", ignore_errors=True)  # of an earlier load, say
    answer(table, 3, better=True, at=time.time() - 30 * DAY)
    answer(table, 1, better=True, at=time.time() + 9_000 * DAY)
    assert forgetting.forget(Operations(retention=Retention(28))) is None
    assert forgetting.find_limit(Operations()) is None
    assert len(query.read_predictions()) == 4


def test_a_model_that_was_made_today_of_rows_of_long_ago_is_not_old(
    first: Path, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(first)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    settings, now = read_operations(), time.time()
    limits = Triggers(drift=False, performance_margin=0)
    seen = look(table, settings, now, first / "events")
    assert seen.days_since_training == pytest.approx(AGED, abs=0.5)
    (asked,) = triggers.find(look(table, settings, now + 30 * DAY, first), limits)
    said = "days have passed since version 1 was registered"
    assert asked.reason == f"{AGED + 30} {said}"
    # In a replayed year the registry is of the future.
    end = read_span_end("1")
    if end is None:
        return
    (asked,) = triggers.find(look(table, settings, end + 50 * DAY, first), limits)
    said = "50 days have passed since the last row that version 1 learned from"
    assert asked.reason == said


def test_a_promotion_reaches_the_deployed_service_and_a_rollback_takes_it_back(
    place: Place, workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place.folder)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    place.promote("1")
    words = {"SERVICE": "monitored", "FOLLOW": "1"}  # what level 4's make says
    place.run("deploy", **words)
    pid = place.state()["live"]["pid"]
    with Customer(place) as customer:
        pending.settle(Entry(write_time(BEGIN), "promote", "2", "1", "it is better"))
        wait_until(lambda: place.answers() == "2")
        measured = httpx.get(f"http://127.0.0.1:{place.port}/metrics").text
        (model,) = [line for line in measured.split("\n") if "ml_model_info{" in line]
        assert 'version="2"' in model
        said = place.run("deployments")
        assert "1 -> 2" in said and "now: version 2" in said
        rows = str(workplace / "data/table.parquet")
        said = place.run("batch", DATA=rows, OUT="scores.parquet", ENGINE="")
        assert "packages/2" in said
        place.run("rollback", WHY="a test", **words)
        assert place.answers() == place.champion() == "1"
    assert customer.faults == []
    assert set(customer.versions) == {"1", "2"}
    assert place.state()["live"]["pid"] == pid
    outcomes = [(one["to"], one["outcome"]) for one in place.history()]
    assert outcomes == [("1", "live"), ("2", "live"), ("1", "rolled back")]
    place.run("stop")
