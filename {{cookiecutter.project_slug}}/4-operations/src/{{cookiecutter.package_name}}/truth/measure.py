"""Metrics from what was answered then: nothing is scored again."""

from typing import Any, cast

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from .. import evaluate
from ..evaluate import Score
from ..table import Table


class Logged:
    """Speaks as the model did when it answered, from the log."""

    def __init__(self, answers: pd.DataFrame, table: Table) -> None:
        self.rows = answers
        self.task = table.task
        if self.task == "classification":
            chances = pd.DataFrame(answers["chances"].tolist(), index=answers.index)
            chances = chances.fillna(0.0).sort_index(axis=1)
            self.classes_ = [str(name) for name in chances.columns]
            # A graph answers in float32: its chances sum to one only nearly.
            values = chances.to_numpy(float)
            self.chances: np.ndarray = values / values.sum(axis=1, keepdims=True)

    def predict_proba(self, inputs: pd.DataFrame) -> np.ndarray:
        """Give the logged chances of all rows; shape (rows, classes)."""
        assert len(inputs) == len(self.rows)
        return self.chances

    def predict(self, inputs: pd.DataFrame) -> np.ndarray:
        """Give the logged answers of all rows."""
        assert len(inputs) == len(self.rows)
        numbers = pd.to_numeric(self.rows["prediction"])
        return numbers.to_numpy(float)


def score(answers: pd.DataFrame, table: Table) -> Score:
    """Compute what `evaluate.score` does, from the columns chances, prediction and label."""
    truth = read_truth(answers["label"], table)
    rows = truth.to_frame(table.target).reindex(columns=[*table.features, table.target])
    model = cast(Pipeline, Logged(answers, table))
    return evaluate.score(model, rows, table)


def read_truth(labels: pd.Series, table: Table) -> pd.Series:
    """Give labels the type of the target; the database keeps 7.0 as it likes."""
    kind = float if table.task == "regression" else object
    return labels.astype(kind)


def name_periods(times: pd.Series) -> pd.Series:
    """Name the month, or day in a short log, of instants in seconds since 1970 (UTC)."""
    moments = pd.to_datetime(times, unit="s")
    months = moments.dt.to_period("M")
    return (months if months.nunique() > 1 else moments.dt.to_period("D")).astype(str)


def score_groups(
    answers: pd.DataFrame, named: pd.Series, table: Table, key: str
) -> list[dict[str, Any]]:
    """Score the rows of each name, in the order of the names."""
    return [
        {key: str(name), **score(part, table)}
        for name, part in answers.groupby(named.astype(str))
    ]
