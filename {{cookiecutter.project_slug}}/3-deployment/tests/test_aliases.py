"""An alias that is read or moved without mlflow is the one that mlflow knows."""

import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }} import (
    aliases,
)
from {{ cookiecutter.package_name }}.refusal import (
    Refusal,
)

REGISTER = """
import sys
from mlflow import MlflowClient
client = MlflowClient("sqlite:///mlflow.db")
client.create_registered_model(sys.argv[1])
for _ in range(3):
    client.create_model_version(sys.argv[1], "a-folder")
client.set_registered_model_alias(sys.argv[1], "champion", "2")
client.delete_model_version(sys.argv[1], "3")
"""
QUIET = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
}


@pytest.fixture(scope="module", name="written")
def fixture_written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry that mlflow wrote, with two versions and a deleted third one."""
    folder = tmp_path_factory.mktemp("registry")
    done = subprocess.run(
        [sys.executable, "-c", REGISTER, aliases.NAME],
        cwd=folder,
        env={**os.environ, **QUIET},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(name="registry")
def fixture_registry(
    written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A copy of that registry in the current folder."""
    copy = tmp_path / "mlflow.db"
    copy.write_bytes((written / "mlflow.db").read_bytes())
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    return copy


@pytest.fixture(name="server")
def fixture_server(registry: Path) -> Iterator[str]:
    """The registry behind mlflow's own server."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    words = ["--backend-store-uri", "sqlite:///mlflow.db", "--workers", "1"]
    with (
        registry.with_name("log").open("w") as log,
        subprocess.Popen(
            [sys.executable, "-m", "mlflow", "server", "--port", port, *words],
            cwd=registry.parent,
            env={**os.environ, **QUIET},
            stdout=log,
            stderr=log,
            process_group=0,
        ) as process,
    ):
        try:
            address = f"http://127.0.0.1:{port}"
            wait_until_healthy(address, process, Path(log.name))
            yield address
        finally:
            os.killpg(process.pid, 9)


def wait_until_healthy(
    address: str, process: subprocess.Popen[bytes], log: Path
) -> None:
    for _ in range(1200):
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
        if process.poll() is not None:
            break
    pytest.fail(f"mlflow's server did not come up: {log.read_text('utf-8')}")


def test_what_mlflow_wrote_is_read(registry: Path) -> None:
    assert registry.is_file()
    assert aliases.find("champion") == "2"
    assert aliases.find("challenger") is None
    assert aliases.store_is_reachable()


def test_mlflow_reads_what_is_written_and_the_other_way_round(
    registry: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    aliases.point("champion", "1")
    aliases.point("challenger", "2")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server)
    assert (aliases.find("champion"), aliases.find("challenger")) == ("1", "2")
    assert aliases.find("nobody") is None
    told = aliases.find_registration("1"), aliases.find_registration("7")
    aliases.point("champion", "2")
    aliases.remove("challenger")
    aliases.remove("challenger")
    with pytest.raises(Refusal, match="no version 7"):
        aliases.point("champion", "7")
    assert aliases.store_is_reachable()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{registry}")
    assert (aliases.find("champion"), aliases.find("challenger")) == ("2", None)
    # Both ways tell when a version was registered.
    assert (aliases.find_registration("1"), None) == told
    assert 0 <= time.time() - (told[0] or 0) < 3600


@pytest.mark.parametrize("version", ["3", "4", "", "x", "1.0"])
def test_only_a_registered_version_gets_an_alias(registry: Path, version: str) -> None:
    assert registry.is_file()
    with pytest.raises(Refusal, match="There is no version"):
        aliases.point("champion", version)
    assert aliases.find("champion") == "2"


def test_a_removed_alias_names_nothing(registry: Path) -> None:
    assert registry.is_file()
    aliases.remove("champion")
    aliases.remove("champion")
    assert aliases.find("champion") is None


def test_a_registry_that_stays_locked_is_said_to_be_busy(
    registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aliases, "PATIENCE_SECONDS", 0.1)
    with closing(sqlite3.connect(registry)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Refusal, match="The registry is busy"):
            aliases.find("champion")
        with pytest.raises(Refusal, match="The registry is busy"):
            aliases.point("champion", "1")
        assert not aliases.store_is_reachable()
    assert aliases.find("champion") == "2"


def test_a_short_lock_is_waited_for(registry: Path) -> None:
    with closing(sqlite3.connect(registry, check_same_thread=False)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        release = threading.Timer(0.3, holder.rollback)
        release.start()
        aliases.point("champion", "1")
        release.join()
    assert aliases.find("champion") == "1"


def test_no_registry_is_not_a_fault_until_something_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    assert aliases.find("champion") is None
    assert not aliases.store_is_reachable()
    with pytest.raises(Refusal, match="run `make pipeline`"):
        aliases.point("champion", "1")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("postgresql://host/runs", "name a server"),
        ("http://127.0.0.1:9", "does not answer"),
        ("sqlite:///broken.db", "cannot be used"),
    ],
)
def test_a_store_that_cannot_be_asked_is_told_in_one_sentence(
    uri: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("broken.db").write_bytes(b"no database at all" * 100)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    with pytest.raises(Refusal, match=said):
        aliases.find("champion")
    assert not aliases.store_is_reachable()


class Guarded(BaseHTTPRequestHandler):
    """A registry that lets in only one user."""

    def do_GET(self) -> None:  # pylint: disable=invalid-name
        """Answer version 5 to Ada, and nobody else."""
        known = self.headers["Authorization"] == "Basic QWRhOnB3OjE="  # Ada, pw:1
        self.send_response(200 if known else 401)
        self.end_headers()
        self.wfile.write(b'{"model_version": {"version": "5"}}' if known else b"no")

    def log_message(self, *_words: object) -> None:  # pylint: disable=arguments-differ
        """Say nothing."""


def test_a_server_that_asks_who_is_there_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with HTTPServer(("127.0.0.1", 0), Guarded) as guarded:
        threading.Thread(target=guarded.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{guarded.server_port}"
        monkeypatch.setenv("MLFLOW_TRACKING_URI", address)
        monkeypatch.delenv("MLFLOW_TRACKING_TOKEN", raising=False)
        monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "Ada")
        monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "pw:1")
        assert aliases.find("champion") == "5"
        monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "wrong")
        with pytest.raises(Refusal, match="401"):
            aliases.find("champion")
        guarded.shutdown()
