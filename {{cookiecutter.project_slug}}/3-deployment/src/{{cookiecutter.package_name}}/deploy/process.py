"""Start a service as a process of its own, watch it come up, and end it."""

import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
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
_started: list[psutil.Popen] = []


def follows(running: Running) -> bool:
    """Tell whether a service follows the alias `champion` instead of one version.

    Level 4 wants it so, and says FOLLOW=1: there a promotion is decided on live traffic.
    """
    return "--version" not in running.command


def plan(version: str, service: Service, public: bool) -> Running:
    """Describe a service that is to be started, with a command that no other one has.

    In public it takes the port over from the service that has it; else it gets a free one,
    and `wait` tells which.
    """
    package, now = __name__.partition(".")[0], datetime.now(UTC)
    log = LOGS / f"{now:%Y%m%dT%H%M%S%f}.log"
    # Python takes any word with -X: by this one `find` knows it before its pid is noted.
    command = [sys.executable, "-X", f"started={log.stem}", "-m", package]
    command += [os.environ.get("SERVICE") or "live", "--host", service.host]
    command += ["--port", str(service.port if public else 0)]
    command += ["--reuse"] if public else []
    fixed = not public or not os.environ.get("FOLLOW")
    command += ["--version", version] if fixed else []
    started = now.isoformat(timespec="seconds")
    return Running(0, command, service.port, version, started, str(log))


def start(planned: Running) -> Running:
    """Start a service in a session that outlives this one."""
    LOGS.mkdir(parents=True, exist_ok=True)
    with Path(planned.log).open("ab") as out:
        process = psutil.Popen(
            planned.command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    _started.append(process)
    _wait_for_name(process)
    return replace(planned, pid=process.pid)


def _wait_for_name(process: psutil.Popen) -> None:
    """Wait until the system shows the command: a new program has none for a moment."""
    with suppress(psutil.Error):
        while not process.cmdline():
            time.sleep(PAUSE_SECONDS)


def find(running: Running | None) -> psutil.Process | None:
    """Give the process if it is still the one that was started: a pid may be used again."""
    if running is None:
        return None
    numbers = [running.pid] if running.pid else psutil.pids()
    found = (_find(number, running.command) for number in numbers)
    return next((process for process in found if process), None)


def _find(number: int, command: list[str]) -> psutil.Process | None:
    try:
        process = psutil.Process(number)
        alive = process.status() != psutil.STATUS_ZOMBIE
        return process if alive and process.cmdline()[1:] == command[1:] else None
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
