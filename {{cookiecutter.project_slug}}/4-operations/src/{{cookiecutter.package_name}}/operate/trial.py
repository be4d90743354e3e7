"""Decide between two models that answered the same questions, on the labels that came."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ..events import query
from ..table import Table
from .settings import Operations
from .trail import Entry, write_time
from .view import DAY, View

# A challenger that fails to answer more often is not compared, but rejected.
MOST_ERRORS = 0.01


@dataclass(frozen=True)
class Pairs:
    """What both models answered and is labelled; and how the second one fared otherwise."""

    rows: pd.DataFrame
    asked: int
    failed: int


def read_pairs(first: str, second: str, since: float, now: float, folder: Path) -> Pairs:
    """Join the answers of the model in production with the unseen ones of another.

    Columns: label, and prediction and chances with the endings _first and _second.
    """
    answers = query.read_predictions(since, now, first, folder)
    shadows = query.read_shadows(since, now, second, folder)
    failed = shadows["error"].notna() | shadows["prediction"].isna()
    keys, said = ["id", "request"], ["prediction", "chances"]
    both = answers[[*keys, "time", *said]].merge(
        shadows.loc[~failed, [*keys, *said]], on=keys, suffixes=("_first", "_second")
    )
    both = query.add_labels(both.drop_duplicates("id", keep="last"), folder)
    known = both[both["label_time"] <= now].reset_index(drop=True)
    return Pairs(known, len(shadows), int(failed.sum()))
