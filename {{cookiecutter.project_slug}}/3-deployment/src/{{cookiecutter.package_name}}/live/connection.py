"""What uvicorn leaves to others on a connection: late headers, JSON, a friendly farewell."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import (
    HttpToolsProtocol,
    RequestResponseCycle,
)

from .settings import Limits

BAD_REQUEST = b'{"detail":"This is no HTTP request."}'
HEAD = b"HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\n"


class Connection(HttpToolsProtocol):
    """One client's connection; requests on it come one after the other."""

    slow: float = Limits.slow
    # A client that keeps its connection is told to close it with its next answer, if it asks
    # that soon; who is told nothing finds it closed in the middle of a request.
    farewell: float = Limits.farewell
    _leaving = False
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._deadline = self.loop.call_later(self.slow, self._close_if_idle)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Begin to wait for the end of the headers."""
        super().on_message_begin()
        if self._deadline is None:
            self._deadline = self.loop.call_later(self.slow, self._close_if_idle)

    def on_headers_complete(self) -> None:
        """Hand the request to the application, which waits for the body itself."""
        self._stop_waiting()
        super().on_headers_complete()
        if self._leaving:
            self.cycle.keep_alive = False

    def shutdown(self) -> None:
        """Let the request in work end, or the next one that comes soon."""
        self._leaving = True
        if self._is_busy():
            self.cycle.keep_alive = False
        else:
            self.loop.call_later(self.farewell, self._close_if_idle)

    def send_400_response(self, msg: str) -> None:
        """Say in JSON that this is no HTTP; uvicorn says it in plain text."""
        length = b"content-length: %d\r\nconnection: close\r\n\r\n" % len(BAD_REQUEST)
        self.transport.write(HEAD + length + BAD_REQUEST)
        self.transport.close()

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _close_if_idle(self) -> None:
        if not self._is_busy():
            self.transport.close()

    def _is_busy(self) -> bool:
        """Tell whether a request is in work; uvicorn has no cycle before the first one."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete
