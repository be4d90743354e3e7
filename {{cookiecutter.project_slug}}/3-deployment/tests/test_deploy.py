"""A model is released by one command, which changes nothing when it fails, and taken back by one."""

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
import yaml
from sklearn.pipeline import Pipeline

from {{ cookiecutter.package_name }} import (
    data,
    deploy,
    package,
)
from {{ cookiecutter.package_name }}.deploy import (
    history,
    kubectl,
    load,
    process,
    smoke,
    state,
    takeover,
)
from {{ cookiecutter.package_name }}.deploy.deployment import (
    Load,
    Service,
)
from {{ cookiecutter.package_name }}.files import (
    ABOUT,
    read_json,
)
from {{ cookiecutter.package_name }}.refusal import (
    Refusal,
)
from {{ cookiecutter.package_name }}.scoring import (
    manifest,
)
from {{ cookiecutter.package_name }}.table import (
    Table,
)

KUBECTL = """#!/bin/sh
echo "$*" >> kubectl.log
case "$*" in
    kustomize*) cat deployment.yaml ;;
    *image}) echo registry/model:before ;;
    *revision}) echo 4 ;;
    *"rollout status"*) test ! -f broken || { rm broken; echo "is not ready" >&2; exit 1; } ;;
    *port-forward*) echo "Forwarding from 127.0.0.1:$FORWARD -> 8000"; exec sleep 60 ;;
esac
"""
DEPLOYMENT = """
kind: Deployment
metadata: {name: model, namespace: mine-staging}
spec: {template: {spec: {containers: [{image: "registry/model:staging"}]}}}
"""
NAME = deploy.__name__.partition(".")[0]
CONF = """
service: {port: 8000, drain_seconds: 5}
load: {seconds: 0.3, connections: 2, p99_ms: 60000}
"""
# Kills the release at one moment of its switch; the trial before it is left alone.
KILLED = """
import os, signal, sys
from PACKAGE.deploy import local, process, takeover
moment, release, whole = sys.argv[1], sys.argv[2:], takeover.switch
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
def start(planned, do=process.start):
    do(planned)
    die()
def tell(old, seconds):
    process.find(old).terminate()
    die()
def switch(*words):
    if moment == "start":
        process.start = start
    process.retire = {"noted": die, "told": tell}.get(moment)
    whole(*words)
takeover.switch = switch
local.roll_back(None) if release else local.deploy()
"""
WORDS = set("PORT TARGET SERVICE FOLLOW WHY TO OVERLAY CLUSTER_TAG TAG URL".split())
REGISTRY = """
CREATE TABLE model_versions (name TEXT, version INTEGER, current_stage TEXT);
CREATE TABLE registered_model_aliases (
    name TEXT, alias TEXT, version INTEGER, PRIMARY KEY (name, alias));
"""


@dataclass(frozen=True)
class Place:
    """A project with packaged versions and a registry, and the public port of its service."""

    folder: Path
    port: int

    def start(self, command: str, **words: str) -> subprocess.Popen[str]:
        """Start a command as make does, with its words in the environment."""
        return self.python("-m", NAME, command, **words)

    def python(self, *arguments: str, **words: str) -> subprocess.Popen[str]:
        """Start Python in the project."""
        kept = {name: text for name, text in os.environ.items() if name not in WORDS}
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=self.folder,
            env={**kept, "PORT": str(self.port), "MLFLOW_TRACKING_URI": "", **words},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, command: str, **words: str) -> str:
        """Run a command that must succeed, and give what it prints."""
        with self.start(command, **words) as started:
            out, err = started.communicate()
        assert started.returncode == 0, out + err
        return out

    def refuse(self, command: str, **words: str) -> str:
        """Run a command that must be refused, and give its one sentence."""
        with self.start(command, **words) as started:
            _, err = started.communicate()
        assert started.returncode == 1
        assert len(err.splitlines()) == 1, err
        return err

    def answers(self) -> str:
        """Ask the public port for a prediction, and give the version that answers."""
        with smoke.connect(f"http://127.0.0.1:{self.port}") as client:
            row = smoke.fetch_example(client)
            answer = client.post("/predict", json=row)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["model"]["version"])

    def promote(self, version: str) -> None:
        """Let the registry's alias `champion` name a version."""
        change = "INSERT OR REPLACE INTO registered_model_aliases VALUES (?, ?, ?)"
        with closing(sqlite3.connect(self.folder / "mlflow.db")) as database:
            database.execute(change, (NAME, "champion", version))
            database.commit()

    def champion(self) -> str:
        """Give the version that the alias names."""
        with closing(sqlite3.connect(self.folder / "mlflow.db")) as database:
            found = database.execute("SELECT version FROM registered_model_aliases")
            return str(found.fetchone()[0])

    def history(self) -> list[dict[str, Any]]:
        """Give the lines of the record."""
        path = self.folder / history.PATH
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]

    def state(self) -> dict[str, Any]:
        """Give the processes that are written down."""
        path = self.folder / state.PATH
        known: dict[str, Any] = json.loads(path.read_text()) if path.is_file() else {}
        return {"live": None, "candidate": None} | known

    def settle(self) -> None:
        """Wait until the service that is written down is the only one."""
        for _ in range(600):
            if self.processes() == {self.state()["live"]["pid"]}:
                return
            time.sleep(0.05)
        raise AssertionError(f"{self.processes()} run, not only {self.state()}")

    def processes(self) -> set[int]:
        """Give the services that run in this folder."""
        found = set()
        for one in psutil.process_iter(["cmdline", "cwd"]):
            if one.info["cwd"] == str(self.folder) and "--host" in one.info["cmdline"]:
                found.add(one.pid)
        return found


