"""Estimate the model's performance before the labels come, from its own chances.

A chance that is right on average tells how often its guess will be right. So the chances
are calibrated on the validation part, and the metrics are what they are expected to be.
This holds while the inputs change and what they mean does not; when the same inputs begin
to mean something else, only labels can tell.

Source: https://nannyml.readthedocs.io/en/stable/how_it_works/performance_estimation.html
"""

from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.isotonic import IsotonicRegression
from sklearn.pipeline import Pipeline

from . import evaluate
from .table import Table

CHANCE, GUESS = "chance of ", "prediction"  # as predict.py names its columns

ASSUMPTION = (
    "Estimated from calibrated chances: right while the inputs change and their meaning "
    "does not; a change of meaning shows only when the labels come."
)
NOT_AVAILABLE = "Not available for numbers: a regression gives no chances to judge by."
SMALLEST = 1e-15  # as scikit-learn's log_loss cuts chances


def calibrate(truth: ArrayLike, chances: np.ndarray, table: Table) -> dict[str, Any]:
    """Fit what a chance is worth, on rows that the model has not seen; JSON in a few KB.

    `chances` has shape (rows, classes), in the order of `table.classes`. Isotonic: a
    higher chance is never worth less.
    Source: Zadrozny and Elkan (2002), https://doi.org/10.1145/775047.775151
    """
    truth = np.asarray(truth)
    names = _list_classes(table)
    curves = {name: _fit(chances[:, place], truth == name) for place, name in names}
    guess = np.asarray(table.classes)[chances.argmax(axis=1)]
    return {"curves": curves, "guess": _fit(chances.max(axis=1), truth == guess)}


def _fit(chances: np.ndarray, happened: np.ndarray) -> dict[str, list[float]]:
    """Fit one curve from what was said to what happened, as its corners."""
    fitted = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip")
    fitted.fit(chances, happened)
    corners = {"x": fitted.X_thresholds_, "y": fitted.y_thresholds_}
    return {name: np.round(values, 6).tolist() for name, values in corners.items()}


def _read_curve(curve: dict[str, list[float]], chances: np.ndarray) -> np.ndarray:
    worth: np.ndarray = np.interp(chances, curve["x"], curve["y"])
    return worth


def _list_classes(table: Table) -> list[tuple[int, str]]:
    """The classes that are calibrated: of two the positive one, the other is the rest."""
    places = list(enumerate(table.classes))
    return places[-1:] if table.binary else places


def apply(
    chances: np.ndarray, calibration: dict[str, Any] | None, table: Table
) -> np.ndarray:
    """Calibrate chances; shape (rows, classes), each row adds up to 1."""
    if calibration is None:
        return chances
    curves, found = calibration["curves"], np.zeros_like(chances)
    for place, name in _list_classes(table):
        found[:, place] = _read_curve(curves[name], chances[:, place])
    if table.binary:
        found[:, 0] = 1 - found[:, 1]
        return found
    total = found.sum(axis=1, keepdims=True)
    return np.where(total > 0, found / np.where(total > 0, total, 1), chances)


def estimate(
    chances: np.ndarray, calibration: dict[str, Any] | None, table: Table
) -> dict[str, Any]:
    """Give the metrics to expect of rows without labels, by the names of evaluate.score.

    `chances` are the model's own, shape (rows, classes); rows with NaN are left out. A
    metric that the rows cannot tell is None.
    """
    if table.task == "regression":
        return {"available": False, "why": NOT_AVAILABLE, "rows": len(chances)}
    chances = chances[np.isfinite(chances).all(axis=1)]
    found: dict[str, Any] = {"available": chances.size > 0, "rows": len(chances)}
    if not chances.size:
        return {**found, "why": "No row has chances."}
    worth = apply(chances, calibration, table)
    rows = np.arange(len(chances))
    safe = np.clip(chances, SMALLEST, 1)
    right = worth[rows, chances.argmax(axis=1)]
    if calibration and not table.binary:  # the classes one by one do not tell this
        right = _read_curve(calibration["guess"], chances.max(axis=1))
    found["accuracy"] = float(right.mean())
    found["log_loss"] = float(-(worth * np.log(safe)).sum(axis=1).mean())
    if table.binary:
        found["auc"] = expect_auc(chances[:, 1], worth[:, 1])
        missed = worth[:, 1] * chances[:, 0] ** 2 + worth[:, 0] * chances[:, 1] ** 2
        found["brier"] = float(missed.mean())
        found["positive_rate"] = float(worth[:, 1].mean())
    return {**found, "assumption": ASSUMPTION}


def expect_auc(scores: np.ndarray, worth: np.ndarray) -> float | None:
    """The area under the ROC curve when row i is positive with the chance worth[i].

    The mean over all pairs, each counted by the chance that the first is positive and the
    second is not; equal scores count half.
    """
    values, place = np.unique(scores, return_inverse=True)
    positive = np.bincount(place, worth, len(values))
    negative = np.bincount(place, 1 - worth, len(values))
    pairs = positive.sum() * negative.sum()
    if pairs <= 0:
        return None
    below = np.cumsum(negative) - negative
    return float((positive * (below + negative / 2)).sum() / pairs)


def read_chances(answers: pd.DataFrame, table: Table) -> np.ndarray:
    """Take the chances of predict.predict's answers in the order of `table.classes`."""
    there = answers.reindex(columns=list_chances(table))
    return there.to_numpy(dtype=float)


def list_chances(table: Table) -> list[str]:
    """Name the columns of the chances as predict.predict does."""
    return [f"{CHANCE}{name}" for name in table.classes]


class _Answered:
    """Speaks as the model did when it answered."""

    def __init__(self, answers: pd.DataFrame, table: Table) -> None:
        self.classes_ = sorted(table.classes)  # as scikit-learn orders them
        self._answers = answers

    def predict_proba(self, _inputs: pd.DataFrame) -> np.ndarray:
        """Give the chances of all rows; shape (rows, classes)."""
        names = [f"{CHANCE}{name}" for name in self.classes_]
        return self._answers[names].to_numpy(dtype=float)

    def predict(self, _inputs: pd.DataFrame) -> np.ndarray:
        """Give the numbers of all rows."""
        return self._answers[GUESS].to_numpy(dtype=float)


def realise(
    rows: pd.DataFrame, answers: pd.DataFrame, table: Table
) -> evaluate.Score | None:
    """Measure the rows whose label is known by now; None where none is, or no answer is.

    `rows` hold the target, `answers` are what predict.predict gave for the same rows.
    """
    needed = [GUESS] if table.task == "regression" else list_chances(table)
    if table.target not in rows or set(needed) - set(answers):
        return None
    known = rows[table.target].notna() & answers[needed].notna().all(axis=1)
    if not known.any():
        return None
    model = cast(Pipeline, _Answered(answers[known], table))
    inputs = rows[known].reindex(columns=[*table.features, table.target])
    return evaluate.score(model, inputs, table)
