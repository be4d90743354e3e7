"""Take a port, or take it over from a service that is being replaced.

Two processes could share a port with SO_REUSEPORT, but the connections that wait in the
queue of the one that leaves would be reset. So the listening socket itself is handed over,
with the connections that wait in it: nobody notices. The way is a socket in the project's
folder, on which a service that was started with `--reuse` gives its port away.
Source: https://man7.org/linux/man-pages/man7/unix.7.html (SCM_RIGHTS), and for the lost
connections https://lwn.net/Articles/837506/
"""

import os
import socket
import threading
from pathlib import Path

from ..ports import listen, read_port

PATIENCE_SECONDS = 5.0


def take(host: str, port: str) -> socket.socket:
    """Take the port over from the service that has it, or take it when nobody does."""
    path = name_way(read_port(port))
    with socket.socket(socket.AF_UNIX) as way:
        way.settimeout(PATIENCE_SECONDS)
        try:
            way.connect(str(path))
            _, files, _, _ = socket.recv_fds(way, 1, 1)
        except OSError:  # nobody is there, or nobody any more
            return listen(host, port)
    return socket.socket(fileno=files[0]) if files else listen(host, port)


def name_way(port: int) -> Path:
    """Give the socket on which a port is handed over; relative, as its length is limited."""
    return Path(f".port-{port}")


def offer(taken: socket.socket) -> None:
    """Give the port to whoever of this project asks for it, until this process ends."""
    path = name_way(taken.getsockname()[1])
    draft = path.with_suffix(f".{os.getpid()}")
    way = socket.socket(socket.AF_UNIX)
    old = os.umask(0o177)  # nobody else may take the port
    try:
        way.bind(str(draft))
    finally:
        os.umask(old)
    way.listen()
    os.replace(draft, path)
    threading.Thread(target=_give, args=(way, taken), name="port", daemon=True).start()


def _give(way: socket.socket, taken: socket.socket) -> None:
    while True:
        asking, _ = way.accept()
        with asking:
            try:
                socket.send_fds(asking, [b"p"], [taken.fileno()])
            except OSError:  # it went away again
                continue
