"""Decide whether a model may be registered: on the same rows as those it must beat."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.pipeline import Pipeline

from .evaluate import Score
from .table import Table
from .training import Gate


@dataclass(frozen=True)
class Rival:
    """A model to beat and its score; `tolerance` is the share by which it may be missed."""

    name: str
    score: Score
    tolerance: float | None = None


def build_baseline(rows: pd.DataFrame, table: Table) -> Pipeline:
    """Fit a model that knows no input: what it reaches needs no learning.

    Source: https://scikit-learn.org/stable/modules/model_evaluation.html#dummy-estimators
    """
    dummy = (
        DummyRegressor(strategy="median")
        if table.task == "regression"
        else DummyClassifier(strategy="prior")
    )
    baseline = Pipeline([("model", dummy)])
    return baseline.fit(rows[table.features], rows[table.target])


def judge(
    candidate: Score, rivals: list[Rival], gate: Gate, headline: tuple[str, bool]
) -> list[str]:
    """Give the reasons against a model, none when it may be registered."""
    metric, more_is_better = headline
    value = candidate[metric]
    if value is None:
        return [f"its {metric} cannot be computed on the validation part"]
    sign = 1 if more_is_better else -1
    reasons = []
    if gate.floor is not None and sign * (value - gate.floor) < 0:
        reasons.append(f"its {metric} {value:.4f} misses the floor {gate.floor}")
    for rival in rivals:
        if not _beats(value, rival.score[metric], rival.tolerance, sign):
            reasons.append(
                f"its {metric} {value:.4f} is worse than {rival.score[metric]:.4f} "
                f"of {rival.name}"
            )
    return reasons


def _beats(
    value: float, other: float | None, tolerance: float | None, sign: int
) -> bool:
    """Compare; without a tolerance to be equal is not enough."""
    if other is None:
        return True
    if tolerance is None:
        return sign * (value - other) > 0
    return sign * (value - other) >= -tolerance * abs(other)


def find_obstacle(about: dict[str, Any], table: Table, data_sha256: str) -> str | None:
    """Say why a champion cannot be compared fairly on today's validation part, if so."""
    now = {"task": table.task, "target": table.target, "classes": table.classes}
    if any(about.get(name) != value for name, value in now.items()):
        return "it predicts another target"
    gone = sorted(set(about.get("features", [])) - set(table.features))
    if gone:
        return f"it needs the column {gone[0]!r}"
    if table.time is None:
        same = about.get("data_sha256") == data_sha256
        return None if same else "it may have learned from these validation rows"
    span = about.get("trained_on")
    begin = pd.Timestamp(table.split["validation"][0])
    if not isinstance(span, list) or pd.Timestamp(span[1]) > begin:
        return "it may have learned from these validation rows"
    return None
