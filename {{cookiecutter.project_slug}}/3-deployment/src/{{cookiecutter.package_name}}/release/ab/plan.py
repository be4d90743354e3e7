"""How many requests an A/B test needs, decided before it begins."""

import math

from scipy import stats

from ..settings import Trial


def count_requests(trial: Trial, share: float = 0.5) -> tuple[int, int]:
    """Give the requests that champion and challenger need to find the effect.

    `share` is the challenger's, from 0 to 1. Two shares are compared, two-sided, with the
    planned level and power.
    Source: Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions (2003),
    ch. 4, without the correction for continuity.
    """
    before, after = trial.baseline, trial.baseline + trial.effect
    pooled = before * (1 - share) + after * share
    null = pooled * (1 - pooled) * (1 / (1 - share) + 1 / share)
    real = before * (1 - before) / (1 - share) + after * (1 - after) / share
    reach = stats.norm.ppf(1 - trial.alpha / 2) * math.sqrt(null)
    reach += stats.norm.ppf(trial.power) * math.sqrt(real)
    total = (float(reach) / trial.effect) ** 2
    return math.ceil(total * (1 - share)), math.ceil(total * share)
