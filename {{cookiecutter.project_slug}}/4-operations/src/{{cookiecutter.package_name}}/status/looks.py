"""Look at each period of the log: what moved, and how good the model probably was."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from .. import data, drift, estimate, findings
from ..drift.profile import PATH as PROFILE
from ..refusal import Refusal
from ..table import Table
from . import traffic
from .traffic import Period

# Where a version's own profile may lie; operate/ and package/ leave theirs there.
OWN = ("operations/profiles/{}.json", "packages/{}/profile.json")
ABOUT = "packages/{}/about.json"


@dataclass(frozen=True)
class Look:
    """What was found in one period; `verdict` and `estimated` are None where none can be.

    `version` answered most of its rows.
    """

    period: Period
    version: str | None = None
    verdict: drift.Verdict | None = None
    estimated: float | None = None


def find_profile(version: str) -> tuple[drift.Profile | None, bool]:
    """Give the profile to hold a version's rows against, and whether it is its very own.

    Only its own tells what its chances are worth. That of models/ is its own when it was
    made of the same model.
    """
    for place in OWN:
        path = Path(place.format(version))
        if path.is_file():
            return _read(path), True
    found, about = _read(PROFILE), findings.read_json(Path(ABOUT.format(version)))
    return found, bool(found and about and found.about == about)


def _read(path: Path) -> drift.Profile | None:
    try:
        return drift.read(path)
    except (Refusal, ValueError, KeyError):
        return None


def look(period: Period, table: Table) -> Look:
    """Check the rows of one period; the version that answered most of them is the measure."""
    rows = traffic.sample(period)
    if rows.empty:
        return Look(period)
    version = str(rows["model"].mode()[0])
    profile, own = find_profile(version)
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
    estimated = None
    if own:
        estimated = _estimate(rows[rows["model"] == version], profile, table)
    return Look(period, version, verdict, estimated)


def _estimate(rows: pd.DataFrame, profile: drift.Profile, table: Table) -> float | None:
    """Give the headline metric to expect of these rows, if their chances are calibrated."""
    if profile.calibration is None:
        return None
    answers = pd.DataFrame(rows["chances"].tolist()).reindex(columns=table.classes)
    answers.columns = estimate.list_chances(table)
    chances = estimate.read_chances(answers, table)
    found = estimate.estimate(chances, profile.calibration, table)
    value: float | None = found.get(table.headline[0])
    return value
