"""A person's word on a challenger, where the settings ask for one."""

import getpass
import os
from pathlib import Path

from .. import aliases, events
from ..refusal import Refusal
from . import lock, trail
from .pending import CHALLENGER, CHAMPION
from .trail import Entry
from .view import read_now


def name_person() -> str:
    """Who runs this: the login name, or the one that CI gives."""
    return os.environ.get("GITHUB_ACTOR") or getpass.getuser()


def approve(version: str | None, folder: Path = events.FOLDER) -> Entry:
    """Enter the approval of the challenger; the next turn promotes it if the test agrees."""
    challenger = aliases.find(CHALLENGER)
    if not version or version != challenger:
        waits = f"version {challenger} is" if challenger else "none is"
        raise Refusal(
            f"VERSION is {version or 'missing'}, and {waits} the challenger; approve with "
            f"make approve VERSION={challenger or 'n'}."
        )
    with lock.hold():
        entries = trail.read()
        challenge = trail.find_last(entries, "challenge")
        if challenge is None or challenge.version != version:
            raise Refusal(f"Version {version} is no challenger of `make operate`.")
        time = trail.write_time(read_now(entries, folder))
        person = name_person()
        reason = f"{person} agrees that version {version} is promoted when it is better"
        champion = aliases.find(CHAMPION)
        entry = Entry(time, "approve", version, champion, reason, {}, person)
        trail.append(entry)
    return entry
