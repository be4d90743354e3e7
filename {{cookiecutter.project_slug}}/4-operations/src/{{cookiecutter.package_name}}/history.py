"""Read what was recorded line by line: deployments, decisions, checks of drift."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

DEPLOYMENTS = Path("deployments/history.jsonl")
TRAIL = Path("operations/trail.jsonl")
DRIFT = Path("reports/drift_history.jsonl")

Line = dict[str, Any]


def read(path: Path) -> list[Line]:
    """Give the lines in their order, each with `time` in s since 1970; none without a file.

    A line that is no JSON, such as one that is being written, is left out.
    """
    if not path.is_file():
        return []
    lines = path.read_text("utf-8", errors="replace").splitlines()
    return [found for line in lines if (found := _read_line(line))]


def _read_line(text: str) -> Line | None:
    try:
        found = json.loads(text)
        return {**found, "time": read_time(found["time"])}
    except (ValueError, TypeError, KeyError):
        return None


def read_time(value: Any) -> float:
    """Give seconds since 1970 of a number or of a date in ISO 8601; UTC where none is said."""
    if isinstance(value, int | float):
        return float(value)
    date = datetime.fromisoformat(value)
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()


def show_time(seconds: float) -> str:
    """Write a moment for people, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M")


def find_last(items: list[Line], name: str) -> Any:
    """Give the newest value of this name that is known, or None."""
    return next((i[name] for i in reversed(items) if i.get(name) is not None), None)
