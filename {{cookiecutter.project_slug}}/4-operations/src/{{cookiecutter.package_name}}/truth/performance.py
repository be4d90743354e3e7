"""Performance over time, by version and by slice, from the labels that have come so far."""

import time
from pathlib import Path
from typing import Any

import pandas as pd

from .. import data, events
from ..events import query
from ..files import read_json, write_json
from ..slices import groups
from ..table import Table
from . import expected, ids, measure

PERFORMANCE = Path("operations/performance.json")
DAY = 86_400.0


def read_inputs(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Give the logged inputs the types of the table's columns; same index as the rows."""
    inputs = pd.DataFrame(rows["inputs"].tolist(), index=rows.index)
    return data.conform(inputs.reindex(columns=table.features), table)


def measure_delay(joined: pd.DataFrame) -> dict[str, float] | None:
    """How many days labels come after their predictions; None where there is no label.

    A label that is older than its prediction by the clock of another machine counts as 0.
    """
    if joined.empty:
        return None
    days = ((joined["label_time"] - joined["time"]) / DAY).clip(lower=0)
    return {"p50": float(days.quantile(0.5)), "p90": float(days.quantile(0.9))}


def describe_labels(folder: Path, joined: pd.DataFrame) -> dict[str, Any]:
    """How many predictions have a label, how late labels are, and which fit nowhere."""
    predicted = ids.read(folder)
    labels = query.read_labels(folder)
    return {
        "predictions": len(predicted),
        "labelled": len(joined),
        "share": len(joined) / len(predicted) if predicted else None,
        "delay_days": measure_delay(joined),
        "unknown_ids": int((~labels["id"].isin(predicted)).sum()),
    }


def measure_version(answers: pd.DataFrame, table: Table) -> dict[str, Any]:
    """Measure one version: all rows, each `period`, and each group of the declared columns."""
    inputs = read_inputs(answers, table)
    named = {name: groups.name_groups(inputs, name, table) for name in table.slices}
    return {
        "overall": measure.score(answers, table),
        "periods": measure.score_groups(answers, answers["period"], table, "period"),
        "slices": {
            name: measure.score_groups(answers, of, table, "group")
            for name, of in named.items()
        },
    }


def find(
    table: Table, folder: Path = events.FOLDER, now: float | None = None
) -> dict[str, Any]:
    """Measure every version that answered, on the predictions whose label is known.

    Beside it stands what was to be expected of all its answers, where that can be told.
    """
    answered = query.read_predictions(folder=folder).drop_duplicates("id", keep="last")
    # Named once for all versions, so that what they did in one month stands side by side.
    answered["period"] = measure.name_periods(answered["time"])
    joined = query.add_labels(answered, folder)
    return {
        "time": time.time() if now is None else now,
        "headline": table.headline[0],
        "labels": describe_labels(folder, joined),
        "versions": {
            str(version): measure_version(answers, table)
            | {"estimate": expected.find(str(version), _of(answered, version), table)}
            for version, answers in joined.groupby("model")
        },
    }


def _of(answers: pd.DataFrame, version: object) -> pd.DataFrame:
    """The answers of a version, labelled or not."""
    return answers[answers["model"] == version]


def write(found: dict[str, Any]) -> None:
    """Keep what was found where the status page looks."""
    write_json(PERFORMANCE, found)


def read() -> dict[str, Any]:
    """Give what was measured last."""
    found: dict[str, Any] = read_json(PERFORMANCE, "run `make performance`")
    return found
