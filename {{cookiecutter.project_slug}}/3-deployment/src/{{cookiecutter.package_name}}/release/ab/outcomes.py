"""The requests of a running test and how they ended, from the event log."""

from pathlib import Path

import pandas as pd

from ...events import FOLDER, query
from ...refusal import Refusal
from ...table import Table
from ..settings import Trial


def read_outcomes(
    model: str, table: Table, trial: Trial, folder: Path = FOLDER
) -> pd.DataFrame:
    """Give `challenger` and `good` of each request of the test whose outcome is known.

    They come in the order in which the labels did. A request that the champion answered
    for a failing challenger stays the challenger's: it was dealt to it.
    """
    found = query.join_labels(folder=folder)
    tried = (found["arm"] == "challenger") & (found["model"] == model)
    if not tried.any():
        raise Refusal(
            f"No answer of version {model} has a label yet; let it answer a share of the "
            "requests (`mode: ab` in conf/release.yaml) and wait for the labels."
        )
    found = found[found["time"] >= found["time"][tried].min()]
    found = found.sort_values(["label_time", "time"], kind="stable")
    return pd.DataFrame(
        {
            "challenger": found["arm"].isin(["challenger", "fallback"]),
            "good": _is_good(found, table, trial),
        }
    )


def _is_good(found: pd.DataFrame, table: Table, trial: Trial) -> pd.Series:
    """Tell the right answers; a number is right when it is near enough."""
    if table.task == "classification":
        return found["prediction"].astype(str) == found["label"].astype(str)
    if not trial.near:
        raise Refusal(
            "An A/B test counts right answers; say in `ab.near` of conf/release.yaml how "
            "near a number must be to be right, or compare in shadow: make compare."
        )
    off = found["prediction"].astype(float) - found["label"].astype(float)
    return off.abs() <= trial.near
