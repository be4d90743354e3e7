"""Look at a running test several times without raising the false alarms."""

import math
from functools import cache

import numpy as np
from scipy import optimize, stats

# So many points hold a density; the bounds are then right to four digits.
POINTS = 301
REACH = 8.0


@cache
def find_boundary(looks: int, alpha: float) -> float:
    """Give c: at look k of K stop when |z| >= c * sqrt(K / k).

    The looks are equally far apart. Early on only a great difference stops the test.
    Source: O'Brien and Fleming (1979), https://doi.org/10.2307/2530245; computed as in
    Armitage, McPherson and Rowe (1969), https://doi.org/10.2307/2343787
    """
    low = float(stats.norm.ppf(1 - alpha / 2))
    return float(
        optimize.brentq(
            lambda constant: find_false_alarms(list_bounds(constant, looks)) - alpha,
            low,
            2 * low + 1,
            xtol=1e-6,
        )
    )


def list_bounds(constant: float, looks: int) -> list[float]:
    """Give the bound of |z| at each look."""
    return [constant * math.sqrt(looks / look) for look in range(1, looks + 1)]


def find_false_alarms(bounds: list[float]) -> float:
    """Give the chance that |z| of no effect passes a bound at one of the looks or more.

    The density of the sum of k standard normal steps that has stayed inside is carried
    from look to look; what is outside is the alarm.
    """
    inside, grid, weights = None, np.zeros(1), np.ones(1)
    for look, bound in enumerate(bounds, 1):
        edge = min(bound, REACH) * math.sqrt(look)
        new, width = np.linspace(-edge, edge, POINTS, retstep=True)
        step = np.exp(-0.5 * (new[:, None] - grid) ** 2) / math.sqrt(2 * math.pi)
        density = step @ (weights * (1.0 if inside is None else inside))
        grid, inside, weights = new, density, _weigh(float(width))
    assert inside is not None
    return 1.0 - float(weights @ inside)


def _weigh(width: float) -> np.ndarray:
    """Give the weights of Simpson's rule."""
    weights = np.full(POINTS, 2.0)
    weights[1::2] = 4.0
    weights[[0, -1]] = 1.0
    return weights * width / 3
