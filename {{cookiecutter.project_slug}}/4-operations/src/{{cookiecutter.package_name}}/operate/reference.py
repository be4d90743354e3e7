"""What each version has learned from, and whether what is asked now still looks like it."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from .. import drift
from ..drift import profile
from ..events import query
from ..table import Table
from ..truth.expected import PROFILES, find_profile
from ..truth.performance import read_inputs

SHOWN = 3


@dataclass(frozen=True)
class Drift:
    """What the drift check says of the last days."""

    alarm: bool = False
    reason: str = ""
    evidence: dict[str, Any] = field(default_factory=dict)


def keep(
    version: str,
    rows: pd.DataFrame,
    table: Table,
    calibration: dict[str, Any] | None = None,
) -> None:
    """Keep the profile of the rows that a version has learned from, and its calibration."""
    made = replace(drift.Profile.build(rows, table), calibration=calibration)
    profile.write(made, PROFILES / f"{version}.json")


def rename(version: str, other: str) -> None:
    """Give a profile the number of its version, once; it may have it already."""
    place = PROFILES / f"{version}.json"
    if place.is_file():
        place.rename(PROFILES / f"{other}.json")


def check(
    version: str, since: float, until: float, table: Table, folder: Path
) -> Drift:
    """Hold the inputs that were logged in a span of time against the version's profile."""
    path = find_profile(version)
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
