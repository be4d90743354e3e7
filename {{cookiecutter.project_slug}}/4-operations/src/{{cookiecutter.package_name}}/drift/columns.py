"""Cut the values of a column into bins, the same ones at training and later on."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from .. import data
from ..table import Column, Table

MOST_BINS = 64
MOST_CATEGORIES = 200
PARTS = ("month", "weekday", "hour", "year")


@dataclass(frozen=True)
class Bins:
    """How one column is cut.

    A number has `edges`: bin i holds edges[i-1] <= value < edges[i], so that the first bin
    is below all that training saw and the last one above. A category has `names`, and one
    more bin for all others. One bin after the last is for what is missing.
    """

    name: str  # as people read it
    source: str  # the column of the table
    kind: str  # number, boolean, date or category
    part: str | None = None  # of a date
    edges: np.ndarray | None = None
    names: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """The number of bins, without the one of the missing values."""
        return len(self.names if self.edges is None else self.edges) + 1

    @property
    def ordered(self) -> bool:
        """Whether a bin is less than the next one."""
        return self.edges is not None


@dataclass(frozen=True)
class Count:
    """How many rows of one column lie in each bin, and how many have no value."""

    bins: np.ndarray
    missing: int

    @property
    def rows(self) -> int:
        """All rows, with and without a value."""
        return int(self.bins.sum()) + self.missing

    @property
    def filled(self) -> int:
        """The rows with a value."""
        return int(self.bins.sum())


def list_sources(table: Table) -> Iterator[tuple[Column, str | None]]:
    """Name what is watched: each input, and of dates the parts that the model reads.

    The table's own time is left out: later rows are later, which is no drift.
    """
    for column in table.columns:
        if column.kind != "date":
            yield column, None
        elif column.name != table.time:
            yield from ((column, part) for part in PARTS)


def cut(values: pd.Series, source: str, kind: str, part: str | None = None) -> Bins:
    """Choose the bins by the values of the training rows."""
    name = f"{source} ({part})" if part else source
    if kind == "category":
        counts = count_names(values)[0]
        kept = sorted(counts, key=lambda word: (-counts[word], word))[:MOST_CATEGORIES]
        return Bins(name, source, kind, names=tuple(kept))
    numbers = read_numbers(values, kind, part)
    edges = _place_edges(numbers[np.isfinite(numbers)])
    return Bins(name, source, kind, part, edges)


def _place_edges(numbers: np.ndarray) -> np.ndarray:
    """Edges at few values themselves, or at quantiles of many; the last is past the largest."""
    edges = np.unique(numbers)
    if not edges.size:
        return np.zeros(1)
    if len(edges) > MOST_BINS:
        shares = np.linspace(0, 1, MOST_BINS)
        edges = np.unique(np.quantile(numbers, shares, method="inverted_cdf"))
    return np.append(edges, np.nextafter(edges[-1], np.inf))


def count(values: pd.Series, bins: Bins) -> Count:
    """Count the rows of each bin in one pass; shape (bins.size,)."""
    if bins.edges is None:
        found, missing = count_names(values)
        known = [found.pop(name, 0) for name in bins.names]
        return Count(np.array([*known, sum(found.values())]), missing)
    counted = np.bincount(_search(values, bins), minlength=bins.size + 2)
    return Count(counted[1:-1], int(counted[0] + counted[-1]))


def _search(values: pd.Series, bins: Bins) -> np.ndarray:
    """Give 1 for the first bin of a number; 0 and the last place hold what has no value.

    Nothing lies below the lowest edge but -inf, nor above the highest but +inf and NaN: what
    is not finite is found in the same pass, and the model reads it as missing, too.
    """
    assert bins.edges is not None
    edges = np.concatenate([[np.finfo(float).min], bins.edges, [np.inf]])
    numbers = read_numbers(values, bins.kind, bins.part)
    placed: np.ndarray = np.searchsorted(edges, numbers, side="right")
    return placed


def place(values: pd.Series, bins: Bins) -> np.ndarray:
    """Give the bin of each row, `bins.size` where there is no value."""
    if bins.edges is not None:
        return (_search(values, bins) - 1) % (bins.size + 1)
    codes = {name: code for code, name in enumerate(bins.names)}
    named = data.read_column(values, "category")
    found = named.map(codes).fillna(bins.size - 1).to_numpy(dtype=np.intp)
    return np.where(named.isna().to_numpy(), bins.size, found)


def read_numbers(values: pd.Series, kind: str, part: str | None = None) -> np.ndarray:
    """Read a column of any type as float64; what cannot be read is NaN."""
    if part:
        dates = data.read_column(values, "date").dt
        if part == "hour":
            values = dates.hour + dates.minute / 60
        else:
            values = getattr(dates, part)
    elif not pd.api.types.is_numeric_dtype(values):
        values = data.read_column(values, kind)
    numbers: np.ndarray = values.to_numpy(dtype=np.float64, na_value=np.nan)
    return numbers


def count_names(values: pd.Series) -> tuple[dict[str, int], int]:
    """Count each category by its name, and what is missing; a distinct value is named once."""
    words, counts = _count_distinct(values)
    names = data.read_column(pd.Series(words, dtype=object), "category")
    found = pd.Series(counts).groupby(names.to_numpy()).sum()
    known = {str(name): int(rows) for name, rows in found.items()}
    return known, len(values) - sum(known.values())


def _count_distinct(values: pd.Series) -> tuple[list[object], np.ndarray]:
    """Count the distinct values; pyarrow does so without making a string of each row."""
    try:
        counted = pc.value_counts(pa.array(values, from_pandas=True))
        words, counts = counted.field("values"), counted.field("counts")
        return words.to_pylist(), counts.to_numpy()
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        counts = values.value_counts()  # numbers and words in one column
        return list(counts.index), counts.to_numpy()