def find_free_port() -> int:
    """Find a port that nobody has."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def copy_as(folder: Path, version: str) -> None:
    """Make a package a version of its own."""
    new = folder.with_name(version)
    shutil.copytree(folder, new)
    said = json.loads((new / manifest.MANIFEST).read_text("utf-8"))
    (new / manifest.MANIFEST).unlink()
    made = {k: v for k, v in said.items() if k not in {"format", "files", "checksum"}}
    manifest.write(new, made | {"version": version})


@pytest.fixture(name="place", scope="module")
def fixture_place(
    workplace: Path,
    fitted: Pipeline,
    table: Table,
    parts: data.Parts,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Place]:
    """A project in which versions 1 and 2 are registered and packaged; its services end."""
    folder = tmp_path_factory.mktemp("release")
    shutil.copytree(workplace / "conf", folder / "conf")
    (folder / "conf/deployment.yaml").write_text(CONF, "utf-8")
    about = read_json(workplace / ABOUT, "train")
    first = folder / "packages/1"
    rows = parts.train.head(100)
    package.make_from(fitted, table, about, first, rows=rows)
    copy_as(first, "2")
    with closing(sqlite3.connect(folder / "mlflow.db")) as database:
        database.executescript(REGISTRY)
        versions = [(NAME, version) for version in (1, 2, 3)]
        database.executemany(
            "INSERT INTO model_versions VALUES (?, ?, 'None')", versions
        )
        database.commit()
    found = Place(folder, find_free_port())
    try:
        yield found
    finally:
        for pid in found.processes():
            os.kill(pid, signal.SIGKILL)


@pytest.fixture(name="live")
def fixture_live(place: Place) -> Place:
    """The project with version 1 as champion, deployed before version 2 ever was."""
    place.promote("1")
    running = place.state()["live"]
    if not running or running["pid"] not in place.processes():
        place.run("deploy")
    elif running["version"] != "1":
        place.run("rollback", WHY="the next test", TO="1")
    return place


class Customer:
    """Asks for predictions all the time, each over a connection of its own."""

    def __init__(self, place: Place) -> None:
        self.versions: list[str] = []
        self.faults: list[str] = []
        self._url = f"http://127.0.0.1:{place.port}"
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> "Customer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _ask(self) -> None:
        with smoke.connect(self._url) as client:
            row = smoke.fetch_example(client)
        while not self._over.wait(0.01):
            try:
                with smoke.connect(self._url) as client:
                    answer = client.post("/predict", json=row)
                    self.versions.append(answer.json()["model"]["version"])
            except (httpx.HTTPError, KeyError) as error:
                self.faults.append(repr(error))


def test_a_new_version_takes_over_without_dropping_a_request_and_goes_back(
    live: Place,
) -> None:
    live.promote("2")
    with Customer(live) as customer:
        live.run("deploy", WHY="it is better")
        assert live.answers() == "2"
        live.run("rollback", WHY="it is not")
    assert live.answers() == live.champion() == "1"
    assert customer.faults == []
    assert set(customer.versions) == {"1", "2"}
    first, second = live.history()[-2:]
    ways = [(one["from"], one["to"], one["outcome"]) for one in (first, second)]
    assert ways == [("1", "2", "live"), ("2", "1", "rolled back")]
    assert (first["why"], second["why"]) == ("it is better", "it is not")
    assert all(entry["who"] and entry["time"] for entry in (first, second))
    live.settle()


def test_a_rollback_says_why_and_needs_a_version_to_go_back_to(live: Place) -> None:
    entries = live.history()
    assert "WHY='" in live.refuse("rollback", WHY=" ")
    assert "nothing to go back to" in live.refuse("rollback", WHY="why not")
    assert "no packages/7" in live.refuse("rollback", WHY="why not", TO="7")
    assert live.history() == entries
    assert live.answers() == "1"


def assert_nothing_changed(live: Place, before: dict[str, Any], said: str) -> None:
    """Check that the old service goes on, alone, and that the failure is written down."""
    assert "Version 3 is not deployed" in said
    assert "version 1 goes on answering" in said
    assert live.answers() == "1"
    assert live.state()["live"] == before["live"]
    assert live.processes() == {before["live"]["pid"]}
    last = live.history()[-1]
    assert (last["from"], last["to"], last["outcome"]) == ("1", "3", "failed")
    assert last["detail"] in said


@pytest.mark.parametrize("fault", ["corrupted", "slow"])
def test_what_fails_its_tests_is_not_released(live: Place, fault: str) -> None:
    live.settle()
    before = live.state()
    third, settings = live.folder / "packages/3", live.folder / "conf/deployment.yaml"
    shutil.rmtree(third, ignore_errors=True)
    copy_as(third.with_name("2"), "3")
    if fault == "corrupted":
        (third / manifest.MODEL).write_bytes(b"!")
    if fault == "slow":
        settings.write_text(CONF.replace("60000", "0.001"), "utf-8")
    live.promote("3")
    try:
        said = live.refuse("deploy")
    finally:
        settings.write_text(CONF, "utf-8")
    assert {"corrupted": "was changed since", "slow": "the p99 is"}[fault] in said
    assert_nothing_changed(live, before, said)


def test_another_version_and_a_fault_under_load_are_noticed(live: Place) -> None:
    url = f"http://127.0.0.1:{live.port}"
    with smoke.connect(url) as client:
        row = smoke.check(client, "1")
        with pytest.raises(Refusal, match="version 1 answers where 3 should"):
            smoke.check(client, "3")
    short = Load(seconds=0.1, connections=2)
    with pytest.raises(Refusal, match="requests failed, the first with status 422"):
        load.check(url, row | {"no such column": 1}, short)
    with pytest.raises(Refusal, match="too short to ask once"):
        load.check(url, row, replace(short, seconds=0.0))


def test_of_two_at_once_one_waits_for_its_turn_and_a_killed_one_leaves_no_harm(
    live: Place,
) -> None:
    settings = live.folder / "conf/deployment.yaml"
    settings.write_text(CONF.replace("0.3", "60"), "utf-8")
    live.promote("2")
    try:
        with live.start("deploy") as first:
            while not live.state()["candidate"]:
                assert first.poll() is None
                time.sleep(0.05)
            assert "is under way" in live.refuse("deploy")
            assert "is under way" in live.refuse("rollback", WHY="now")
            first.kill()
    finally:
        settings.write_text(CONF, "utf-8")
    left = live.state()["candidate"]["pid"]
    assert left in live.processes()
    assert live.answers() == "1"
    live.run("deploy")
    assert live.answers() == "2"
    live.settle()


def kill_release(live: Place, moment: str, *release: str) -> None:
    """Let a deployment, or a rollback, be killed with -9 at a moment of its switch."""
    code = KILLED.replace("PACKAGE", NAME)
    with live.python("-c", code, moment, *release) as killed:
        said = killed.communicate()
    assert killed.returncode == -signal.SIGKILL, said


def read_now(live: Place) -> tuple[str, list[str]]:
    """Give the version that answers by the record, and those that are left beside it."""
    said = live.run("deployments")
    (now,) = re.findall(r"^now: version (\d)", said, re.M)
    return now, re.findall(r"^also: version (\d)", said, re.M)


@pytest.mark.parametrize(
    "moment, answering", [("start", "1"), ("noted", "2"), ("told", "2")]
)
def test_a_release_that_is_killed_in_its_switch_leaves_a_service_and_the_next_one_works(
    live: Place, moment: str, answering: str
) -> None:
    live.promote("2")
    with Customer(live) as customer:
        kill_release(live, moment)
        now, others = read_now(live)
        assert now == answering
        assert live.answers() in {now, *others}
        live.run("deploy", WHY="again")
        assert live.answers() == "2"
        assert read_now(live) == ("2", [])
    assert customer.faults == []
    live.settle()
    lines = [(one["from"], one["to"]) for one in live.history()[-2:]]
    assert lines[-1] == ("1" if answering == "1" else "2", "2")
    assert answering == "1" or lines[0] == ("1", "2")
    assert history_of(live)[-2:] == ["1", "2"]


def history_of(live: Place) -> list[str]:
    """Give the versions that went live by the record, as a rollback reads them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(live.folder)
        return history.list_live("local")


