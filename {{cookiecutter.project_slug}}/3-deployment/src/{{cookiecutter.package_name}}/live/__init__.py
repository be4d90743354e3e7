"""Answer predictions fast over HTTP, from the champion's package; needs no pandas.

With --reuse a service takes the port over from the one that has it, if that was started with
--reuse, too; both answer until the old one gets SIGTERM, ends what it has begun and leaves:

    python -m <package> live --port 8000 --reuse            # the old one
    python -m <package> live --port 8000 --reuse --version 7    # once it is ready:
    kill -TERM <the old one>
"""

import argparse
import gc
import os
import signal
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from .. import ports
from ..events import EventLog
from ..progress import say, step
from ..refusal import Refusal
from ..release import follow
from . import app, logs, port, watch
from .connection import Connection
from .settings import Limits, read_serving
from .state import Service

Keep = Callable[[], EventLog]


def read_arguments(arguments: list[str]) -> argparse.Namespace:
    """Read where to listen and what to serve."""
    parser = argparse.ArgumentParser(prog="live", description="Serve the champion.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", default=os.environ.get("PORT") or "8000")
    parser.add_argument(
        "--version", help="serve this package; do not follow the champion"
    )
    parser.add_argument(
        "--reuse", action="store_true", help="take the port over, and give it away"
    )
    parser.add_argument(
        "--unrecorded", action="store_true", help="keep no events: this is only a trial"
    )
    return parser.parse_args(arguments)


def open_service(
    version: str | None, recorded: bool = True, keep: Keep = EventLog
) -> Service:
    """Load what is to be served, with the event log beside it."""
    service = Service(read_serving())
    service.crown(watch.load(version) if version else watch.load_champion())
    if recorded:
        service.log = open_log(keep)
    return service


def open_log(keep: Keep) -> EventLog:
    """Begin to keep events; an image may have no place for them."""
    try:
        return keep()
    except OSError as error:
        raise Refusal(
            f"Events cannot be kept in {error.filename} ({error.strerror}); mount a volume "
            "there, or keep none with --unrecorded."
        ) from error


def serve(
    arguments: list[str], make: Callable[[Service], FastAPI], keep: Keep = EventLog
) -> None:
    """Serve what `make` builds until SIGTERM or Ctrl-C; requests in work are answered first.

    `keep` opens the event log.
    """
    chosen = read_arguments(arguments)
    ports.read_port(chosen.port)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with step("serve: loading the model"):
        service = open_service(chosen.version, not chosen.unrecorded, keep)
        application = make(service)
    watcher = watch.Watcher(service)
    trial = None
    try:
        taken = (port.take if chosen.reuse else ports.listen)(chosen.host, chosen.port)
        if chosen.reuse:
            port.offer(taken)
        if not chosen.version:
            watcher.start()
        number = taken.getsockname()[1]
        say(f"  http://{chosen.host}:{number}/docs shows how to ask; Ctrl-C stops it")
        logs.start()
        if not chosen.unrecorded:
            trial = follow.attach(service, watch.make_package)
        # What is there now stays: looking through it again and again costs 5 % and the p99.
        gc.freeze()
        uvicorn.Server(configure(application, service.settings.limits)).run([taken])
    except KeyboardInterrupt:
        say("serve: stopped")
    finally:
        watcher.stop()
        if trial:
            trial.close()
        for close in service.closers:
            close()
        if service.log:
            service.log.close()


def configure(application: FastAPI, limits: Limits) -> uvicorn.Config:
    """Set uvicorn up: nothing on a request's way that nobody asked for."""
    patience = {"slow": limits.slow, "farewell": limits.farewell}
    return uvicorn.Config(
        application,
        http=type("Connection", (Connection,), patience),
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=limits.idle,
        timeout_graceful_shutdown=limits.grace,
    )


def main(arguments: list[str]) -> None:
    """Serve the champion, and whichever version is the champion next."""
    serve(arguments, app.make)
