"""Judge the model on rows that it has not seen."""

from typing import Any

import numpy as np
import pandas as pd
from sklearn import metrics
from sklearn.pipeline import Pipeline

from . import data, plots
from .files import METRICS, write_json
from .progress import say, show, step
from .refusal import Refusal
from .table import Table
from .train import read_model

Score = dict[str, float | None]


def score(fitted: Pipeline, rows: pd.DataFrame, table: Table) -> Score:
    """Compute the task's metrics, by scikit-learn's definitions, and the number of rows.

    A metric that the rows cannot tell (AUC with one class) is None.
    """
    truth = rows[table.target]
    if table.task == "regression":
        found = _score_regression(truth, fitted.predict(rows[table.features]))
    else:
        chances = fitted.predict_proba(rows[table.features])
        found = _score_classes(truth, chances, list(fitted.classes_), table)
    return {
        "rows": len(rows),
        **{name: _finite(value) for name, value in found.items()},
    }


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _score_regression(truth: pd.Series, guess: np.ndarray) -> dict[str, float]:
    return {
        "mean_absolute_error": metrics.mean_absolute_error(truth, guess),
        "root_mean_squared_error": metrics.root_mean_squared_error(truth, guess),
        "r2": metrics.r2_score(truth, guess) if len(truth) > 1 else np.nan,
    }


def _score_classes(
    truth: pd.Series, chances: np.ndarray, classes: list[str], table: Table
) -> dict[str, float]:
    """Metrics of two or more classes; a class the model never saw has no chance at all."""
    guess = np.array(classes)[chances.argmax(axis=1)]
    seen = truth.isin(classes).to_numpy()
    found = {
        "accuracy": metrics.accuracy_score(truth, guess),
        "log_loss": (
            metrics.log_loss(truth[seen], chances[seen], labels=classes)
            if seen.any()
            else np.nan
        ),
    }
    if table.binary:
        late = (truth == table.positive).to_numpy()
        found |= _score_binary(late, chances[:, classes.index(table.positive)])
    else:
        found["macro_f1"] = metrics.f1_score(truth, guess, average="macro")
    return found


def _score_binary(positive: np.ndarray, chance: np.ndarray) -> dict[str, float]:
    both = 0 < positive.sum() < len(positive)
    return {
        "auc": metrics.roc_auc_score(positive, chance) if both else np.nan,
        "average_precision": (
            metrics.average_precision_score(positive, chance) if both else np.nan
        ),
        "brier": metrics.brier_score_loss(positive, chance),
        "positive_rate": positive.mean(),
        "mean_chance": chance.mean(),
    }


def score_periods(
    fitted: Pipeline, rows: pd.DataFrame, table: Table
) -> list[dict[str, Any]]:
    """Score each period of the later rows, so that decay shows; at most 24 periods."""
    if not table.time or rows.empty:
        return []
    for length in ("D", "W", "M", "Q", "Y"):
        periods = rows[table.time].dt.to_period(length)
        if periods.nunique() <= 24:
            break
    return [
        {"period": str(period), **score(fitted, part, table)}
        for period, part in rows.groupby(periods)
    ]


def main(_arguments: list[str]) -> None:
    """Score the validation and the live part, and draw the plots."""
    fitted = read_model()
    table, parts = data.read_parts()
    if parts.validation.empty:
        raise Refusal(
            "No row is in the validation part; change `split` in conf/table.yaml."
        )
    with step(f"evaluate: {len(parts.validation) + len(parts.live):,} rows"):
        found: dict[str, Any] = {
            "validation": score(fitted, parts.validation, table),
            "live": score_periods(fitted, parts.live, table),
        }
        write_json(METRICS, found)
        drawn = plots.draw(fitted, parts.validation, table, found["live"])
    headline, _ = table.headline
    value = show(found["validation"][headline])
    say(f"  {headline} on the validation part: {value}")
    say(f"  {METRICS}  {'  '.join(str(path) for path in drawn)}")
