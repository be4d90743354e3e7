"""How far off each model is on each row, and what the two differ by."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...table import Table
from ..settings import Comparison
from . import intervals

# The least chance that a logarithm can bear, as scikit-learn's log_loss takes it.
LEAST = float(np.finfo(float).eps)
ARMS = ("champion", "challenger")


@dataclass(frozen=True)
class Difference:
    """A metric of both models, and the interval of the gain: above 0 the challenger is better."""

    metric: str
    champion: float
    challenger: float
    low: float
    high: float

    @property
    def gain(self) -> float:
        """How much better the challenger is, in the unit of the metric."""
        return (self.low + self.high) / 2


def measure(pairs: pd.DataFrame, table: Table, how: Comparison) -> list[Difference]:
    """Compare by every metric of the task, the headline first; see `compare` for the pairs."""
    if table.task == "regression":
        off = {arm: _find_size(pairs[arm] - pairs["label"]) for arm in ARMS}
        return [_compare_losses("mean_absolute_error", off, how)]
    found = [_compare_losses("log_loss", read_log_losses(pairs), how)]
    if table.binary:
        positive = (pairs["label"] == table.positive).to_numpy()
        score = {arm: read_chance(pairs, arm, table.positive) for arm in ARMS}
        squares = {arm: (score[arm] - positive) ** 2 for arm in ARMS}
        found.append(_compare_losses("brier", squares, how))
        if 2 <= positive.sum() <= len(positive) - 2:
            found.insert(0, _compare_areas(score, positive, how))
    wrong = {
        arm: (pairs[arm] != pairs["label"]).to_numpy().astype(float) for arm in ARMS
    }
    return [*found, _compare_losses("error_rate", wrong, how)]


def read_chance(pairs: pd.DataFrame, arm: str, name: str) -> np.ndarray:
    """Give the chance that a model gave to one class, 0 where it does not know the class."""
    chances = pairs[f"{arm}_chances"]
    return np.array([chance.get(name, 0.0) for chance in chances], float)


def read_log_losses(pairs: pd.DataFrame) -> dict[str, np.ndarray]:
    """Give minus the logarithm of the chance that each model gave to what happened."""
    losses = {}
    for arm in ARMS:
        both = zip(pairs[f"{arm}_chances"], pairs["label"], strict=True)
        given = np.array([chances.get(label, 0.0) for chances, label in both], float)
        losses[arm] = -np.log(np.clip(given, LEAST, 1.0))
    return losses


def _find_size(values: pd.Series) -> np.ndarray:
    return values.abs().to_numpy(float)


def _compare_losses(
    metric: str, losses: dict[str, np.ndarray], how: Comparison
) -> Difference:
    ours, theirs = losses["champion"], losses["challenger"]
    interval = intervals.of_mean(ours - theirs, how.resamples, how.alpha, how.seed)
    return Difference(metric, float(ours.mean()), float(theirs.mean()), *interval)


def _compare_areas(
    score: dict[str, np.ndarray], positive: np.ndarray, how: Comparison
) -> Difference:
    ours, theirs, interval = intervals.of_auc(
        score["champion"], score["challenger"], positive, how.alpha
    )
    return Difference("auc", ours, theirs, *interval)
