"""What was released when, by whom and why: deployments/history.jsonl, which only grows."""

import getpass
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .. import ledger

FOLDER = Path("deployments")
PATH = FOLDER / "history.jsonl"
LIVE, BACK, FAILED, PROVEN = "live", "rolled back", "failed", "proven"

Entry = dict[str, Any]


def find_person() -> str:
    """Name who releases: the person whom CI, git or the system knows."""
    asked = ["git", "config", "user.name"]
    try:
        known = subprocess.run(asked, capture_output=True, text=True, check=False)
        name = known.stdout.strip()
    except OSError:
        name = ""
    return os.environ.get("GITHUB_ACTOR") or name or getpass.getuser()


def record(
    target: str, before: str | None, after: str, outcome: str, detail: str = ""
) -> Entry:
    """Append one line: when, who, why (WHY in the environment), from, to and the outcome."""
    entry = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "who": find_person(),
        "why": os.environ.get("WHY") or "",
        "target": target,
        "from": before,
        "to": after,
        "outcome": outcome,
    } | ({"detail": detail} if detail else {})
    ledger.append(PATH, entry)
    return entry


def read() -> list[Entry]:
    """Give every entry, the oldest first."""
    return [entry for entry in ledger.read(PATH) if "outcome" in entry]


def list_live(target: str) -> list[str]:
    """Give the versions that went live and were not taken back, the newest last."""
    stack: list[str] = []
    for entry in read():
        if entry["target"] != target or entry["outcome"] not in {LIVE, BACK}:
            continue
        version = str(entry["to"])
        if entry["outcome"] == BACK:  # what came after it was taken back
            stack = stack[: stack.index(version)] if version in stack else []
        if stack[-1:] != [version]:
            stack.append(version)
    return stack


def find_previous(target: str, current: str | None) -> str | None:
    """Give the version that was live before the current one, or None."""
    before = [version for version in list_live(target) if version != current]
    return before[-1] if before else None
