"""The store of compose.tracking.yaml for real: PostgreSQL, an S3 service and mlflow's server."""

import ast
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from environments import Project

# What its fixtures make takes minutes: all its tests run in one process.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("store")]

SECRET = "not-for-production"  # pragma: allowlist secret
KEYS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": SECRET}
PATIENCE = 120
Command = list[str | Path]


def find_postgres() -> Path | None:
    """Give the folder of PostgreSQL's programs: Debian keeps them off the PATH."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    places += [Path(found).parent] if found else []
    return next((place for place in places if (place / "initdb").exists()), None)


POSTGRES = find_postgres()


def find_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the address answers; a process that ended will not."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    raise AssertionError(f"{address} does not answer:\n{log.read_text()[-4000:]}")


@contextmanager
def running(
    command: Command, folder: Path, address: str, **variables: str
) -> Iterator[None]:
    """Run a server until the block ends."""
    log = folder / f"{Path(command[0]).name}.log"
    with (
        log.open("wb") as out,
        subprocess.Popen(
            command, cwd=folder, env=os.environ | variables, stdout=out, stderr=out
        ) as process,
    ):
        try:
            wait_for(address, process, log)
            yield
        finally:
            process.terminate()


@contextmanager
def running_database(port: int) -> Iterator[None]:
    """Run PostgreSQL as the compose file does: a user and a database named mlflow."""
    # Not below pytest's folder, which PostgreSQL's own user may not enter.
    away = os.environ.get("TMPDIR", "/tmp")
    with TemporaryDirectory(prefix="database", dir=away) as name:
        yield from run_database(Path(name), port)


def run_database(folder: Path, port: int) -> Iterator[None]:
    """Make a database in a folder, run it, and end it."""
    assert POSTGRES
    data, password = folder / "data", folder / "password"
    password.write_text(SECRET)
    # PostgreSQL refuses to run as root; Debian's package makes a user for it.
    root = os.geteuid() == 0
    who: Command = ["runuser", "-u", "postgres", "--"] if root else []
    if who:
        shutil.chown(folder, "postgres")
        shutil.chown(password, "postgres")
    control: Command = [
        *who,
        POSTGRES / "pg_ctl",
        "--pgdata",
        data,
        "--wait",
        "--silent",
    ]
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    login = ["--auth=scram-sha-256", "--username=mlflow", f"--pwfile={password}"]
    make: Command = [*who, POSTGRES / "initdb", "--pgdata", data, "--no-sync", *login]
    subprocess.run(make, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    start: Command = [*control, "--log", folder / "log", "--options", options, "start"]
    subprocess.run(start, cwd=folder, check=True)
    try:
        create: Command = [POSTGRES / "createdb", "--host=127.0.0.1", f"--port={port}"]
        create = [*create, "mlflow"]
        user = {"PGUSER": "mlflow", "PGPASSWORD": SECRET}
        subprocess.run(create, check=True, env=os.environ | user)
        yield
    finally:
        stop: Command = [*control, "--mode=immediate", "stop"]
        subprocess.run(stop, cwd=folder, check=False)


def install(folder: Path, project: Project, *needs: str) -> Path:
    """Make an environment and give its Python."""
    project.run("uv", "venv", "--quiet", folder)
    python = folder / "bin/python"
    project.run("uv", "pip", "install", "--quiet", "--python", python, *needs)
    return python


@dataclass(frozen=True)
class Store:
    """A running store: its address, that of its files, and a Python that can look inside."""

    address: str
    files: str
    python: Path

    def list_files(self, bucket: str) -> list[str]:
        """Name what lies in a bucket."""
        code = f"print([item['Key'] for item in s3.list_objects_v2(Bucket={bucket!r})['Contents']])"
        return [str(name) for name in ast.literal_eval(self.ask(code))]

    def ask(self, code: str) -> str:
        """Run Python that has the files' client at hand as `s3`."""
        begin = f"import boto3\ns3 = boto3.client('s3', endpoint_url={self.files!r})\n"
        region = {"AWS_DEFAULT_REGION": "us-east-1"}
        done = subprocess.run(
            [self.python, "-c", begin + code],
            env=os.environ | KEYS | region,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout


def read_command(project: Project, python: Path, port: int, database: int) -> Command:
    """Give the server's command of the compose file, with this machine's addresses."""
    compose = yaml.safe_load((project.path / "compose.tracking.yaml").read_text())
    program, *words = compose["services"]["server"]["command"]
    places = {
        "0.0.0.0": "127.0.0.1",
        "--port=5000": f"--port={port}",
        "database:5432": f"127.0.0.1:{database}",
    }
    for old, new in places.items():
        assert any(old in word for word in words), f"{old} is not in the command"
        words = [word.replace(old, new) for word in words]
    return [python.with_name(program), *words]


def install_servers(project: Project, folder: Path) -> tuple[Path, Path]:
    """Install the tracking server from its own lock, and the stand-in for S3; give both Pythons."""
    lock = project.path / "requirements/tracking/server.txt"
    server = install(folder / "server", project, "--require-hashes", "-r", str(lock))
    return server, install(folder / "files", project, "moto[server]")


@pytest.fixture(scope="module", name="store")
def fixture_store(
    finished: Callable[[int], Project], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """Run the whole store, installed from the lock that the image is built from."""
    if POSTGRES is None:
        pytest.skip("PostgreSQL is not on this machine: apt-get install postgresql")
    project, folder = finished(2), tmp_path_factory.mktemp("store")
    python, other = install_servers(project, folder)
    database, files, port = find_port(), find_port(), find_port()
    store = Store(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{files}", python)
    moto: Command = [other.with_name("moto_server"), "-p", str(files)]
    variables = {
        "PGPASSWORD": SECRET,
        "MLFLOW_S3_ENDPOINT_URL": store.files,
        "AWS_DEFAULT_REGION": "us-east-1",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        **KEYS,
    }
    with ExitStack() as stack:
        stack.enter_context(running_database(database))
        stack.enter_context(running(moto, folder, f"{store.files}/moto-api/"))
        store.ask("for name in ('mlflow', 'dvc'): s3.create_bucket(Bucket=name)")
        command = read_command(project, python, port, database)
        stack.enter_context(
            running(command, folder, f"{store.address}/health", **variables)
        )
        yield store


@pytest.fixture(scope="module", name="project")
def fixture_project(
    finished: Callable[[int], Project],
    store: Store,
    tmp_path_factory: pytest.TempPathFactory,
) -> Project:
    """A project whose pipeline has run against the store."""
    project = finished(2).copy(tmp_path_factory.mktemp("with a store"))
    project.run("rm", "-rf", "mlflow.db", "mlartifacts")
    done = project.make("pipeline", FORCE="1", MLFLOW_TRACKING_URI=store.address)
    assert "version 1 of flight_delays is registered" in done.stdout
    return project


def test_the_team_finds_the_champion_in_the_store(
    project: Project, store: Store
) -> None:
    code = (
        "from flight_delays import champion, tracking; "
        "version = champion.find(tracking.connect()); "
        "print(champion.load(version).n_features_in_, version.tags['data_sha256'])"
    )
    done = project.python("-c", code, MLFLOW_TRACKING_URI=store.address)
    columns, data = done.stdout.split()
    about = json.loads((project.path / "models/model.json").read_text())
    assert (int(columns), data) == (len(about["features"]), about["data_sha256"])


def test_the_files_lie_in_the_store_and_not_in_the_project(
    project: Project, store: Store
) -> None:
    names = store.list_files("mlflow")
    assert any(name.endswith("model.skops") for name in names)
    assert any(name.endswith("reports/model_card.md") for name in names)
    assert not (project.path / "mlflow.db").exists()
    assert not (project.path / "mlartifacts").exists()


def test_a_run_of_another_store_is_refused_in_one_sentence(project: Project) -> None:
    done = project.make("register", check=False)
    assert done.returncode != 0
    assert "make pipeline FORCE=1" in done.stderr
    assert "Traceback" not in done.stderr
    project.run("rm", "-rf", "mlflow.db", "mlartifacts")


def test_data_and_model_can_be_pushed_to_the_store(
    project: Project, store: Store
) -> None:
    settings = {
        "endpointurl": store.files,
        "access_key_id": "key",
        "secret_access_key": SECRET,
        "region": "us-east-1",
    }
    for name, value in settings.items():
        modify = ("remote", "modify", "--local", "team", name, value)
        project.python("-m", "dvc", *modify)
    project.python("-m", "dvc", "push", "--quiet")
    assert len(store.list_files("dvc")) >= 8


def test_a_store_that_does_not_answer_is_named_in_one_sentence(
    finished: Callable[[int], Project],
) -> None:
    uri = f"http://127.0.0.1:{find_port()}"
    done = finished(2).make("champion", check=False, MLFLOW_TRACKING_URI=uri)
    assert done.returncode != 0
    assert uri in done.stderr and "does not answer" in done.stderr
    assert "Traceback" not in done.stderr
