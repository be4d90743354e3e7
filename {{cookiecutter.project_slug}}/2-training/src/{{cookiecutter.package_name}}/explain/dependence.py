"""How the model's average answer moves when one number moves and the rest stays."""

from typing import Any

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from ..table import Table

ROWS = 300  # rows whose answers are averaged
POINTS = 20  # values of the column that are tried


def depend(
    fitted: Pipeline, rows: pd.DataFrame, name: str, table: Table
) -> dict[str, Any]:
    """Give the values tried and, for each answer of the model, its mean at each value.

    Answers: the chance of the positive class, of each class, or the predicted number.
    Source: https://scikit-learn.org/stable/modules/partial_dependence.html
    """
    quantiles = np.linspace(0.05, 0.95, POINTS)
    grid = np.unique(rows[name].dropna().quantile(quantiles).to_numpy(float))
    some = rows[table.features].head(ROWS)
    tried = pd.concat([some] * len(grid), ignore_index=True)
    tried[name] = np.repeat(grid, len(some))
    return {
        "column": name,
        "values": grid.tolist(),
        "answers": {
            answer: values.reshape(len(grid), len(some)).mean(axis=1).tolist()
            for answer, values in _answer(fitted, tried, table).items()
        },
    }


def _answer(
    fitted: Pipeline, inputs: pd.DataFrame, table: Table
) -> dict[str, np.ndarray]:
    """Name each answer of the model; shape (rows,) each."""
    if table.task == "regression":
        return {f"predicted {table.target}": fitted.predict(inputs)}
    classes, chances = list(fitted.classes_), fitted.predict_proba(inputs)
    shown = [table.positive] if table.binary else classes
    return {f"chance of {name}": chances[:, classes.index(name)] for name in shown}
