"""95 % intervals in closed form: cheap, and the same on every run."""

import math

import numpy as np

Interval = tuple[float, float] | None

Z = 1.959964  # the normal quantile of 95 %


def of_share(hits: int, rows: int) -> Interval:
    """The interval of a share, also near 0 and 1.

    Source: Wilson (1927), https://doi.org/10.1080/01621459.1927.10502953
    """
    if rows == 0:
        return None
    share, scale = hits / rows, 1 + Z**2 / rows
    middle = (share + Z**2 / (2 * rows)) / scale
    half = Z / scale * math.sqrt(share * (1 - share) / rows + Z**2 / (4 * rows**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def of_mean(values: np.ndarray) -> Interval:
    """The interval of a mean of independent values, in their unit."""
    if len(values) < 2:
        return None
    half = Z * float(values.std(ddof=1)) / math.sqrt(len(values))
    return float(values.mean()) - half, float(values.mean()) + half


def of_auc(auc: float, positives: int, negatives: int) -> Interval:
    """The interval of an area under the ROC curve.

    Source: Hanley and McNeil (1982), https://doi.org/10.1148/radiology.143.1.7063747
    """
    if min(positives, negatives) == 0:
        return None
    one, two = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    spread = auc * (1 - auc)
    spread += (positives - 1) * (one - auc**2) + (negatives - 1) * (two - auc**2)
    half = Z * math.sqrt(max(spread, 0.0) / (positives * negatives))
    return max(0.0, auc - half), min(1.0, auc + half)
