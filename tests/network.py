"""Run commands with the network blocked: nothing but this machine answers.

Two blocks work together. Where the system lets us, the commands get a network of their own
that holds only the loopback (`unshare`): it stops every program. And in every Python the
module `offline/sitecustomize.py` refuses to leave the machine and writes each attempt down.
`blocked_by()` says which are in use here.
"""

import fcntl
import os
import socket
import struct
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from environments import Project

SET_FLAGS = 0x8914  # SIOCSIFFLAGS of Linux
UP_AND_RUNNING = 0x41
NEW_NETWORK = ("unshare", "--map-root-user", "--net", sys.executable, __file__)


def raise_loopback() -> None:
    """Switch on 127.0.0.1, which is off in a new network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh14x", b"lo", UP_AND_RUNNING)
        fcntl.ioctl(any_socket, SET_FLAGS, request)


@cache
def blocked_by() -> str:
    """Say what keeps the commands from the network on this machine."""
    try:
        subprocess.run([*NEW_NETWORK, "true"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "refusals inside Python only: this system gives us no network of our own"
    return "a network that holds only the loopback, and refusals inside Python"


def block(project: "Project", calls: Path) -> "Project":
    """Give the project with its network blocked; attempts are written to the file `calls`."""
    shared = project.environment
    path = [str(Path(__file__).with_name("offline")), shared.get("PYTHONPATH", "")]
    mine = {
        "NETWORK_CALLS": str(calls),
        "PYTHONPATH": os.pathsep.join(part for part in path if part),
    }
    prefix = NEW_NETWORK if blocked_by().startswith("a network") else ()
    return replace(project, environment=shared | mine, prefix=prefix)


def read_calls(calls: Path) -> list[str]:
    """Give the attempts to leave this machine."""
    return calls.read_text(encoding="utf-8").splitlines() if calls.exists() else []


if __name__ == "__main__":
    raise_loopback()
    os.execvp(sys.argv[1], sys.argv[1:])
