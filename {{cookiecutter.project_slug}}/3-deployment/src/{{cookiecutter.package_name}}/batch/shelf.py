"""Keep finished parts in a hidden folder beside OUT, so that a run that was killed goes on."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from ..files import read_json, write_json
from ..refusal import Refusal
from .parts import writing

MANIFEST = "manifest.json"
LOCK = "lock"


def name_folder(out: Path) -> Path:
    """Give the hidden folder of an output."""
    return out.with_name(f".{out.name}.parts")


@contextmanager
def claim(out: Path, said: dict[str, Any]) -> Iterator[Path]:
    """Take the folder of an output for this run alone, and give it.

    `said` names the input, the package and all else that the parts depend on: when it is
    not what their manifest says, they are thrown away. After a failure the parts stay.
    """
    folder = name_folder(out)
    with writing(out):
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / LOCK).open("a")
    with lock:
        _lock(lock, out)
        if _read(folder) != said:
            _empty(folder)
            with writing(out):
                write_json(folder / MANIFEST, said)
        try:
            yield folder
        finally:
            if not any(folder.glob("*.arrow")):
                clear(folder)


def clear(folder: Path) -> None:
    """Remove the parts, when they are in OUT or none was finished."""
    shutil.rmtree(folder, ignore_errors=True)


def _lock(lock: IO[str], out: Path) -> None:
    """Let one run at a time write an output; the system unlocks when a process ends."""
    try:
        import fcntl  # pylint: disable=import-outside-toplevel # not on Windows
    except ImportError:
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise Refusal(
            f"Another run writes {out}; wait for its end or choose another OUT."
        ) from error


def _read(folder: Path) -> Any:
    """Give what the manifest says; None when it is not there or not whole."""
    try:
        return read_json(folder / MANIFEST, "")
    except (Refusal, ValueError):
        return None


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.name != LOCK:
            path.unlink()
