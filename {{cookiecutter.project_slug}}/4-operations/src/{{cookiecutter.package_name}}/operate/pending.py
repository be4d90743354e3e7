"""Carry a decision out so that a turn killed half-way is finished by the next one."""

from dataclasses import asdict
from pathlib import Path

from .. import aliases
from ..deploy import history, local, process, state
from ..files import read_json, write_json
from . import trail
from .trail import Entry

PENDING = Path("operations/pending.json")
CHAMPION, CHALLENGER = "champion", "challenger"


def settle(entry: Entry) -> Entry:
    """Note the decision, carry it out, and enter it in the trail; gives what was entered."""
    write_json(PENDING, asdict(entry))
    return _carry_out(entry)


def finish() -> Entry | None:
    """Carry out what a killed turn had decided; None where nothing was left."""
    if not PENDING.is_file():
        return None
    return _carry_out(Entry(**read_json(PENDING, "nothing is pending")))


def _carry_out(entry: Entry) -> Entry:
    """Do what is said, however often: each step may have been done before."""
    entered = entry in trail.read()
    if not entered:
        entry = _refuse_stale(entry)
        _point(entry)
        _note_release(entry)
        trail.append(entry)
    PENDING.unlink(missing_ok=True)
    return entry


def _refuse_stale(entry: Entry) -> Entry:
    """Change nothing when somebody else has crowned another version in the meantime."""
    reigns = aliases.find(CHAMPION)
    if entry.decision not in {"promote", "rollback"} or reigns in {
        entry.champion,
        entry.version,
    }:
        return entry
    reason = (
        f"{entry.decision} of version {entry.version} is dropped: version {reigns} was "
        f"made the champion in the meantime, in the place of version {entry.champion}"
    )
    return Entry(entry.time, "hold", entry.version, reigns, reason, entry.evidence)


def _note_release(entry: Entry) -> None:
    """Let the record of releases know, where a service of this machine follows the alias.

    Else `make rollback` would know of no version to go back to.
    """
    live = state.read().live
    outcomes = {"promote": history.LIVE, "rollback": history.BACK}
    outcome, version = outcomes.get(entry.decision), entry.version
    if outcome is None or version is None or live is None or not process.follows(live):
        return
    if history.list_live(local.NAME)[-1:] != [version]:
        history.record(local.NAME, entry.champion, version, outcome, entry.reason)


def _point(entry: Entry) -> None:
    """Let the aliases name what the decision says; the service follows within a second."""
    if entry.decision == "challenge" and entry.version:
        aliases.point(CHALLENGER, entry.version)
    elif entry.decision == "promote" and entry.version:
        aliases.point(CHAMPION, entry.version)
        # The former champion answers unseen while the new one is watched.
        if entry.champion:
            aliases.point(CHALLENGER, entry.champion)
    elif entry.decision == "rollback" and entry.version:
        aliases.point(CHAMPION, entry.version)
        aliases.remove(CHALLENGER)
    elif entry.decision == "reject" or entry.evidence.get("watched"):
        aliases.remove(CHALLENGER)
