"""A new process is tried on a private port, takes the public one, and the old one is drained."""

import socket
import time

from ..progress import say, step
from ..refusal import Refusal
from . import load, process, smoke, state
from .deployment import Deployment, Service
from .state import Running, State

EVERYWHERE = {"0.0.0.0", "::", ""}
PAUSE_SECONDS = 0.1


def find_host(service: Service) -> str:
    """Give the name under which this machine reaches the service."""
    return "127.0.0.1" if service.host in EVERYWHERE else service.host


def find_url(service: Service, port: int = 0) -> str:
    """Give the address of the service, or of a candidate on another port."""
    return f"http://{find_host(service)}:{port or service.port}"


def clean_up(service: Service) -> State:
    """End what a deployment that was killed has left, forget what has ended; gives the rest."""
    left = state.read()
    for one in (left.candidate, left.draining):
        process.stop(one, service.drain_seconds)
    rest = State(live=left.live if process.find(left.live) else None)
    if left != rest:
        state.write(rest)
    return rest


def refuse_strangers(live: Running | None, service: Service) -> None:
    """Refuse a public port on which another program answers: it would get our requests."""
    if live is not None and live.port == service.port:
        return
    with socket.socket() as asked:
        asked.settimeout(1)
        if asked.connect_ex((find_host(service), service.port)) == 0:
            raise Refusal(
                f"Port {service.port} is taken by another program; end it, or choose "
                "another port: make deploy PORT=8001."
            )


def try_out(version: str, settings: Deployment) -> None:
    """Start a candidate on a private port, and hold it against the smoke and the load test."""
    service = settings.service
    with step(f"deploy: trying version {version}, on a private port"):
        live = state.read().live
        candidate = _start(process.plan(version, service, public=False), live)
        url = find_url(service, process.wait(candidate, service))
        with smoke.connect(url) as client:
            smoke.wait(client, service.start_seconds)
            row = smoke.check(client, version)
        measured = load.check(url, row, settings.load)
        process.stop(candidate, service.drain_seconds)
    state.write(State(live=live))
    say(f"  {measured.describe()}")


def switch(version: str, service: Service) -> None:
    """Let a new process take the public port over from the old one, then drain the old one.

    They share the listening socket for a moment (see live/port.py): no request is dropped.
    """
    old = state.read().live
    with step(f"switch: version {version} takes port {service.port}"):
        new = _start(process.plan(version, service, public=True), old)
        process.wait(new, service)
        state.write(State(live=new, draining=old))
        process.retire(old, service.drain_seconds)
        try:
            check(version, service)
        except BaseException:
            _switch_back(new, old, service)
            raise


def _start(planned: Running, live: Running | None) -> Running:
    """Start a service that is noted before it is there: a kill leaves nobody unknown."""
    state.write(State(live=live, candidate=planned))
    started = process.start(planned)
    state.write(State(live=live, candidate=started))
    return started


def check(version: str, service: Service) -> None:
    """Ask through the public port, as everybody does."""
    with smoke.connect(find_url(service)) as client:
        smoke.wait(client, service.start_seconds)
        smoke.check(client, version)


def wait_for(version: str, service: Service) -> None:
    """Wait until a service that follows the alias answers with this version."""
    deadline = time.monotonic() + service.start_seconds
    while True:
        try:
            return check(version, service)
        except Refusal:
            if time.monotonic() > deadline:
                raise
        time.sleep(PAUSE_SECONDS)


def _switch_back(failed: Running, old: Running | None, service: Service) -> None:
    """Let the old version take the port back from a new one that failed there."""
    again = None
    if old is not None:
        again = _start(process.plan(old.version, service, public=True), failed)
        process.wait(again, service)
        state.write(State(live=again, draining=failed))
    process.stop(failed, service.drain_seconds)
    state.write(State(live=again))
