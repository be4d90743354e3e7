"""A model that tells the current rows from the training rows: if it can, they differ.

It sees what no look at single columns does, such as two columns that no longer move
together, and its own importances say which columns give the change away.
Source: Lopez-Paz and Oquab (2017), https://arxiv.org/abs/1610.06545
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.inspection import permutation_importance
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import Pipeline

from .. import data, features
from ..table import Table

MOST_ROWS = 20_000  # a side
MOST_SHUFFLED = 4_000
FOLDS = 3
Z = 3.29  # two-sided p of 0.001, as in the rest of the check


@dataclass(frozen=True)
class Separation:
    """How well the sides can be told apart: 0.5 is not at all, 1 is always.

    Of equal sides the AUC lies below `chance` in all but one of 2,000 checks. `usual` is
    the AUC for the last training rows against those before them. `columns` are the losses
    of AUC when one of them is shuffled, the largest first.
    """

    auc: float
    chance: float
    usual: float
    rows: int
    columns: list[tuple[str, float]]

    def differs(self, threshold: float) -> bool:
        """Whether the sides differ more than chance, the usual and the threshold allow."""
        return self.auc > max(self.chance, self.usual, threshold)


def separate(
    reference: pd.DataFrame, current: pd.DataFrame, table: Table, seed: int
) -> Separation:
    """Train in three folds on at most MOST_ROWS of each side, without the table's own time.

    `reference` is the training part. Columns that `current` lacks are left out.
    """
    inputs = [
        column
        for column in table.columns
        if column.name != table.time and column.name in current
    ]
    watched = replace(table, columns=inputs)
    before, now = _draw(reference, watched, seed), _draw(current, watched, seed)
    auc, found = _judge(before, now, watched, explain=True)
    spread = np.sqrt((len(before) + len(now) + 1) / (12 * len(before) * len(now)))
    usual = _find_usual(reference, watched, len(current), seed)
    return Separation(auc, 0.5 + Z * float(spread), usual, len(now), found)


def _find_usual(reference: pd.DataFrame, table: Table, rows: int, seed: int) -> float:
    """Tell as many of the last training rows from those before them; 0.5 without a time."""
    if not table.time:
        return 0.5
    past = reference.sort_values(table.time, kind="stable")
    cut = len(past) - min(rows, len(past) // 2)
    early, late = _draw(past.iloc[:cut], table, seed), _draw(
        past.iloc[cut:], table, seed
    )
    return _judge(early, late, table)[0]


def _draw(rows: pd.DataFrame, table: Table, seed: int) -> pd.DataFrame:
    """Take at most MOST_ROWS rows at random, typed as the model reads them."""
    chosen = np.random.default_rng(seed).permutation(len(rows))[:MOST_ROWS]
    drawn = rows[table.features].iloc[chosen]
    return pd.DataFrame(
        {
            column.name: data.read_column(
                drawn[column.name], column.kind, column.format
            )
            for column in table.columns
        }
    )


def _judge(
    before: pd.DataFrame, now: pd.DataFrame, table: Table, explain: bool = False
) -> tuple[float, list[tuple[str, float]]]:
    """Give the mean AUC over the folds on rows left out, and what each column adds to it."""
    rows = pd.concat([before, now], ignore_index=True)
    side = np.repeat([0, 1], [len(before), len(now)])
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    aucs, found = [], []
    for fold, (learn, test) in enumerate(folds.split(rows, side)):
        fitted = _build(table).fit(rows.iloc[learn], side[learn])
        chance = fitted.predict_proba(rows.iloc[test])[:, 1]
        aucs.append(float(roc_auc_score(side[test], chance)))
        if explain and fold == 0:
            some = np.random.default_rng(0).permutation(test)[:MOST_SHUFFLED]
            found = _explain(fitted, rows.iloc[some], side[some])
    return float(np.mean(aucs)), found


def _build(table: Table) -> Pipeline:
    """Few and small trees: they need to find a difference, not to measure it finely."""
    trees = HistGradientBoostingClassifier(
        max_iter=50, max_leaf_nodes=15, min_samples_leaf=20, random_state=0
    )
    return Pipeline([("features", features.build(table)), ("model", trees)])


def _explain(
    fitted: Pipeline, rows: pd.DataFrame, side: np.ndarray
) -> list[tuple[str, float]]:
    """Shuffle one column after the other; source as in explain.py of level 2."""
    shuffled = permutation_importance(
        fitted, rows, side, scoring="roc_auc", n_repeats=1, random_state=0
    )
    losses = zip(rows.columns, map(float, shuffled.importances_mean))
    return sorted(losses, key=lambda item: -item[1])
