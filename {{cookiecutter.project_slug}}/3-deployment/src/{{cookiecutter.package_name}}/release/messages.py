"""Messages between processes over a socket: four bytes of length, then JSON."""

import json
import select
import socket
import struct
from typing import Any

LENGTH = struct.Struct("!I")


def send(link: socket.socket, content: Any) -> None:
    """Send one message; waits while the other side does not read."""
    body = json.dumps(content, default=str, separators=(",", ":")).encode()
    link.sendall(LENGTH.pack(len(body)) + body)


def receive(link: socket.socket) -> Any:
    """Wait for one message; raises EOFError where the other side has ended."""
    (length,) = LENGTH.unpack(_read(link, LENGTH.size))
    return json.loads(_read(link, length))


def is_waiting(link: socket.socket, seconds: float = 0.0) -> bool:
    """Tell whether a message, or the end, comes within this time."""
    poll = select.poll()  # select knows no more than 1024 files
    poll.register(link, select.POLLIN)
    return bool(poll.poll(seconds * 1000))


def _read(link: socket.socket, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        part = link.recv(min(length - len(parts), 1 << 20))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)
