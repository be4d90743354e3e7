"""Look at each period of the log: what moved, and how good the model probably was."""

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from .. import data, drift, estimate
from ..refusal import Refusal
from ..table import Table
from . import traffic
from .traffic import Period

PACKAGES = Path("packages")
PROFILE = "profile.json"


@dataclass(frozen=True)
class Look:
    """What was found in one period; `verdict` and `estimated` are None where none can be.

    `version` answered most of its rows.
    """

    period: Period
    version: str | None = None
    verdict: drift.Verdict | None = None
    estimated: float | None = None


def find_profile(version: str) -> drift.Profile | None:
    """Give the profile that lies with a version's package, or else in models/."""
    own = PACKAGES / version / PROFILE
    try:
        return drift.read(own) if own.is_file() else drift.read()
    except (Refusal, ValueError, KeyError):
        return None


def belongs(profile: drift.Profile, version: str) -> bool:
    """Tell whether a profile was made of this very model: its chances are calibrated."""
    about = PACKAGES / version / "about.json"
    if (PACKAGES / version / PROFILE).is_file():
        return True
    return about.is_file() and json.loads(about.read_text("utf-8")) == profile.about


def look(period: Period, table: Table) -> Look:
    """Check the rows of one period; the version that answered most of them is the measure."""
    rows = traffic.sample(period)
    if rows.empty:
        return Look(period)
    version = str(rows["model"].mode()[0])
    profile = find_profile(version)
    if profile is None:
        return Look(period, version)
    inputs = pd.DataFrame(rows["inputs"].tolist()).reindex(columns=table.features)
    verdict = drift.check(
        data.conform(inputs, table),
        profile,
        table,
        drift.read_rules(),
        drift.read_importance(),
    )
    estimated = _estimate(rows[rows["model"] == version], profile, table)
    return Look(period, version, verdict, estimated)


def _estimate(rows: pd.DataFrame, profile: drift.Profile, table: Table) -> float | None:
    """Give the headline metric to expect of these rows, if their chances are calibrated."""
    version = str(rows["model"].iloc[0])
    if profile.calibration is None or not belongs(profile, version):
        return None
    answers = pd.DataFrame(rows["chances"].tolist()).reindex(columns=table.classes)
    answers.columns = estimate.list_chances(table)
    chances = estimate.read_chances(answers, table)
    found = estimate.estimate(chances, profile.calibration, table)
    value: float | None = found.get(table.headline[0])
    return value