def test_a_rollback_that_is_killed_is_not_undone_by_the_next_release(
    live: Place,
) -> None:
    live.promote("2")
    live.run("deploy")
    with Customer(live) as customer:
        kill_release(live, "start", "back")
        assert live.champion() == "1"
        live.run("deploy")
        assert live.answers() == "1"
    assert customer.faults == []
    live.settle()


FAILS = """
from PACKAGE.deploy import local, takeover
from PACKAGE.refusal import Refusal
def check(*_):
    raise Refusal("it answers nonsense at the public port")
takeover.check = check
local.deploy()
"""


def test_what_fails_at_the_public_port_gives_it_back_without_dropping_a_request(
    live: Place,
) -> None:
    live.promote("2")
    with Customer(live) as customer:
        with live.python("-c", FAILS.replace("PACKAGE", NAME)) as failed:
            _, said = failed.communicate()
        assert "it answers nonsense at the public port; version 1 goes on" in said
        assert live.answers() == "1"
    assert customer.faults == []
    assert live.state()["live"]["version"] == "1"
    live.settle()


@pytest.fixture(name="cluster")
def fixture_cluster(live: Place) -> dict[str, str]:
    """The words of a deployment to a cluster, which a script plays: it hands over to `live`."""
    tools = live.folder / "tools"
    tools.mkdir(exist_ok=True)
    (tools / "kubectl").write_text(KUBECTL, "utf-8")
    (tools / "kubectl").chmod(0o755)
    (live.folder / "kubernetes/overlays/staging").mkdir(parents=True, exist_ok=True)
    (live.folder / "deployment.yaml").write_text(DEPLOYMENT, "utf-8")
    (live.folder / "kubectl.log").unlink(missing_ok=True)
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    return {"TARGET": "kubernetes", "PATH": path, "FORWARD": str(live.port)}


