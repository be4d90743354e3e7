"""What was released when, by whom and why: deployments/history.jsonl, which only grows."""

import getpass
import json
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

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
    """Append one line: when, who, why (WHY in the environment), from, to and the outcome.

    The line is one write to the end of the file, and on the disk when this returns.
    """
    entry = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "who": find_person(),
        "why": os.environ.get("WHY") or "",
        "target": target,
        "from": before,
        "to": after,
        "outcome": outcome,
    } | ({"detail": detail} if detail else {})
    FOLDER.mkdir(parents=True, exist_ok=True)
    line = json.dumps(entry, ensure_ascii=False) + "\n"
    file = os.open(PATH, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(file, (_mend(file) + line).encode())
        os.fsync(file)
    finally:
        os.close(file)
    return entry


def _mend(file: int) -> str:
    """End a line that a full disk or a lost machine has cut, so that the next one stands alone."""
    size = os.fstat(file).st_size
    return "\n" if size and os.pread(file, 1, size - 1) != b"\n" else ""


def read() -> list[Entry]:
    """Give every entry, the oldest first; a line that was cut is passed over."""
    if not PATH.is_file():
        return []
    found = []
    for line in PATH.read_text("utf-8", errors="replace").splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict) and "outcome" in entry:
            found.append(entry)
    return found


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
