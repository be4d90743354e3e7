"""Take a port of this machine, or say in a sentence why that cannot be."""

import socket

from .refusal import Refusal


def listen(host: str, port: str) -> socket.socket:
    """Take the port now, so that a taken one is said in a sentence."""
    taken = socket.socket()
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, read_port(port)))
        # Other processes of this project are to find it taken.
        taken.listen(2048)
    except OSError as error:
        taken.close()
        raise Refusal(
            f"Port {port} of {host} cannot be used ({error.strerror}); "
            "choose another one: make serve PORT=8001."
        ) from error
    return taken


def read_port(port: str) -> int:
    """Read the number of a port; 0 lets the system choose a free one."""
    if not port.isdecimal() or not 0 <= int(port) < 65536:
        raise Refusal(f"PORT is {port!r}; choose a number such as 8001.")
    return int(port)
