"""Say which columns the model leans on, and how its answer moves with the first of them."""

from typing import Any

import numpy as np
import pandas as pd
from sklearn.feature_selection import mutual_info_classif, mutual_info_regression
from sklearn.inspection import permutation_importance
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from .. import data, evaluate
from ..files import REPORTS, write_json
from ..progress import say, step
from ..refusal import Refusal
from ..settings import read_settings
from ..table import PATH, Table
from ..train import read_model
from . import plot as explain_plot
from .dependence import depend

IMPORTANCE = REPORTS / "importance.json"

# The work is bounded by counts, not by the clock: the same answer on every machine.
MOST_ROWS = 4_000
REPEATS = 3
# One prediction costs more, the more columns the table has: of 1,000 columns 10 are shuffled.
MOST_WORK = 30_000  # columns of the table x predictions
DRAWN = 3  # columns whose dependence is drawn


def sample(rows: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Take at most MOST_ROWS rows at random, in their order."""
    chosen = np.random.default_rng(seed).permutation(len(rows))[:MOST_ROWS]
    return rows.iloc[np.sort(chosen)].reset_index(drop=True)


def choose(rows: pd.DataFrame, table: Table, seed: int) -> list[str]:
    """Name the columns to shuffle: all or, of very many, those that tell most by themselves.

    Source: https://scikit-learn.org/stable/modules/feature_selection.html
    """
    most = max(10, MOST_WORK // len(table.features) // REPEATS)
    if len(table.features) <= most:
        return table.features
    few = rows.head(1_000)
    regression = table.task == "regression"
    told = (mutual_info_regression if regression else mutual_info_classif)(
        few[table.features].apply(_number), few[table.target], random_state=seed
    )
    best = np.sort(np.argsort(-told, kind="stable")[:most])
    return [table.features[place] for place in best]


def _number(values: pd.Series) -> pd.Series:
    """Any column as numbers without gaps: good enough to rank columns by."""
    if pd.api.types.is_numeric_dtype(values):
        return values.rank().fillna(0.0)
    ordered = pd.factorize(values, sort=True)[0]
    return pd.Series(ordered, index=values.index).astype(float)


def measure(
    fitted: Pipeline, rows: pd.DataFrame, names: list[str], table: Table, seed: int
) -> list[dict[str, Any]]:
    """How much worse the headline metric gets when a column is shuffled; the worst first.

    Source: https://scikit-learn.org/stable/modules/permutation_importance.html
    """
    headline, more_is_better = table.headline
    rest = rows.drop(columns=names)

    def judge(_model: object, shuffled: pd.DataFrame, _truth: object) -> float:
        whole = pd.concat([shuffled, rest], axis=1)
        value = evaluate.score(fitted, whole, table)[headline] or 0.0
        return value if more_is_better else -value

    found = permutation_importance(
        fitted,
        rows[names],
        rows[table.target],
        scoring=judge,
        n_repeats=REPEATS,
        random_state=seed,
    )
    return [
        {
            "column": names[place],
            "importance": float(found.importances_mean[place]),
            "spread": float(found.importances_std[place]),
        }
        for place in np.argsort(-found.importances_mean, kind="stable")
    ]


def explain(
    fitted: Pipeline, rows: pd.DataFrame, table: Table, seed: int
) -> dict[str, Any]:
    """Measure the columns, and draw on the numbers among the first."""
    some = sample(rows, seed)
    names = choose(some, table, seed)
    columns = measure(fitted, some, names, table, seed)
    numbers = set(table.of_kind("number"))
    first = [
        item["column"]
        for item in columns
        if item["column"] in numbers and some[item["column"]].nunique() > 1
    ]
    return {
        "metric": table.headline[0],
        "rows": len(some),
        "repeats": REPEATS,
        "columns_of_the_table": len(table.features),
        "columns": columns,
        "dependence": [depend(fitted, some, name, table) for name in first[:DRAWN]],
    }


def main(_arguments: list[str]) -> None:
    """Explain the model on the validation part."""
    fitted, seed = read_model(), read_settings().seed
    table, parts = data.read_parts()
    if parts.validation.empty:
        raise Refusal(f"No row is in the validation part; change `split` in {PATH}.")
    with step(f"explain: {len(table.features)} columns"):
        # Many small predictions: threads that wait for one another cost more than they give.
        with threadpool_limits(limits=1, user_api="openmp"):
            found = explain(fitted, parts.validation, table, seed)
        write_json(IMPORTANCE, found)
        drawn = explain_plot.draw(found)
    measured = len(found["columns"])
    if measured < len(table.features):
        say(
            f"  of {len(table.features):,} columns, the {measured} that tell most "
            "of the target by themselves were shuffled"
        )
    for item in found["columns"][:3]:
        say(f"  {item['importance']:+.4f} {found['metric']}  {item['column']}")
    say(f"  {IMPORTANCE}  {drawn}")
