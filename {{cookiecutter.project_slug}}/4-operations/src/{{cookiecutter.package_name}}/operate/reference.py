"""What each version has learned from, and whether what is asked now still looks like it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from .. import drift
from ..drift import profile
from ..events import query
from ..table import Table
from ..truth.performance import read_inputs

PROFILES = Path("operations/profiles")
SHOWN = 3


@dataclass(frozen=True)
class Drift:
    """What the drift check says of the last days."""

    alarm: bool = False
    reason: str = ""
    evidence: dict[str, Any] = field(default_factory=dict)


def keep(version: str, rows: pd.DataFrame, table: Table) -> None:
    """Keep the profile of the rows that a version has learned from."""
    profile.write(drift.Profile.build(rows, table), PROFILES / f"{version}.json")


def rename(version: str, other: str) -> None:
    """Give a profile the number of its version, once; it may have it already."""
    place = PROFILES / f"{version}.json"
    if place.is_file():
        place.rename(PROFILES / f"{other}.json")


def find(version: str) -> Path | None:
    """Give the version's profile, or that of `make pipeline`; None where there is none."""
    places = (PROFILES / f"{version}.json", profile.PATH)
    return next((path for path in places if path.is_file()), None)


def check(version: str, since: float, until: float, table: Table, folder: Path) -> Drift:
    """Hold the inputs that were logged in a span of time against the version's profile."""
    path = find(version)
    asked = query.read_predictions(since, until, folder=folder) if path else None
    if path is None or asked is None or asked.empty:
        return Drift()
    inputs = read_inputs(asked, table)
    verdict = drift.check(
        inputs, drift.read(path), table, drift.read_rules(), drift.read_importance()
    )
    evidence = {
        "score": round(verdict.score, 4),
        "rows": verdict.rows,
        "columns": [item.name for item in verdict.columns if item.drifted],
    }
    return Drift(verdict.alarm, "; ".join(verdict.reasons[:SHOWN]), evidence)
