"""What a running A/B test says, looked at as often as was planned and no oftener."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from ..settings import Trial
from . import plan, sequential

# So unlikely a split of the requests is a fault of the dealing, not chance.
FAULT = 0.001
Word = Literal["better", "worse", "no difference", "go on", "broken"]


@dataclass(frozen=True)
class State:
    """A verdict with its figures: of the last look that was due, if one was."""

    verdict: Word
    reason: str
    requests: int
    planned: int
    look: int = 0
    z: float | None = None
    bound: float | None = None


def judge(
    challenger: np.ndarray, good: np.ndarray, trial: Trial, share: float
) -> State:
    """Judge the outcomes so far, in the order in which they became known.

    `challenger` tells which requests were dealt to the challenger, `good` which had the
    good outcome; both boolean, of shape (requests,). Only the rows that a planned look
    would have seen count for it, so it does not matter when and how often this is asked.
    """
    planned = sum(plan.count_requests(trial, share))
    rows = len(good)
    mismatch = find_mismatch(challenger, share)
    if mismatch < FAULT:
        dealt = f"{challenger.mean():.2%} of the requests went to the challenger"
        reason = f"{dealt} instead of {share:.2%} (p = {mismatch:.1g}): mend that first"
        return State("broken", reason, rows, planned)
    return _look(challenger, good, trial, planned)


def find_mismatch(challenger: np.ndarray, share: float) -> float:
    """Give the p-value of the split; `share` is what the challenger should get, from 0 to 1.

    Source: Fabijan et al. (2019), https://doi.org/10.1145/3292500.3330722
    """
    rows, theirs = len(challenger), int(challenger.sum())
    if not rows:
        return 1.0
    expected = [rows * (1 - share), rows * share]
    return float(stats.chisquare([rows - theirs, theirs], expected).pvalue)


def _look(
    challenger: np.ndarray, good: np.ndarray, trial: Trial, planned: int
) -> State:
    """Go through the looks that are due, and stop where one passes its bound."""
    rows = len(good)
    bounds = sequential.list_bounds(
        sequential.find_boundary(trial.looks, trial.alpha), trial.looks
    )
    figures: tuple[int, float | None, float | None] = 0, None, None
    for look, bound in enumerate(bounds, 1):
        seen = math.ceil(planned * look / trial.looks)
        if seen > rows:
            ahead = f"look {look} of {trial.looks} comes at {seen:,} requests"
            return State(
                "go on", f"{rows:,} are known, {ahead}", rows, planned, *figures
            )
        z = find_z(challenger[:seen], good[:seen])
        figures = look, z, bound
        if abs(z) >= bound:
            word: Word = "better" if z > 0 else "worse"
            why = f"look {look} of {trial.looks}: z = {z:.2f} passes {bound:.2f}"
            return State(word, why, rows, planned, *figures)
    why = f"no look passed its bound in the {planned:,} requests that were planned"
    return State("no difference", why, rows, planned, *figures)


def find_z(challenger: np.ndarray, good: np.ndarray) -> float:
    """Give the z-score of the difference of two rates with their pooled spread; 0 if untold."""
    theirs, ours = good[challenger], good[~challenger]
    pooled = good.mean()
    spread = pooled * (1 - pooled)
    if not (len(theirs) and len(ours) and spread):
        return 0.0
    spread *= 1 / len(theirs) + 1 / len(ours)
    return float((theirs.mean() - ours.mean()) / math.sqrt(spread))
