"""Start a service as a process of its own, watch it come up, and end it."""

import os
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import psutil

from ..refusal import Refusal
from .deployment import Service
from .history import FOLDER
from .state import Running

LOGS = FOLDER / "logs"
PAUSE_SECONDS = 0.02
# Popen warns of a child that nobody holds; these live on when this process has ended.
_started: list[subprocess.Popen[bytes]] = []


def follows() -> bool:
    """Tell whether the service follows the alias `champion` instead of one version.

    Level 4 wants it so: there a promotion is decided on live traffic.
    """
    return bool(os.environ.get("FOLLOW"))


def start(version: str, service: Service, public: bool) -> Running:
    """Start a version in a session that outlives this one.

    In public it takes the port over from the service that has it; else it gets a free one,
    and `wait` tells which.
    """
    package = __name__.partition(".")[0]
    command = [sys.executable, "-m", package, os.environ.get("SERVICE") or "live"]
    command += ["--host", service.host, "--port", str(service.port if public else 0)]
    command += ["--reuse"] if public else []
    command += [] if public and follows() else ["--version", version]
    now = datetime.now(UTC)
    log = LOGS / f"{now:%Y%m%dT%H%M%S%f}.log"
    LOGS.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        process = subprocess.Popen(  # pylint: disable=consider-using-with
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    _started.append(process)
    started = now.isoformat(timespec="seconds")
    return Running(process.pid, command, service.port, version, started, str(log))


def find(running: Running | None) -> psutil.Process | None:
    """Give the process if it is still the one that was started: a pid may be used again."""
    if running is None:
        return None
    try:
        process = psutil.Process(running.pid)
        alive = process.status() != psutil.STATUS_ZOMBIE
        same = process.cmdline()[1:] == running.command[1:]
        return process if alive and same else None
    except psutil.Error:
        return None


def wait(running: Running, service: Service) -> int:
    """Wait until the service takes requests, and give its port."""
    deadline = time.monotonic() + service.start_seconds
    while time.monotonic() < deadline:
        process = find(running)
        if process is None:
            raise Refusal(f"the service ended while it started: {read_end(running)}")
        ports = list_ports(process)
        if ports:
            return ports[0]
        time.sleep(PAUSE_SECONDS)
    raise Refusal(
        f"the service did not start within {service.start_seconds:g} s; see {running.log}"
    )


def list_ports(process: psutil.Process) -> list[int]:
    """List the TCP ports on which a process and its children take connections."""
    try:
        family = [process, *process.children(recursive=True)]
        found = [one for each in family for one in each.net_connections("tcp")]
    except psutil.Error:
        return []
    return [one.laddr.port for one in found if one.status == psutil.CONN_LISTEN]


def read_end(running: Running) -> str:
    """Give the last line that the service wrote."""
    lines = Path(running.log).read_text("utf-8", errors="replace").split("\n")
    said = [line.strip() for line in lines if line.strip()]
    return said[-1] if said else f"it said nothing, see {running.log}"


def retire(running: Running | None, seconds: float) -> None:
    """Tell the service to end, and wait until it takes no new connection.

    What it has taken on it answers while others go on; it is made to end when it does
    not within `seconds`.
    """
    process = find(running)
    if process is None:
        return
    deadline = time.monotonic() + seconds
    with suppress(psutil.NoSuchProcess):
        process.terminate()
    while find(running) and list_ports(process):
        if time.monotonic() > deadline:
            stop(running, seconds)
        time.sleep(PAUSE_SECONDS)


def stop(running: Running | None, seconds: float) -> None:
    """Ask the service to answer what it has taken on and to end; then make it end."""
    process = find(running)
    if process is None:
        return
    try:
        family = [*process.children(recursive=True), process]
        process.terminate()
        process.wait(seconds)
    except psutil.TimeoutExpired:
        pass
    except psutil.NoSuchProcess:
        return
    for one in family:
        with suppress(psutil.NoSuchProcess):
            one.kill()  # harmless when it has ended
    psutil.wait_procs(family, timeout=seconds)
