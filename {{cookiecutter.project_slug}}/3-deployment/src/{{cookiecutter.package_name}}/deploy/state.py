"""The processes of this machine's deployment: deployments/local.json, and who may change them."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from .. import files
from ..refusal import Refusal
from .history import FOLDER

PATH = FOLDER / "local.json"
LOCK = FOLDER / "lock"


@dataclass(frozen=True)
class Running:
    """A service that was started; the command tells whether a pid is still its own.

    The pid is 0 until it is known: who starts it may be killed before that is noted.
    """

    pid: int
    command: list[str]
    port: int
    version: str
    started: str
    log: str


@dataclass(frozen=True)
class State:
    """The service that answers, one that is being tried and one that is being drained."""

    live: Running | None = None
    candidate: Running | None = None
    draining: Running | None = None


def read() -> State:
    """Give what was last written; a file that was spoilt by hand is refused."""
    if not PATH.is_file():
        return State()
    try:
        content: dict[str, Any] = files.read_json(PATH, "run `make deploy`")
        return State(**{name: _read_one(one) for name, one in content.items()})
    except (ValueError, TypeError, AttributeError) as error:
        raise Refusal(
            f"{PATH} cannot be read; remove it, and end the service that it named by hand."
        ) from error


def _read_one(content: dict[str, Any] | None) -> Running | None:
    return None if content is None else Running(**content)


def write(state: State) -> None:
    """Write the whole state in one move."""
    files.write_json(PATH, asdict(state))


@contextmanager
def lock() -> Iterator[None]:
    """Let one release happen at a time; the lock ends with its process, also when killed."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with LOCK.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refusal(
                "Another deployment or rollback is under way; wait until it has ended."
            ) from error
        yield
