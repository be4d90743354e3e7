"""Refuse and write down each attempt to leave this machine. Python loads this by itself.

`network.py` puts this folder on PYTHONPATH. It sees what programs swallow, like telemetry
that is tried and fails in silence.
"""

import os
import socket
import sys

HERE = ("", "localhost", "0.0.0.0", "::", "::1", socket.gethostname())
EVENTS = ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo")


def is_here(host: object) -> bool:
    """Tell whether a host is this machine."""
    name = host.decode() if isinstance(host, bytes) else host
    return name is None or str(name) in HERE or str(name).startswith("127.")


def refuse(event: str, arguments: tuple[object, ...]) -> None:
    """Raise for a host elsewhere, and add the attempt to the file NETWORK_CALLS."""
    if event not in EVENTS:
        return
    # A lookup has the host first; the others have a socket, then (host, port, ...).
    address = arguments[:1] if event == "socket.getaddrinfo" else arguments[1]
    if isinstance(address, tuple) and address and not is_here(address[0]):
        with open(os.environ["NETWORK_CALLS"], "a", encoding="utf-8") as calls:
            calls.write(f"{event} {address[0]} by {sys.orig_argv}\n")
        raise OSError(f"the network is blocked: {event} {address[0]}")


if "NETWORK_CALLS" in os.environ:
    sys.addaudithook(refuse)
