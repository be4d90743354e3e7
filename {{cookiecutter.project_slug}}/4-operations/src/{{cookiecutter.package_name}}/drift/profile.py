"""The reference profile: what the model learned from, in a few kilobytes.

A check needs nothing else, neither the training rows nor much time. Counts of the same bins
add up: those of seven days are those of the week.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .. import files
from ..refusal import Refusal
from ..table import Table
from . import columns, wander
from .columns import Bins, Count

PATH = Path("models/profile.json")
FORMAT = 1


@dataclass(frozen=True)
class Counts:
    """What a window holds: rows, one count a column, and the columns that are not there."""

    rows: int
    columns: dict[str, Count]
    scores: dict[str, Count] = field(default_factory=dict)
    absent: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reference:
    """One column at training: its bins, their rows, and how far its windows wandered."""

    bins: Bins
    count: Count
    usual: tuple[wander.Usual, ...] = ()


@dataclass(frozen=True)
class Profile:
    """The inputs and the scores at training.

    `about` is what models/model.json says of the model, `calibration` what estimate.py
    fitted on the validation part.
    """

    rows: int
    columns: dict[str, Reference]
    scores: dict[str, Reference] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)
    calibration: dict[str, Any] | None = None

    @staticmethod
    def build(
        frame: pd.DataFrame, table: Table, scores: pd.DataFrame | None = None
    ) -> "Profile":
        """Profile the training rows, and the scores of rows that the model has not seen.

        `scores` may have other rows than `frame`: on the rows that it learned from a model
        is surer than it will ever be again.
        """
        frame, inputs = _order(frame, table), {}
        for column, part in columns.list_sources(table):
            values = frame[column.name]
            bins = columns.cut(values, column.name, column.kind, part)
            inputs[bins.name] = refer(values, bins, bool(table.time))
        answers = {}
        for name, values in () if scores is None else scores.items():
            kind = "number" if values.dtype.kind == "f" else "category"
            bins = columns.cut(values, str(name), kind)
            answers[bins.name] = refer(values, bins, bool(table.time))
        return Profile(len(frame), inputs, answers)


def _order(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Put rows in the order of their time: their windows are judged one by one."""
    return frame.sort_values(table.time, kind="stable") if table.time else frame


def refer(values: pd.Series, bins: Bins, in_time: bool) -> Reference:
    """Count one column; rows that came in time say how far a window may wander."""
    placed = columns.place(values, bins)
    counted = np.bincount(placed, minlength=bins.size + 1)
    usual = wander.measure(placed, bins.size, bins.ordered) if in_time else ()
    return Reference(bins, Count(counted[:-1], int(counted[-1])), usual)


def count(
    frame: pd.DataFrame, profile: Profile, scores: pd.DataFrame | None = None
) -> Counts:
    """Count a window in the profile's bins: one pass over each column."""
    sources = [item.bins.source for item in profile.columns.values()]
    absent = tuple(name for name in dict.fromkeys(sources) if name not in frame)
    answers = {} if scores is None else _count(scores, profile.scores)
    return Counts(len(frame), _count(frame, profile.columns), answers, absent)


def _count(
    frame: pd.DataFrame, references: Mapping[str, Reference]
) -> dict[str, Count]:
    return {
        name: columns.count(frame[item.bins.source], item.bins)
        for name, item in references.items()
        if item.bins.source in frame
    }


def merge(first: Counts, *others: Counts) -> Counts:
    """Add up windows that were counted with the same profile."""
    whole = first
    for other in others:
        whole = Counts(
            whole.rows + other.rows,
            _add(whole.columns, other.columns),
            _add(whole.scores, other.scores),
            tuple(dict.fromkeys([*whole.absent, *other.absent])),
        )
    return whole


def _add(one: Mapping[str, Count], other: Mapping[str, Count]) -> dict[str, Count]:
    """Add counts by name; a column that one of the windows lacks is not judged by the other."""
    both = {name: (one[name], other[name]) for name in one if name in other}
    if any(len(a.bins) != len(b.bins) for a, b in both.values()):
        raise Refusal(
            "The windows were counted with different profiles; count them anew."
        )
    return {
        name: Count(a.bins + b.bins, a.missing + b.missing)
        for name, (a, b) in both.items()
    }


def write(profile: Profile, path: Path = PATH) -> None:
    """Write the profile as JSON without spaces: it is kept with every model."""
    content = {
        "format": FORMAT,
        "rows": profile.rows,
        "columns": [_write_column(item) for item in profile.columns.values()],
        "scores": [_write_column(item) for item in profile.scores.values()],
        "about": profile.about,
        "calibration": profile.calibration,
    }
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    files.replace(path, lambda draft: draft.write_text(text + "\n", "utf-8"))


def _write_column(item: Reference) -> dict[str, Any]:
    bins = item.bins
    cuts = {"names": bins.names} if bins.edges is None else {"edges": list(bins.edges)}
    return {
        "name": bins.name,
        "source": bins.source,
        "kind": bins.kind,
        "part": bins.part,
        **cuts,
        "counts": item.count.bins.tolist(),
        "missing": item.count.missing,
        "usual": [
            [u.rows, round(u.distance, 4), round(u.missing, 4)] for u in item.usual
        ],
    }


def read(path: Path = PATH) -> Profile:
    """Read a profile back."""
    content = files.read_json(path, "run `make profile`")
    if content.get("format") != FORMAT:
        raise Refusal(f"{path} is not a profile of this version; run `make profile`.")
    return Profile(
        content["rows"],
        {item["name"]: _read_column(item) for item in content["columns"]},
        {item["name"]: _read_column(item) for item in content["scores"]},
        content["about"],
        content["calibration"],
    )


def _read_column(item: dict[str, Any]) -> Reference:
    edges = np.array(item["edges"], dtype=float) if "edges" in item else None
    names = tuple(item.get("names", ()))
    bins = Bins(item["name"], item["source"], item["kind"], item["part"], edges, names)
    usual = tuple(wander.Usual(*numbers) for numbers in item["usual"])
    return Reference(bins, Count(np.array(item["counts"]), item["missing"]), usual)
