"""Level 1, installed: its checks are green and can turn red, its service and image answer."""

import json
import os
import re
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import palmerpenguins
import pytest
from environments import Project, generate

pytestmark = pytest.mark.slow

Get = Callable[[int], Project]
BASE_IMAGE = "docker.io/library/python:3.13-slim"
# What podman needs where there is no daemon, no control group and no network of its own.
BARE_MACHINE = """
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
netns = "host"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
"""
# A real table (CC0) under names that are hard to carry: brackets, keywords, underscores, letters.
PENGUINS = {
    "bill_length_mm": "bill length [mm]",
    "bill_depth_mm": "class",
    "flipper_length_mm": "_flipper",
    "body_mass_g": "model_größe",
    "sex": "schema",
    "year": 'the "year"',
}


@pytest.fixture(name="project")
def fixture_project(finished: Get, tmp_path: Path) -> Project:
    """A level-1 project whose default target has run, to break at will."""
    return finished(1).copy(tmp_path)


def test_the_default_target_trains_and_checks(project: Project) -> None:
    planned = project.make("--dry-run").stdout
    for tool in ("train", "black --check", "ruff", "pylint", "mypy", "pytest"):
        assert f" {tool}" in planned
    assert (project.path / "models/model.joblib").is_file()
    assert (project.path / "reports/metrics.json").is_file()


def test_the_checks_leave_the_model_and_the_data_alone(project: Project) -> None:
    kept = [project.path / "models/model.joblib", project.path / "data/table.parquet"]
    before = [path.read_bytes() for path in kept]
    project.make("test", PYTEST_ADDOPTS="-k 'commands or service'")
    assert [path.read_bytes() for path in kept] == before


@pytest.mark.parametrize(
    ("target", "line", "said"),
    [
        ("lint", "x = {  'a':1 }", "make format"),
        ("lint", "import os", "unused-import"),
        ("types", 'seed: int = "one"', "Incompatible types"),
        ("scan", 'KEY = "AKIAIOSFODNN7EXAMPLF"', "AWS Access Key"),
    ],
)
def test_a_check_fails_on_a_planted_fault(
    project: Project, target: str, line: str, said: str
) -> None:
    file = project.path / "src/flight_delays/planted.py"
    file.write_text(f'"""A fault."""\n\n{line}\n')
    failed = project.make(target, check=False)
    assert failed.returncode != 0
    assert said in failed.stdout + failed.stderr


def test_format_mends_what_lint_refuses(project: Project) -> None:
    file = project.path / "src/flight_delays/planted.py"
    file.write_text('"""A fault."""\n\nNAMES = {  \'a\':1 }\n')
    project.make("format")
    assert file.read_text() == '"""A fault."""\n\nNAMES = {"a": 1}\n'


def test_the_hooks_of_the_project_itself_run_and_stop_a_secret(
    project: Project,
) -> None:
    text = (project.path / ".pre-commit-config.yaml").read_text("utf-8")
    local = project.path / "local.yaml"  # the other hooks come from GitHub
    local.write_text("repos:\n" + text[text.index("  - repo: local") :])
    hooks = [".venv/bin/python", "-m", "pre_commit", "run", "--all-files", "-c"]
    project.run(*hooks, local)
    file = project.path / "src/flight_delays/planted.py"
    file.write_text('"""A fault."""\n\nKEY = "AKIAIOSFODNN7EXAMPLF"\n')
    project.run("git", "add", "--all")
    failed = project.run(*hooks, local, check=False)
    assert failed.returncode != 0
    assert "AWS Access Key" in failed.stdout


def plant_leak(project: Project, name: str) -> None:
    """Let the flights' lateness, in minutes, reach the model under a name."""
    source = project.path / "src/flight_delays/flights.py"
    text = source.read_text("utf-8")
    honest = "return table[flights"
    assert honest in text
    planted = f'table["{name}"] = flights["arr_delay"]\n    {honest}'
    source.write_text(text.replace(honest, planted), "utf-8")
    description = project.path / "conf/table.yaml"
    with description.open("a", encoding="utf-8") as file:
        file.write(f"\n  - {{name: {name}, kind: number, missing: true}}\n")


