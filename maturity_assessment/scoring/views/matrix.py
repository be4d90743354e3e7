"""The matrix of ml-ops.org: six principles for data, model and code."""

from collections.abc import Mapping
from dataclasses import dataclass

from ... import models
from ..assessment import Assessment
from ..dimensions import share
from . import invert


@dataclass(frozen=True)
class Cell:
    """One principle of one object; None where nothing shows it."""

    evidence: float | None
    capabilities: tuple[str, ...]


@dataclass(frozen=True)
class Matrix:
    """Cells by row and column; `totals` are the columns' means over their cells."""

    cells: Mapping[str, Mapping[str, Cell]]
    totals: Mapping[str, float | None]


def view(assessment: Assessment) -> Matrix:
    """Fill the cells with the share of their capabilities that evidence shows."""
    model = models.read("matrix")
    cells = {
        row: {
            column: fill(f"{row}.{column}", assessment) for column in model["columns"]
        }
        for row in model["rows"]
    }
    totals = {
        column: share(cells[row][column].evidence for row in model["rows"])
        for column in model["columns"]
    }
    return Matrix(cells, totals)


def fill(place: str, assessment: Assessment) -> Cell:
    """Give the share of one cell."""
    capabilities = invert("matrix").get(place, ())
    shares = share(assessment.standings[name].evidence for name in capabilities)
    return Cell(shares, capabilities)