def test_a_cluster_gets_the_image_and_is_tested(
    live: Place, cluster: dict[str, str]
) -> None:
    image = f"registry/model@sha256:{'0' * 64}"
    live.run("deploy", CLUSTER_TAG=image, WHY="a first time", **cluster)
    folder = live.folder / "deployments/kubernetes/staging"
    said = yaml.safe_load((folder / "kustomization.yaml").read_text("utf-8"))
    assert (folder / said["resources"][0]).resolve().is_dir()
    names = {"name": "registry/model", "newName": "registry/model"}
    assert said["images"] == [names | {"digest": f"sha256:{'0' * 64}"}]
    last = live.history()[-1]
    assert (last["target"], last["to"]) == ("kubernetes staging", image)
    assert (last["from"], last["outcome"]) == ("registry/model:before", "live")
    live.run("rollback", WHY="a second thought", **cluster)
    assert live.history()[-1]["outcome"] == "rolled back"
    assert "moon" in live.refuse("deploy", OVERLAY="moon", **cluster)


def test_a_cluster_goes_back_when_the_release_fails(
    live: Place, cluster: dict[str, str]
) -> None:
    (live.folder / "broken").touch()
    said = live.refuse("deploy", CLUSTER_TAG="registry/model:2", **cluster)
    assert "is not ready; revision 4 answers again" in said
    asked = (live.folder / "kubectl.log").read_text("utf-8")
    assert "rollout undo deployment/model --to-revision=4" in asked
    assert "port-forward" not in asked
    assert live.history()[-1]["outcome"] == "failed"


def test_a_tool_that_is_not_installed_is_named(live: Place) -> None:
    alone = {"PATH": str(live.folder), "ENGINE": ""}
    said = live.refuse("deploy", TARGET="kubernetes", **alone)
    assert "kubectl is not installed" in said
    (live.folder / "packages/champion.json").write_text('{"version": "1"}', "utf-8")
    assert "no container tool" in live.refuse("deploy", TARGET="image", **alone)