@pytest.mark.parametrize("name", ["arr_delay", "harmless"])
def test_a_leaking_column_is_caught_under_its_name_and_under_another(
    project: Project, name: str
) -> None:
    plant_leak(project, name)
    project.make("data")
    failed = project.make("test", check=False, PYTEST_ADDOPTS="-k test_leaks")
    assert failed.returncode != 0
    assert "test_no_input_alone_tells_the_target" in failed.stdout
    assert name in failed.stdout
    by_name = "FAILED tests/test_leaks.py::test_nothing_known_only_after_departure"
    assert (by_name in failed.stdout) == (name == "arr_delay")


class Service:
    """A service under test, asked over real HTTP."""

    def __init__(self, address: str) -> None:
        self.address = address

    def ask(self, path: str, body: Any = None, kind: str = "") -> tuple[int, Any]:
        """Give status and JSON of an answer; bytes are sent as they are."""
        given = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        headers = {"Content-Type": kind or "application/json"}
        request = urllib.request.Request(self.address + path, given, headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, json.load(answer)

    def example(self) -> dict[str, Any]:
        """Give the row that the service's documentation shows."""
        body = self.ask("/openapi.json")[1]["paths"]["/predict"]["post"]["requestBody"]
        row = body["content"]["application/json"]["examples"]["one row"]["value"]
        assert isinstance(row, dict)
        return row


@contextmanager
def serve(project: Project) -> Iterator[Service]:
    """Run `make serve` on a free port, and stop it as Ctrl-C does."""
    log = project.path / "serve.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [*project.prefix, "make", "serve", "PORT=0"],
            cwd=project.path,
            env=project.environment,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        yield Service(wait_for_address(log, process))
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(30)
    assert "Application shutdown complete" in log.read_text()
    assert "Traceback" not in log.read_text()


def wait_for_address(log: Path, process: subprocess.Popen[bytes]) -> str:
    """Wait until the service says where it listens and that it is up."""
    for _ in range(1200):
        said = log.read_text()
        address = re.search(r"http://[\d.:]+", said)
        if address and "startup complete" in said:
            return address.group()
        assert process.poll() is None, said
        time.sleep(0.1)
    raise AssertionError(f"the service does not start: {log.read_text()}")


def test_the_service_answers_and_names_what_is_wrong(project: Project) -> None:
    with serve(project) as service:
        row = service.example()
        assert service.ask("/ready")[0] == 200
        status, answer = service.ask("/predict", [row, row | {"flight_id": "mine"}])
        assert status == 200
        assert [item.get("id") for item in answer["predictions"]] == [None, "mine"]
        assert set(answer["predictions"][0]["chances"]) == {"on time", "late"}
        for wrong, loc in (
            (row | {"dep_delay": 3}, ["dep_delay"]),
            ([row, row | {"distance": float("nan")}], [1, "distance"]),
            (row | {"distance": "3"}, ["distance"]),
            (row | {"distance": True}, ["distance"]),
            (row | {"distance": None}, ["distance"]),
            (row | {"scheduled_departure": "soon"}, ["scheduled_departure"]),
            (row | {"dest": [1]}, ["dest"]),
            ([], []),
            (b"[" * 100_000, []),
            (b'{"a":' * 100_000, []),
            (b"", []),
            ([row] * 10_001, []),
        ):
            status, answer = service.ask("/predict", wrong)
            assert status == 422
            assert ["body", *loc] in [fault["loc"] for fault in answer["detail"]]
        assert service.ask("/predict", b" " * 16_000_001)[0] == 413
        assert service.ask("/predict", row, kind="text/csv")[0] == 415
        assert service.ask("/nowhere") == (404, {"detail": "Not Found"})
        assert service.ask("/health") == (200, {"status": "alive"})


def test_an_adopted_table_is_tested_and_served_under_its_own_names(
    installed: Get, tmp_path: Path
) -> None:
    project = installed(1).copy(tmp_path)
    penguins = palmerpenguins.load_penguins().rename(columns=PENGUINS)
    penguins.to_csv(tmp_path / "penguins.csv", index=False)
    project.make("adopt", DATA=str(tmp_path / "penguins.csv"), TARGET="species")
    project.make("data", "train", "test")
    with serve(project) as service:
        described = service.ask("/openapi.json")[1]["components"]["schemas"]["Row"]
        assert set(PENGUINS.values()) <= set(described["properties"])
        row = service.example() | {"class": None, "model_größe": 3750, "island": "Mars"}
        status, answer = service.ask("/predict", [row])
        assert status == 200
        assert sum(answer["predictions"][0]["chances"].values()) == pytest.approx(1)
        status, answer = service.ask("/predict", row | {"bill_length_mm": 1})
        assert (status, answer["detail"][0]["loc"]) == (422, ["body", "bill_length_mm"])


@pytest.mark.parametrize("target", ["serve", "image"])
def test_without_a_model_one_sentence_says_what_to_do(
    installed: Get, tmp_path: Path, target: str
) -> None:
    project = installed(1).copy(tmp_path)
    failed = project.make(target, check=False, ENGINE="none")
    assert failed.returncode != 0
    assert "train" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_a_taken_port_is_said_in_one_sentence(project: Project) -> None:
    with serve(project) as service:
        port = service.address.rpartition(":")[2]
        failed = project.make("serve", check=False, PORT=port)
    assert failed.returncode != 0
    assert f"Port {port} of 127.0.0.1 cannot be used" in failed.stderr
    assert "Traceback" not in failed.stderr


def make_without_setup(project: Project, folder: Path, home: Path) -> Project:
    """Copy a project without its history into a folder; nobody has told git who they are."""
    copy = project.copy(folder)
    shutil.rmtree(copy.path / ".git")
    nobody = {
        name: text for name, text in copy.environment.items() if "GIT_" not in name
    }
    quiet = {"HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1"}
    return Project(1, copy.path, nobody | quiet)


def test_setup_starts_a_history_even_if_git_knows_nobody(
    installed: Get, tmp_path: Path
) -> None:
    project = make_without_setup(installed(1), tmp_path, tmp_path)
    project.make("setup")
    project.make("setup")
    assert project.run("git", "log", "--format=%s").stdout == "Generate the project\n"
    assert project.run("git", "status", "--porcelain").stdout == ""


def test_setup_leaves_a_repository_around_the_project_alone(
    installed: Get, tmp_path: Path
) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    project = make_without_setup(installed(1), tmp_path, tmp_path)
    project.make("setup")
    assert not (project.path / ".git").exists()
    assert project.run("git", "rev-parse", "HEAD", check=False).returncode != 0


def test_the_image_has_the_versions_of_the_project(tmp_path: Path) -> None:
    locks = generate(1, tmp_path) / "requirements"
    tested = pins(locks / "1-devops.txt")
    served = pins(locks / "image/service.txt")
    assert served.items() <= tested.items()
    assert "pytest" not in served


def pins(lock: Path) -> dict[str, str]:
    """Give the version of each package in a lock."""
    return dict(re.findall(r"^([\w.-]+)==(\S+)", lock.read_text("utf-8"), re.MULTILINE))


def find_engine(folder: Path) -> tuple[str, dict[str, str]]:
    """Give the tool that runs images here and the variables it needs, or skip and say why."""
    settings = folder / "containers.conf"
    settings.write_text(BARE_MACHINE, "utf-8")
    bare = {
        "BUILDAH_ISOLATION": "chroot",
        "STORAGE_DRIVER": "overlay",
        "CONTAINERS_CONF": str(settings),
    }
    # Without a registry the base image must be the one that is here.
    options = {"BUILD_OPTIONS": "--pull-never --format docker --network host"}
    built = {"ENGINE": "buildah"} | options
    for runner, words in (("docker", {}), ("podman", built), ("podman", built | bare)):
        if shutil.which(words.get("ENGINE", runner)) and can_run(runner, words):
            return runner, {"ENGINE": runner} | words
    reason = f"no container tool here can run the base image {BASE_IMAGE}"
    raise pytest.skip.Exception(reason)


def can_run(runner: str, variables: dict[str, str]) -> bool:
    """Tell whether the base image is here and a container of it starts."""
    if not shutil.which(runner):
        return False
    for words in (
        ["image", "inspect", BASE_IMAGE],
        ["run", "--rm", BASE_IMAGE, "true"],
    ):
        done = subprocess.run(
            [runner, *words],
            env=os.environ | variables,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            return False
    return True


def test_the_image_is_built_and_answers(project: Project, tmp_path: Path) -> None:
    runner, variables = find_engine(tmp_path)
    project = replace(project, environment=project.environment | variables)
    tag = "localhost/mlops-ladder-test:level-1"
    try:
        project.make("image", f"TAG={tag}")
        project.make("smoke", f"TAG={tag}", f"ENGINE={runner}", PORT="8766")
        user = project.run(
            runner, "image", "inspect", "--format", "{{.Config.User}}", tag
        )
        assert user.stdout.strip() == "10001:10001"
    finally:
        project.run(runner, "image", "rm", "--force", tag, check=False)
