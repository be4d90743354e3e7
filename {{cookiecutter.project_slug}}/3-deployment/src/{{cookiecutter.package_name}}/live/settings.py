"""The settings of the service, read from conf/serving.yaml."""

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from ..contract import MOST_BYTES, MOST_ROWS
from ..refusal import Refusal
from ..sections import read_sections

PATH = Path("conf/serving.yaml")


@dataclass(frozen=True)
class Limits:
    """What may be asked for, one request and all at once; bytes and seconds."""

    most_bytes: int = MOST_BYTES
    most_rows: int = MOST_ROWS
    most_requests: int = 256
    most_held: int = 256_000_000
    inline_bytes: int = 100_000
    slow: float = 30.0
    idle: int = 30
    farewell: float = 2.0
    grace: int = 10


@dataclass(frozen=True)
class Champion:
    """How often to look who is the champion, and when to try again; seconds."""

    every: float = 1.0
    again: float = 30.0


@dataclass(frozen=True)
class Log:
    """What is worth a line."""

    requests: bool = False


@dataclass(frozen=True)
class Serving:
    """One section for each side of the service that can be set."""

    limits: Limits = field(default_factory=Limits)
    champion: Champion = field(default_factory=Champion)
    log: Log = field(default_factory=Log)


SECTIONS: dict[str, type] = {"limits": Limits, "champion": Champion, "log": Log}


def read_serving(path: Path = PATH) -> Serving:
    """Read the settings; a name that is not known is refused, for it is a typing error."""
    found = read_sections(path, SECTIONS)
    for name in ("limits", "champion"):
        _require_positive(path, name, found[name])
    return Serving(**found)


def _require_positive(path: Path, name: str, section: Any) -> None:
    """Refuse a limit that lets nothing through."""
    for item in fields(section):
        if getattr(section, item.name) <= 0:
            raise Refusal(f"`{name}.{item.name}` in {path} must be more than 0.")