def test_a_service_that_was_killed_is_known_to_be_gone(live: Place) -> None:
    pid = live.state()["live"]["pid"]
    assert f"pid {pid}" in live.run("deployments")
    os.kill(pid, signal.SIGKILL)
    while pid in live.processes():
        time.sleep(0.05)
    assert "pid" not in live.run("deployments")
    assert "Nothing is deployed" in live.refuse("stop")


def test_what_follows_the_alias_is_taken_back_by_it_and_ends_when_told_to(
    place: Place,
) -> None:
    place.promote("1")
    place.run("deploy", FOLLOW="1")
    pid = place.state()["live"]["pid"]
    place.promote("2")
    place.run("rollback", FOLLOW="1", WHY="it was promoted by mistake", TO="1")
    assert place.answers() == place.champion() == "1"
    place.settle()
    assert place.state()["live"]["pid"] == pid
    assert "version 1 has ended" in place.run("stop")
    assert place.processes() == set()


def test_the_port_of_another_program_is_left_alone(place: Place) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        said = place.refuse("deploy", PORT=port)
    assert f"Port {port} is taken by another program" in said


def test_without_a_champion_it_says_what_to_do(place: Place, tmp_path: Path) -> None:
    (tmp_path / "conf").symlink_to(place.folder / "conf")
    alone = replace(place, folder=tmp_path, port=find_free_port())
    assert "run `make pipeline`" in alone.refuse("deploy")
    assert "choose one of local" in alone.refuse("deploy", TARGET="moon")
    assert "PORT is 'x'" in alone.refuse("deploy", PORT="x")
    assert "Nothing was deployed yet" in alone.run("deployments")


def test_a_pid_that_was_used_again_is_not_ours(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    mine = state.Running(os.getpid(), ["python", "-m", NAME], 8000, "1", "now", "log")
    state.write(state.State(live=mine, candidate=mine, draining=mine))
    assert process.find(mine) is None
    assert takeover.clean_up(Service()) == state.State()


def test_a_service_is_known_as_soon_as_it_is_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # Linux shows no command for a moment while it loads a program; here, three times.
    monkeypatch.chdir(tmp_path)
    real = psutil.Process.cmdline
    nothing: list[list[str]] = [[], [], []]
    monkeypatch.setattr(
        psutil.Process, "cmdline", lambda one: nothing.pop() if nothing else real(one)
    )
    command = [sys.executable, "-X", "started=now", "-c", "import time; time.sleep(60)"]
    log = str(process.LOGS / "log")
    service = process.start(state.Running(0, command, 8000, "1", "now", log))
    assert process.find(service)
    process.stop(service, 5)
    assert process.find(service) is None


def test_a_line_of_the_record_that_was_cut_costs_no_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    history.record("local", None, "1", history.LIVE)
    with history.PATH.open("a") as file:
        file.write('{"time": "2013-')
    history.record("local", "1", "2", history.LIVE)
    assert [entry["to"] for entry in history.read()] == ["1", "2"]
    assert history.find_previous("local", "2") == "1"
    history.record("local", "2", "1", history.BACK)
    assert history.find_previous("local", "1") is None


def test_a_prediction_that_is_none_fails_the_smoke_test() -> None:
    smoke.check_prediction({"prediction": "a", "chances": {"a": 0.75, "b": 0.25}})
    smoke.check_prediction({"prediction": 1.5})
    for wrong in (
        {"prediction": None},
        {"prediction": float("nan")},
        {"prediction": "a", "chances": {"a": 0.5, "b": 0.25}},
    ):
        with pytest.raises(Refusal, match="no prediction"):
            smoke.check_prediction(wrong)


@pytest.mark.parametrize(
    ("reference", "parts"),
    [
        ("a", {"newName": "a", "newTag": "latest"}),
        ("host:5000/a/b", {"newName": "host:5000/a/b", "newTag": "latest"}),
        ("host:5000/a/b:1", {"newName": "host:5000/a/b", "newTag": "1"}),
        ("ghcr.io/a/b@sha256:12", {"newName": "ghcr.io/a/b", "digest": "sha256:12"}),
    ],
)
def test_an_image_is_named_as_kustomize_wants_it(
    reference: str, parts: dict[str, str]
) -> None:
    assert kubectl.split(reference) == parts
