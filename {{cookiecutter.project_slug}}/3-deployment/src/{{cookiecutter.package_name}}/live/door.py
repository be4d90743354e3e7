"""Answer /predict on the shortest way: no routing, no middleware, no model instances.

Each request has an id: the sender's own (`x-request-id`), or one of ours. It comes back in
the answer's header and stands in the log, in errors and in every event.
"""

import asyncio
import logging
import os
import re
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from typing import Any

import numpy as np
from pydantic_core import to_json

from ..contract import Unreadable
from .batching import Batches
from .intake import Gone, Intake, Message, Receive, Refused
from .state import Asked, Service, check

LOG = logging.getLogger(__name__)

Send = Callable[[Message], Awaitable[None]]
SANE_ID = re.compile(rb"[A-Za-z0-9._:/+=-]{1,128}")
LONGEST_KEY = 256
SORRY = "The service failed; see its log."


class Names:
    """Gives each request a name that no other one has, on any machine."""

    def __init__(self) -> None:
        self._process = os.urandom(8).hex()
        self._count = count()

    def name(self, headers: dict[bytes, bytes]) -> str:
        """Take the sender's id over where it is a sane one, else make one."""
        given = headers.get(b"x-request-id")
        if given and SANE_ID.fullmatch(given):
            return given.decode("ascii")
        return f"{self._process}-{next(self._count):x}"


class Door:
    """An ASGI application that predicts; one for each process."""

    def __init__(self, service: Service, names: Names) -> None:
        self._service = service
        self._names = names
        self._log_all = service.settings.log.requests
        self._inline = service.settings.limits.inline_bytes
        self._intake = Intake(service.settings.limits)
        self._batches = Batches(service.settings.limits.most_rows)
        # Two, so that one large request does not keep all others of its kind waiting.
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="large")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one POST; whatever happens, the answer is JSON."""
        began = time.perf_counter()
        headers = dict(scope["headers"])
        request = self._names.name(headers)
        try:
            status, answer = 200, await self._predict(headers, receive, request, began)
        except Gone:
            return
        except Refused as error:
            status, answer = error.status, to_json({"detail": error.detail})
        except Unreadable as error:
            status, answer = 422, to_json(error.faults.model_dump())
        except Exception:  # pylint: disable=broad-except
            LOG.exception("the prediction fails", extra={"request": request})
            status, answer = 500, to_json({"detail": SORRY})
        if status != 200 or self._log_all:
            log_request(scope, request, status, began)
        await reply(send, status, answer, request)

    async def _predict(
        self, headers: dict[bytes, bytes], receive: Receive, request: str, began: float
    ) -> bytes:
        self._intake.enter()
        size = 0
        try:
            body = await self._intake.read(headers, receive)
            size = len(body)
            key = headers.get(self._service.key_header, b"")[:LONGEST_KEY].decode(
                "latin-1"
            )
            run = _run_here if size <= self._inline else self._run_in_thread
            asked = await run(self._service.accept, body, request, key, began)
            alone = partial(self._score, asked, run)
            panel = self._service.panel
            scores = await (panel(asked, alone) if panel else alone())
            answer: bytes = await run(self._service.conclude, asked, scores)
            return answer
        finally:
            self._intake.leave(size)

    async def _score(self, asked: Asked, run: Callable[..., Any]) -> np.ndarray:
        """Score the rows; where the chosen model fails the champion answers."""
        try:
            return await self._score_by(asked, run)
        except Exception as error:  # pylint: disable=broad-except
            asked.fall_back(error)
            return await self._score_by(asked, run)

    async def _score_by(self, asked: Asked, run: Callable[..., Any]) -> np.ndarray:
        if asked.scorer.kind == "sklearn":
            return await self._batches.score(asked.scorer, asked.rows)
        # A graph needs less than a thread costs.
        return check(await run(asked.scorer.score_rows, asked.rows))

    async def _run_in_thread(
        self, function: Callable[..., Any], *arguments: Any
    ) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, function, *arguments)


async def _run_here(function: Callable[..., Any], *arguments: Any) -> Any:
    return function(*arguments)


async def reply(send: Send, status: int, answer: bytes, request: str) -> None:
    """Send JSON with its length and the request's id."""
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(answer)),
        (b"x-request-id", request.encode()),
    ]
    if status == 503:
        headers.append((b"retry-after", b"1"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": answer})


def log_request(scope: Message, request: str, status: int, began: float) -> None:
    """Write one line about a request."""
    said = {
        "request": request,
        "method": scope["method"],
        "path": scope["path"],
        "status": status,
        "ms": round((time.perf_counter() - began) * 1000, 3),
    }
    LOG.info("answered", extra=said)
