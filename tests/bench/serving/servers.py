"""The servers under test, and how each is started."""

import json
import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
SHADOW = "shadow"
PORT = 18_700
PATIENCE = 180  # seconds until a server has to answer


class Server(NamedTuple):
    """A server under test; `shape` is that of the bodies it reads."""

    name: str
    command: list[str]  # the port comes last
    folder: Path
    port: int
    path: str = "/predict"
    shape: str = "plain"

    @property
    def address(self) -> str:
        """Where it is asked."""
        return f"http://127.0.0.1:{self.port}{self.path}"


def list_servers(project: Path, folder: Path) -> list[Server]:
    """Name those of a project; ours run in a folder with no registry, as in an image."""
    python, package = str(project / ".venv/bin/python"), find_package(project)
    version = read_champion(project)
    live = [python, "-m", package, "live", "--version", version]
    registered = f"models:/{package}@champion"
    peer = f"-m mlflow models serve -m {registered} --env-manager local --port"
    return [
        Server("limit", lay_limit(project), folder, PORT),
        Server("ours", [*live, "--unrecorded", "--port"], folder, PORT + 1),
        Server("ours, every prediction kept", [*live, "--port"], folder, PORT + 2),
        Server(
            "ours, kept, a shadow looks on",
            [*live, "--port"],
            folder / SHADOW,
            PORT + 3,
        ),
        Server(
            "level 1", [python, "-m", package, "serve", "--port"], project, PORT + 4
        ),
        Server(
            "mlflow models serve",
            [python, *peer.split()],
            project,
            PORT + 5,
            "/invocations",
            "records",
        ),
    ]


def lay_limit(project: Path) -> list[str]:
    """Give the command of the least that a prediction costs over HTTP."""
    python = str(project / ".venv/bin/python")
    made = f"packages/{read_champion(project)}"
    return [python, str(HERE / "limit.py"), find_package(project), made]


def read_champion(project: Path) -> str:
    """Give the version of the package that is served."""
    said = json.loads((project / "packages/champion.json").read_text("utf-8"))
    return str(said["version"])


def find_package(project: Path) -> str:
    """Give the name of the project's package."""
    return next(project.glob("src/*/live/__init__.py")).parents[1].name


def make_environment(project: Path) -> dict[str, str]:
    """Give what every server is started with: one thread each, and no calls home."""
    return os.environ | {
        "PATH": f"{project / '.venv/bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(project / "src"),
        "OMP_NUM_THREADS": "1",
        "MLFLOW_TRACKING_URI": "sqlite:///mlflow.db",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "BENTOML_DO_NOT_TRACK": "True",
        "DO_NOT_TRACK": "true",
    }


def settle(project: Path, folder: Path) -> None:
    """Lay out what a server runs in: settings and packages, and once more with a shadow."""
    beside = folder / SHADOW
    (beside / "packages").mkdir(parents=True)
    for part in ("conf", "packages"):
        (folder / part).symlink_to(project / part)
    for package in (project / "packages").iterdir():
        (beside / "packages" / package.name).symlink_to(package)
    # The champion's package once more: what it costs to be watched by a model as busy.
    again = beside / "packages/again"
    again.symlink_to(project / "packages" / read_champion(project))
    challenger = beside / "packages/challenger.json"
    challenger.unlink(missing_ok=True)
    challenger.write_text(json.dumps({"version": again.name}), "utf-8")
    (beside / "conf").symlink_to(project / "conf")


def ask(server: Server, body: bytes) -> bool:
    """Ask once; False while the server does not answer yet."""
    kind = {"Content-Type": "application/json"}
    try:
        with urllib.request.urlopen(
            urllib.request.Request(server.address, body, kind), timeout=60
        ) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{server.name}: {error.read()[:500]!r}") from error
    except OSError:
        return False


@contextmanager
def run(server: Server, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run a server until the block ends, with all that it started."""
    with (
        (server.folder / f"log-{server.port}").open("w") as log,
        subprocess.Popen(
            [*server.command, str(server.port)],
            cwd=server.folder,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
            text=True,
        ) as process,
    ):
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)


def wait(server: Server, process: subprocess.Popen[str], body: bytes) -> float:
    """Give the seconds until the first prediction; end the program where none comes."""
    begin = time.perf_counter()
    while not ask(server, body):
        if process.poll() is not None or time.perf_counter() - begin > PATIENCE:
            said = (server.folder / f"log-{server.port}").read_text("utf-8")
            raise SystemExit(f"{server.name} does not start: {said[-2000:]}")
        time.sleep(0.01)
    return time.perf_counter() - begin
