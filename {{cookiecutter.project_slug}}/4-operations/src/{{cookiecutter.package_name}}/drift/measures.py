"""How far two counts of the same bins are apart, and how often chance alone does that.

Each takes the counts of the reference and of the current rows, shape (bins,), and costs
microseconds: the number of rows does not matter.
"""

import numpy as np
from scipy import special

LEAST_EXPECTED = 5  # rows that chi-square wants in a bin of the smaller side


def share(counts: np.ndarray) -> np.ndarray:
    """Each bin's share of the rows; of no rows, zeros."""
    shares: np.ndarray = counts / max(int(counts.sum()), 1)
    return shares


def _inverse_rows(before: np.ndarray, now: np.ndarray) -> float:
    """1/n + 1/m, to which the noise of every measure is proportional."""
    return 1 / max(int(before.sum()), 1) + 1 / max(int(now.sum()), 1)


def psi(before: np.ndarray, now: np.ndarray) -> float:
    """Population stability index less what chance alone gives; 0.1 is some, 0.25 is much.

    Source of the noise floor (B - 1)(1/n + 1/m): Yurdakul and Naranjo (2020), Statistical
    properties of the population stability index, https://doi.org/10.21314/JRMV.2020.227
    """
    used = (before + now) > 0
    old, new = before[used] + 0.5, now[used] + 0.5
    old, new = old / old.sum(), new / new.sum()
    floor = (used.sum() - 1) * _inverse_rows(before, now)
    return max(0.0, float(((new - old) * np.log(new / old)).sum() - floor))


def jensen_shannon(before: np.ndarray, now: np.ndarray) -> float:
    """Jensen-Shannon distance with logarithms of base 2, from 0 to 1.

    Source: Lin (1991), https://doi.org/10.1109/18.61115
    """
    old, new = share(before), share(now)
    middle = (old + new) / 2
    divergence = (special.rel_entr(old, middle) + special.rel_entr(new, middle)).sum()
    return float(np.sqrt(max(0.0, divergence / 2 / np.log(2))))


def kolmogorov_smirnov(before: np.ndarray, now: np.ndarray) -> float:
    """The largest difference of the two cumulative shares, from 0 to 1."""
    return float(np.abs(np.cumsum(share(before)) - np.cumsum(share(now))).max())


def total_variation(before: np.ndarray, now: np.ndarray) -> float:
    """The share of rows that would have to change their bin, from 0 to 1."""
    return float(np.abs(share(before) - share(now)).sum() / 2)


def distance(before: np.ndarray, now: np.ndarray, ordered: bool) -> float:
    """Kolmogorov-Smirnov for numbers; for categories total variation less its noise floor.

    That floor grows with the number of categories. It is what chance alone gives on
    average, sqrt(2 / pi) being the mean size of a normal deviate, and is taken off in
    squares.
    """
    if ordered:
        return kolmogorov_smirnov(before, now)
    mixed = share(before + now)
    deviate = np.sqrt(2 / np.pi * mixed * (1 - mixed) * _inverse_rows(before, now))
    found, floor = total_variation(before, now), float(deviate.sum()) / 2
    return float(np.sqrt(max(0.0, found**2 - floor**2)))


def p_value(before: np.ndarray, now: np.ndarray, ordered: bool) -> float:
    """How often rows of one and the same kind differ so much."""
    if not before.sum() or not now.sum():
        return 1.0
    if not ordered:
        return chi_square(before, now)[1]
    both = min(_p_kolmogorov(before, now), _p_ranks(before, now))
    return min(1.0, 2 * both)  # two tests were made


def _p_kolmogorov(before: np.ndarray, now: np.ndarray) -> float:
    """The asymptotic test on bins, which errs on the quiet side.

    Source: https://docs.scipy.org/doc/scipy/reference/generated/scipy.special.kolmogorov.html
    """
    scaled = kolmogorov_smirnov(before, now) / np.sqrt(_inverse_rows(before, now))
    return float(special.kolmogorov(scaled))


def _p_ranks(before: np.ndarray, now: np.ndarray) -> float:
    """The rank-sum test, the stronger of the two on a shift; rows of one bin are ties.

    Source: Mann and Whitney (1947), https://doi.org/10.1214/aoms/1177730491
    """
    n, m, ties = float(before.sum()), float(now.sum()), (before + now).astype(float)
    rank = np.cumsum(ties) - (ties - 1) / 2
    surplus = (rank * now).sum() - m * (n + m + 1) / 2
    tied = (ties**3 - ties).sum() / ((n + m) * max(n + m - 1, 1))
    spread = np.sqrt(n * m / 12 * max(n + m + 1 - tied, 0.0))
    return float(2 * special.ndtr(-abs(surplus) / spread)) if spread > 0 else 1.0


def chi_square(before: np.ndarray, now: np.ndarray) -> tuple[float, float]:
    """Pearson's statistic of two samples and its p-value; rare bins are put together.

    Source: https://docs.scipy.org/doc/scipy/reference/generated/scipy.stats.chi2_contingency.html
    """
    table = np.vstack([before, now]).astype(float)
    least = table.sum(axis=1).min() / max(table.sum(), 1)
    rare = table.sum(axis=0) * least < LEAST_EXPECTED
    table = np.column_stack([table[:, ~rare], table[:, rare].sum(axis=1)])
    table = table[:, table.sum(axis=0) > 0]
    if table.shape[1] < 2 or not table.sum(axis=1).all():
        return 0.0, 1.0
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    statistic = float(((table - expected) ** 2 / expected).sum())
    return statistic, float(special.chdtrc(table.shape[1] - 1, statistic))


def p_share(hits: int, rows: int, hits_now: int, rows_now: int) -> float:
    """How often two shares of equal sources differ so much; exact in small numbers.

    Given all hits, those of the current rows are binomial.
    Source: Przyborowski and Wilenski (1940), https://doi.org/10.1093/biomet/31.3-4.313
    """
    both, chance = hits + hits_now, rows_now / max(rows + rows_now, 1)
    if not both or not rows or not rows_now:
        return 1.0
    low = special.bdtr(hits_now, both, chance)
    high = special.bdtrc(hits_now - 1, both, chance) if hits_now else 1.0
    return float(min(1.0, 2 * min(low, high)))


def adjust(p_values: np.ndarray) -> np.ndarray:
    """Correct for many tests: the false discovery rate at which each would be found.

    Source: Benjamini and Hochberg (1995), https://doi.org/10.1111/j.2517-6161.1995.tb02031.x
    """
    order = np.argsort(-p_values)
    many = len(p_values)
    scaled = p_values[order] * many / np.arange(many, 0, -1)
    adjusted = np.empty(many)
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(scaled))
    return adjusted
