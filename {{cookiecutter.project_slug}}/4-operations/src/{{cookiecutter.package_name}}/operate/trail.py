"""The audit trail: every decision with its evidence, one line each, never changed."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .. import ledger
from ..history import DECISIONS, TRAIL
from ..refusal import Refusal

POLICY = "policy"


@dataclass(frozen=True)
class Entry:
    """One decision: what, about which version, who reigned then, why, on what evidence.

    `time` is ISO 8601 in UTC; `by` is the policy or the person that decided.
    """

    time: str
    decision: str
    version: str | None
    champion: str | None
    reason: str
    evidence: dict[str, Any] = field(default_factory=dict)
    by: str = POLICY

    @property
    def seconds(self) -> float:
        """When it was decided, in seconds since 1970."""
        return datetime.fromisoformat(self.time).timestamp()


def write_time(seconds: float) -> str:
    """Write an instant in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def read(path: Path = TRAIL) -> list[Entry]:
    """Give all decisions, the oldest first; a line cut short by a crash is left out."""
    return [entry for line in ledger.read(path) if (entry := _read_entry(line))]


def _read_entry(line: dict[str, Any]) -> Entry | None:
    try:
        entry = Entry(**line)
        return entry if entry.seconds else None
    except (ValueError, TypeError):
        return None


def append(entry: Entry, path: Path = TRAIL) -> None:
    """Add a decision; when this returns it is on the disk."""
    if entry.decision not in DECISIONS:
        raise ValueError(f"{entry.decision!r} is not one of {', '.join(DECISIONS)}")
    try:
        ledger.append(path, asdict(entry))
    except OSError as error:
        raise Refusal(
            f"{path} cannot be written: {error.strerror}; mend that and repeat."
        ) from error


def sign(entry: Entry, by: str) -> Entry:
    """Say who decided."""
    return replace(entry, by=by)


def find_last(entries: Iterable[Entry], *decisions: str) -> Entry | None:
    """Give the newest of these decisions."""
    found = [entry for entry in entries if entry.decision in decisions]
    return found[-1] if found else None


def show(entry: Entry) -> str:
    """Say a decision in a line."""
    version = "" if entry.version is None else f" version {entry.version}"
    by = "" if entry.by == POLICY else f" (by {entry.by})"
    return f"{entry.time[:16]}  {entry.decision:<9}{version}: {entry.reason}{by}"
