"""Whether two models are right equally often, on the same rows."""

import numpy as np
from scipy import stats

# Below so many rows on which only one is right the sum over all outcomes is exact.
FEW = 25


def test(only_champion: int, only_challenger: int) -> float:
    """Give the two-sided p-value of McNemar's test.

    Takes on how many rows only the one is right. Exact where they are few, else mid-p,
    which keeps its level without being timid.
    Source: Fagerland, Lydersen and Laake (2013), https://doi.org/10.1186/1471-2288-13-91
    """
    total = only_champion + only_challenger
    if total == 0:
        return 1.0
    fewer = min(only_champion, only_challenger)
    tail = float(stats.binom.cdf(fewer, total, 0.5))
    if total >= FEW:
        tail -= 0.5 * float(stats.binom.pmf(fewer, total, 0.5))
    return min(1.0, 2 * tail)


def count(champion: np.ndarray, challenger: np.ndarray) -> tuple[int, int]:
    """Count the rows on which only the champion, and only the challenger, is right."""
    return int((champion & ~challenger).sum()), int((challenger & ~champion).sum())
