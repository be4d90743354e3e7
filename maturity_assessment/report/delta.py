"""What changed since an earlier report of the same ruler."""

import json
from dataclasses import dataclass
from pathlib import Path

from ..refusal import Refusal
from . import Document
from .document import SCHEMA

LARGEST = 50_000_000


@dataclass(frozen=True)
class Change:
    """One capability that stands elsewhere than before."""

    capability: str
    before: str
    after: str
    better: bool


@dataclass(frozen=True)
class Delta:
    """The levels before and after and what changed; `rulers` are set when they differ."""

    before: int
    after: int
    changes: tuple[Change, ...]
    rulers: tuple[str, str] | None = None


def read_baseline(path: Path) -> Document:
    """Read an earlier JSON report. Raises Refusal."""
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError
        document: Document = json.loads(path.read_text("utf-8"))
        known = document["schema"] == SCHEMA and "capabilities" in document
        int(document["level"]["evidence"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise Refusal(
            f"{path} is no report of this tool: write one with --format json."
        ) from error
    if not known:
        raise Refusal(f"{path} is a report of another version: write it anew.")
    return document


def compare(before: Document, after: Document) -> Delta:
    """Say what changed between two reports; nothing of it if their rulers differ."""
    levels = (before["level"]["evidence"], after["level"]["evidence"])
    if before["ruler"] != after["ruler"]:
        return Delta(*levels, (), (before["ruler"], after["ruler"]))
    stood = {c["id"]: c for c in before["capabilities"]}
    changes = (
        judge(stood[c["id"]], c) for c in after["capabilities"] if c["id"] in stood
    )
    return Delta(*levels, tuple(change for change in changes if change))


def judge(before: Document, after: Document) -> Change | None:
    """Say how a capability changed, if it did."""
    if before["state"] == after["state"]:
        return None
    points = [entry["points"]["claimed"] or 0.0 for entry in (before, after)]
    better = points[1] >= points[0]
    return Change(after["id"], before["state"], after["state"], better)
