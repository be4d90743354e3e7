"""Intervals of the difference between two models on the same rows.

Rows come in pairs: what is hard for one model is mostly hard for the other, and only what
differs counts. So few rows tell what an A/B test would need thousands for.
"""

import numpy as np
from scipy import stats

Interval = tuple[float, float]


def of_mean(
    differences: np.ndarray, resamples: int, alpha: float, seed: int
) -> Interval:
    """Give the interval of the mean of per-row differences, of shape (rows,), by drawing rows.

    Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), ch. 13: the
    percentile interval.
    """
    generator, rows = np.random.default_rng(seed), len(differences)
    means = [
        differences[generator.integers(0, rows, rows)].mean() for _ in range(resamples)
    ]
    low, high = np.quantile(means, [alpha / 2, 1 - alpha / 2])
    return float(low), float(high)


def of_auc(
    champion: np.ndarray, challenger: np.ndarray, positive: np.ndarray, alpha: float
) -> tuple[float, float, Interval]:
    """Give both areas under the ROC curve and the interval of challenger minus champion.

    Scores are of shape (rows,), `positive` is boolean with both values at least twice.
    Source: DeLong, DeLong and Clarke-Pearson (1988), https://doi.org/10.2307/2531595, by
    ranks as in Sun and Xu (2014), https://doi.org/10.1109/LSP.2014.2337313
    """
    ours, theirs = (_place(score, positive) for score in (champion, challenger))
    areas = float(ours[0].mean()), float(theirs[0].mean())
    spread = sum(
        (new - old).var(ddof=1) / len(old)
        for old, new in zip(ours, theirs, strict=True)
    )
    half = float(stats.norm.ppf(1 - alpha / 2) * np.sqrt(spread))
    difference = areas[1] - areas[0]
    return *areas, (difference - half, difference + half)


def _place(score: np.ndarray, positive: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give each positive row the share of negatives below it, each negative that above."""
    ranks = stats.rankdata(score)
    high, low = score[positive], score[~positive]
    below = (ranks[positive] - stats.rankdata(high)) / len(low)
    above = 1 - (ranks[~positive] - stats.rankdata(low)) / len(high)
    return below, above
