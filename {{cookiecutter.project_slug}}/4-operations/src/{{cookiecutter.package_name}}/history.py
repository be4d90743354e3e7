"""Read what was recorded line by line: deployments and decisions."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from . import ledger

DEPLOYMENTS = Path("deployments/history.jsonl")
TRAIL = Path("operations/trail.jsonl")

DECISIONS = (
    "retrain challenge reject failure promote rollback hold alarm approve".split()
)
# Decisions, and outcomes of a deployment, after which another version answers.
TAKES_OVER = ("promote", "rollback")
LIVE = ("live", "rolled back")

Line = dict[str, Any]


def read(path: Path) -> list[Line]:
    """Give the lines in their order, each with `time` in s since 1970; none without a file."""
    return [found for line in ledger.read(path) if (found := _place(line))]


def _place(line: Line) -> Line | None:
    try:
        return {**line, "time": read_time(line["time"])}
    except (ValueError, TypeError, KeyError):
        return None


def read_time(value: Any) -> float:
    """Give seconds since 1970 of a number or of a date in ISO 8601; UTC where none is said.

    Raises ValueError or TypeError where it is neither.
    """
    if isinstance(value, int | float):
        return float(value)
    date = datetime.fromisoformat(value)
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()


def show_time(seconds: float) -> str:
    """Write a moment for people, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M")


def find_start(version: str, trail: list[Line], deployed: list[Line]) -> float | None:
    """Give since when a version answers: by the trail, or else by what was deployed.

    The trail goes first, for its clock is the log's.
    """
    decided = [
        line["time"]
        for line in trail
        if line.get("decision") in TAKES_OVER and str(line.get("version")) == version
    ]
    released = [
        line["time"]
        for line in deployed
        if line.get("outcome") in LIVE and str(line.get("to")) == version
    ]
    return next((times[-1] for times in (decided, released) if times), None)
