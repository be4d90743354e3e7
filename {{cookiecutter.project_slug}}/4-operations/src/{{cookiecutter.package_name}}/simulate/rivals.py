"""What the managed model is compared with: one never retrained, and one always on everything."""

import pandas as pd
from sklearn.pipeline import Pipeline

from .. import train
from ..evaluate import Score, score
from ..settings import Settings
from ..table import Table
from .plan import Plan

Line = dict[str, Score]


def score_frozen(fitted: Pipeline, plan: Plan, table: Table) -> Line:
    """Score the first model on each period."""
    return {name: score(fitted, _take(plan, name), table) for name in plan.periods}


def score_oracle(plan: Plan, table: Table, settings: Settings) -> Line:
    """Retrain before each period on every row before it, whatever its label's delay."""
    line: Line = {}
    known = plan.before
    for name in plan.periods:
        rows = _take(plan, name)
        line[name] = score(train.fit(known, table, settings), rows, table)
        known = pd.concat([known, rows])
    return line


def _take(plan: Plan, name: str) -> pd.DataFrame:
    return plan.later[plan.period == name]
