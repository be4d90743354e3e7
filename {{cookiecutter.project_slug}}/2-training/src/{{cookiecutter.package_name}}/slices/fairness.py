"""Compare how groups of people are served, by fairlearn's definitions."""

from typing import Any

import numpy as np
import pandas as pd
from fairlearn.metrics import (  # type: ignore[import-untyped]
    demographic_parity_difference,
    equal_opportunity_difference,
    equalized_odds_difference,
)

from ..table import Table
from . import intervals

SMALL = 30  # a rate of fewer rows is shown, and not compared

Group = dict[str, Any]


def compare(judged: pd.DataFrame, table: Table) -> dict[str, Any]:
    """Give each group's rates and the largest differences between two groups.

    `judged` has the columns group, truth, guess and, for two classes, chance.
    """
    groups = [
        {"group": str(name), "rows": len(part), **_measure(part, table)}
        for name, part in judged.groupby("group", sort=True)
    ]
    small = [group["group"] for group in groups if group["rows"] < SMALL]
    large = judged[~judged["group"].isin(small)]
    found = (
        _compare_binary(large, table) if table.binary else _compare_any(large, table)
    )
    return {"groups": groups, "differences": found, "not_compared": small}


def _measure(part: pd.DataFrame, table: Table) -> Group:
    """The rates of one group that its task can tell."""
    if table.task == "regression":
        error = (part["guess"] - part["truth"]).to_numpy(float)
        return {
            "mean_absolute_error": float(np.abs(error).mean()),
            "mean_error": float(error.mean()),
            "mean_error_interval": intervals.of_mean(error),
            "mean_prediction": float(part["guess"].mean()),
        }
    right = part["guess"] == part["truth"]
    found: Group = {"accuracy": float(right.mean())}
    found["accuracy_interval"] = intervals.of_share(int(right.sum()), len(part))
    return found | (_measure_binary(part, table) if table.binary else {})


def _measure_binary(part: pd.DataFrame, table: Table) -> Group:
    """How often the group is chosen, found when it should be, and chosen when it should not."""
    chosen = part["guess"] == table.positive
    true = part["truth"] == table.positive
    return {
        "positive_rate": float(true.mean()),
        "mean_chance": float(part["chance"].mean()),
        # The model promises this much more than what happens.
        "calibration_gap": float(part["chance"].mean() - true.mean()),
        **_rate("selection_rate", chosen),
        **_rate("true_positive_rate", chosen[true]),
        **_rate("false_positive_rate", chosen[~true]),
    }


def _rate(name: str, hits: pd.Series) -> Group:
    share = float(hits.mean()) if len(hits) else None
    return {
        name: share,
        f"{name}_interval": intervals.of_share(int(hits.sum()), len(hits)),
    }


def _compare_binary(judged: pd.DataFrame, table: Table) -> dict[str, float | None]:
    """Differences from 0 (alike) to 1; a group with too few of an outcome is left out of it."""
    true = judged["truth"] == table.positive
    promised = judged["chance"] - true
    positives = true.groupby(judged["group"]).transform("sum") >= SMALL
    negatives = (~true).groupby(judged["group"]).transform("sum") >= SMALL
    judged = judged.assign(true=true, chosen=judged["guess"] == table.positive)
    return {
        "demographic_parity": _differ(demographic_parity_difference, judged),
        "equal_opportunity": _differ(equal_opportunity_difference, judged[positives]),
        "equalised_odds": _differ(
            equalized_odds_difference, judged[positives & negatives]
        ),
        "calibration": _spread(promised.groupby(judged["group"]).mean()),
    }


def _differ(difference: Any, judged: pd.DataFrame) -> float | None:
    if judged["group"].nunique() < 2:
        return None
    groups = judged["group"].to_numpy()
    return float(
        difference(judged["true"], judged["chosen"], sensitive_features=groups)
    )


def _compare_any(judged: pd.DataFrame, table: Table) -> dict[str, float | None]:
    """Several classes: accuracy and the share given each class; numbers: the errors' size and sign."""
    groups = judged.groupby("group")
    if table.task == "regression":
        error = judged["guess"] - judged["truth"]
        return {
            "mean_absolute_error": _spread(error.abs().groupby(judged["group"]).mean()),
            "mean_error": _spread(error.groupby(judged["group"]).mean()),
            "mean_prediction": _spread(groups["guess"].mean()),
        }
    right = (judged["guess"] == judged["truth"]).groupby(judged["group"]).mean()
    given = [
        _spread((judged["guess"] == name).groupby(judged["group"]).mean())
        for name in table.classes
    ]
    known = [value for value in given if value is not None]
    return {
        "accuracy": _spread(right),
        "demographic_parity": max(known, default=None),
    }


def _spread(values: pd.Series) -> float | None:
    """From the lowest to the highest group; nothing with fewer than two."""
    return float(values.max() - values.min()) if len(values) > 1 else None
