"""What performance to expect of answers whose labels have not come: see estimate.py."""

from pathlib import Path
from typing import Any

import pandas as pd

from .. import drift, estimate
from ..drift import profile
from ..refusal import Refusal
from ..table import Table

# One profile a version that the loop has made.
PROFILES = Path("operations/profiles")


def find_profile(version: str) -> Path | None:
    """Give the version's profile, or that of `make pipeline`; None where there is none."""
    places = (PROFILES / f"{version}.json", profile.PATH)
    return next((path for path in places if path.is_file()), None)


def find(version: str, answers: pd.DataFrame, table: Table) -> dict[str, Any] | None:
    """Estimate the metrics of answers by `period`; None without a calibration."""
    path = find_profile(version)
    if path is None or table.task == "regression" or answers.empty:
        return None
    try:
        calibration = drift.read(path).calibration
    except Refusal:
        return None
    if calibration is None:
        return None
    chances = pd.DataFrame(answers["chances"].tolist(), index=answers.index)
    known = chances.reindex(columns=table.classes).astype(float)
    return {
        "overall": estimate.estimate(known.to_numpy(), calibration, table),
        "periods": [
            {
                "period": str(name),
                **estimate.estimate(part.to_numpy(), calibration, table),
            }
            for name, part in known.groupby(answers["period"])
        ],
        "assumption": estimate.ASSUMPTION,
    }
