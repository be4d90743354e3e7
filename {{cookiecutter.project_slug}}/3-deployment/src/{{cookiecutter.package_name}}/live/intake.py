"""Take a request's body in: JSON, no more than is allowed, no slower than is bearable."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from .settings import Limits

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
JSON = b"application/json"


class Refused(Exception):
    """A request that gets no prediction: the status and one sentence for its sender."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


class Gone(Exception):
    """The client went away before it had sent all."""


class Intake:
    """Counts what is in memory, so that many slow or large requests cannot fill it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._requests = 0
        self._bytes = 0

    def enter(self) -> None:
        """Let a request in, or refuse it when as many as may be are in work."""
        if self._requests >= self._limits.most_requests:
            raise Refused(503, "Too many requests are in work; try again in a second.")
        self._requests += 1

    def leave(self, size: int) -> None:
        """Let a request go, and its bytes with it."""
        self._requests -= 1
        self._bytes -= size

    async def read(self, headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
        """Give the body; its bytes count until `leave`."""
        _require_json(headers)
        message = await receive()
        if not message.get("more_body") and message["type"] == "http.request":
            # Nearly every request: all of it is there at once.
            self._hold(0, len(message["body"]))
            return bytes(message["body"])
        try:
            async with asyncio.timeout(self._limits.slow):
                return await self._read_rest(message, receive)
        except TimeoutError as error:
            raise Refused(408, "The request did not arrive in time.") from error

    async def _read_rest(self, message: Message, receive: Receive) -> bytes:
        """Put the pieces of a body together; what was held is let go when it fails."""
        body = bytearray()
        try:
            while True:
                if message["type"] == "http.disconnect":
                    raise Gone
                self._hold(len(body), len(message.get("body", b"")))
                body += message.get("body", b"")
                if not message.get("more_body"):
                    return bytes(body)
                message = await receive()
        except BaseException:
            self._bytes -= len(body)
            raise

    def _hold(self, before: int, more: int) -> None:
        """Count bytes, unless they are too many for one request or for all at once."""
        limits = self._limits
        if before + more > limits.most_bytes:
            most = f"{limits.most_bytes:,} bytes and {limits.most_rows:,} rows"
            raise Refused(413, f"Send at most {most}.")
        if self._bytes + more > limits.most_held:
            raise Refused(503, "Too much is in work; try again in a second.")
        self._bytes += more


def _require_json(headers: Mapping[bytes, bytes]) -> None:
    kind = headers.get(b"content-type", b"")
    if kind != JSON and kind.partition(b";")[0].strip().lower() != JSON:
        raise Refused(415, "Send JSON, with Content-Type: application/json.")
