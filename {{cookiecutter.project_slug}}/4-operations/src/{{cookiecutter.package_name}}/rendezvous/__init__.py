"""Let several models meet over each request, and answer with one of theirs in time.

A request becomes a message that every model sees: the champion, challengers, a canary that
never changes, and a decoy that only keeps it. Whose answer is taken until when is a schedule;
when nobody has answered the champion does, in the service itself. HTTP stays as it is.
Source: Dunning and Friedman, Machine Learning Logistics (2017), ch. 3 and 5.
"""

import signal
import threading

from fastapi import FastAPI

from .. import live, monitored, streams
from ..live import logs, watch
from ..live.state import Service
from ..progress import say
from ..refusal import Refusal
from ..streams.settings import KAFKA, PATH, read_streams
from .lineup import Lineup
from .meeting import Meeting


def make(service: Service) -> FastAPI:
    """Make the watched service, in which all models of conf/rendezvous.yaml meet."""
    settings = read_streams()
    bus = streams.open_bus(settings)
    # Over Kafka the models run wherever `rendezvous models` is run.
    here = watch.make_package if settings.messages.engine != KAFKA else None
    lineup = Lineup(bus, lambda: service.champion, here, service.log is not None)
    meeting = Meeting(service, bus, lineup)
    lineup.start()
    service.strategy, service.panel = meeting, meeting.meet
    service.observers.append(meeting.observe)
    service.closers.append(meeting.close)
    return monitored.make(service)


def run_models() -> None:
    """Run the models and the decoy on this machine, for services that Kafka connects."""
    settings = read_streams()
    if settings.messages.engine != KAFKA:
        raise Refusal(
            f"`messages.engine` in {PATH} is {settings.messages.engine!r}: the service "
            "runs the models itself; say kafka there to run them apart."
        )
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    bus = streams.open_bus(settings)
    service = live.open_service(None, recorded=False)
    lineup = Lineup(bus, lambda: service.champion, watch.make_package)
    logs.start()
    watcher = watch.Watcher(service)
    watcher.start()
    lineup.start()
    say("rendezvous: the models run; Ctrl-C stops them")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        say("rendezvous: stopped")
    finally:
        watcher.stop()
        lineup.close()
        bus.close()


def main(arguments: list[str]) -> None:
    """Serve until stopped; or, as `rendezvous models`, run the models alone."""
    if arguments == ["models"]:
        run_models()
    else:
        live.serve(arguments, make, streams.open_log)
