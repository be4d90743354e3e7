"""Level 4's service on the clock of the simulation: a request's id says when it is asked.

It stands apart from `simulate`, whose imports take seconds that a service need not.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any, cast

from fastapi import FastAPI

from . import live, monitored
from .events import EventLog, Kind
from .live.state import Service
from .release.strategy import Release

STATE = "/simulation"


def name_request(at: float, number: int) -> str:
    """Name a request by its time, in seconds since 1970, and its number."""
    return f"{at:.3f}:{number}"


def read_time(request: str) -> float:
    """Give the time in a request's name."""
    return float(request.partition(":")[0])


class Clocked(EventLog):
    """Keeps events as they would have been kept then."""

    def extend(self, kind: Kind, records: Sequence[Mapping[str, Any]]) -> bool:
        """Write the records of one request, at the request's time."""
        timed = [{**item, "time": read_time(item["request"])} for item in records]
        return super().extend(kind, timed)


class Shown:
    """Tells the simulation which models answer; everything else goes the usual way."""

    def __init__(self, app: FastAPI, service: Service) -> None:
        self._app, self._service = app, service

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one address and pass the others on."""
        if scope["type"] != "http" or scope["path"] != STATE:
            await self._app(scope, receive, send)
            return
        tried = self._service.strategy
        challenger = tried.version if isinstance(tried, Release) else None
        said = {"champion": self._service.champion.version, "challenger": challenger}
        body = json.dumps(said).encode()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})


def make(service: Service) -> FastAPI:
    """Make the application with the simulation's clock in the log."""
    if service.log:
        service.log.close()
    service.log = Clocked()
    return cast(FastAPI, Shown(monitored.make(service), service))


if __name__ == "__main__":
    live.serve(sys.argv[1:], make)
