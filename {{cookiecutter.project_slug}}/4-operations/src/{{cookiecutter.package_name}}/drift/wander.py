"""How far windows of the training rows themselves wander: a cold week is no drift.

The rows of a window come one after the other and share their weather, so they differ more
from the whole than rows drawn at random would. An alarm must go past that.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from . import measures

WINDOWS = (64, 16, 4, 2)  # into so many the training rows are cut
LEAST_ROWS = 20  # in the smallest window


@dataclass(frozen=True)
class Usual:
    """The farthest that a window of so many rows was from the whole."""

    rows: int
    distance: float
    missing: float


def measure(placed: np.ndarray, size: int, ordered: bool) -> tuple[Usual, ...]:
    """Cut rows in the order of time; `placed` is the bin of each, `size` where it is missing."""
    windows = [many for many in WINDOWS if len(placed) >= many * LEAST_ROWS]
    if not windows:
        return ()
    window = np.arange(len(placed)) * windows[0] // len(placed)
    cells = windows[0] * (size + 1)
    counts = np.bincount(window * (size + 1) + placed, minlength=cells)
    counts = counts.reshape(windows[0], size + 1)
    return tuple(_measure_windows(counts, many, ordered) for many in windows)


def _measure_windows(counts: np.ndarray, many: int, ordered: bool) -> Usual:
    """Put neighbouring windows together until there are `many`, and take the farthest."""
    parts = counts.reshape(many, -1, counts.shape[1]).sum(axis=1)
    whole = counts.sum(axis=0)
    missing = parts[:, -1] / parts.sum(axis=1) - whole[-1] / whole.sum()
    distances = [
        measures.distance(whole[:-1], part[:-1], ordered)
        for part in parts
        if part[:-1].any()
    ]
    return Usual(
        int(parts.sum(axis=1).min()),
        max(distances, default=0.0),
        float(np.abs(missing).max()),
    )


def pick(usual: Sequence[Usual], rows: int) -> Usual:
    """Give what is usual for a window of so many rows: of the next smaller one measured."""
    if not usual:
        return Usual(rows, 0.0, 0.0)
    smaller = [item for item in usual if item.rows <= rows]
    return max(smaller, key=lambda item: item.rows) if smaller else usual[0]
