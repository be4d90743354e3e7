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
    """Take the port over from a service that has it, or take it when nobody does."""
    for path in list_ways(read_port(port)):
        with socket.socket(socket.AF_UNIX) as way:
            way.settimeout(PATIENCE_SECONDS)
            try:
                way.connect(str(path))
                _, files, _, _ = socket.recv_fds(way, 1, 1)
            except ConnectionRefusedError:  # its service has ended
                path.unlink(missing_ok=True)
                continue
            except OSError:
                continue
        if files:
            return socket.socket(fileno=files[0])
    return listen(host, port)


def list_ways(port: int) -> list[Path]:
    """Give the sockets on which a port is handed over: one of each service that has it.

    Each has its own, for the newest may end while an older one goes on. Relative, as their
    length is limited.
    """
    return sorted(Path().glob(f".port-{port}-*"))


def offer(taken: socket.socket) -> None:
    """Give the port to whoever of this project asks for it, until this process ends."""
    name = f".port-{taken.getsockname()[1]}-{os.getpid()}"
    draft = Path(f".draft{name}")
    draft.unlink(missing_ok=True)  # a pid may have been used before
    way = socket.socket(socket.AF_UNIX)
    old = os.umask(0o177)  # nobody else may take the port
    try:
        way.bind(str(draft))
    finally:
        os.umask(old)
    way.listen()
    os.replace(draft, name)
    threading.Thread(target=_give, args=(way, taken), name="port", daemon=True).start()


def _give(way: socket.socket, taken: socket.socket) -> None:
    while True:
        asking, _ = way.accept()
        with asking:
            try:
                socket.send_fds(asking, [b"p"], [taken.fileno()])
            except OSError:  # it went away again
                continue
