"""What the managed model is compared with: one never retrained, and one always on everything."""

import os

import pandas as pd
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from .. import train
from ..evaluate import Score, score
from ..settings import Settings
from ..table import Table
from .plan import Plan

Line = dict[str, Score]


def give_way() -> None:
    """Yield the cores to the life that is lived: two that fit at once wait for each other.

    The threads of one fit spin until all have ended; with more of them than cores, that is
    most of what they do.
    """
    os.nice(10)
    threadpool_limits(limits=1, user_api="openmp")


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
