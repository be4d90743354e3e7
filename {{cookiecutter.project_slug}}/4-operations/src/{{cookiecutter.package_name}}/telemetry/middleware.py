"""Watch every request pass, also those that are refused or fail."""

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .tally import Tally

# What nginx notes of a client that left before it got an answer.
GONE = 499


class Watch:
    """Count each request with its code and its time, in ASGI's own terms.

    Source: https://www.starlette.io/middleware/#pure-asgi-middleware
    """

    def __init__(self, app: ASGIApp, tally: Tally) -> None:
        self.app = app
        self.tally = tally

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; what raises is counted as a failure."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # A name for any other path would let a stranger fill the memory with labels.
        route = "predict" if scope["path"] == "/predict" else "other"
        start, code = time.perf_counter(), GONE

        async def note(message: Message) -> None:
            nonlocal code
            if message["type"] == "http.response.start":
                code = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, note)
        except Exception:
            code = 500
            raise
        finally:
            self.tally.count(route, code, time.perf_counter() - start)
