"""Read the event log as tables; what the service appended a second ago may not be in yet."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from . import FOLDER, store
from .records import FIELDS

SOURCES = {"prediction": "answered", "shadow": "shadows"}


def read_predictions(
    since: float | None = None,
    until: float | None = None,
    model: str | None = None,
    folder: Path = FOLDER,
) -> pd.DataFrame:
    """Give the predictions made at `since` or later and before `until`, in their order.

    Times are seconds since 1970. `inputs` and `chances` are dictionaries; the frame is
    empty where nothing was predicted.
    """
    return _read("prediction", {"since": since, "until": until, "model": model}, folder)


def read_shadows(
    since: float | None = None,
    until: float | None = None,
    model: str | None = None,
    folder: Path = FOLDER,
) -> pd.DataFrame:
    """Give the challengers' answers, which no caller saw; see `read_predictions`."""
    return _read("shadow", {"since": since, "until": until, "model": model}, folder)


def read_labels(folder: Path = FOLDER) -> pd.DataFrame:
    """Give what really happened: id, time (s since 1970) when it became known, label."""
    with store.reading(folder) as connection:
        return pd.read_sql("SELECT id, time, label FROM labels", connection)


def _read(kind: str, wanted: dict[str, Any], folder: Path) -> pd.DataFrame:
    tests = {"since": "time >= ?", "until": "time < ?", "model": "model = ?"}
    chosen = {tests[name]: word for name, word in wanted.items() if word is not None}
    where = f" WHERE {' AND '.join(chosen)}" if chosen else ""
    columns = ", ".join(FIELDS[kind])
    query = f"SELECT {columns} FROM {SOURCES[kind]}{where} ORDER BY time, rowid"
    with store.reading(folder) as connection:
        frame = pd.read_sql(query, connection, params=tuple(chosen.values()))
    for name in frame.columns.intersection(["inputs", "chances"]):
        frame[name] = frame[name].map(_read_json)
    return frame


def _read_json(text: Any) -> Any:
    return json.loads(text) if isinstance(text, str) else None


def join_labels(
    since: float | None = None,
    until: float | None = None,
    model: str | None = None,
    folder: Path = FOLDER,
) -> pd.DataFrame:
    """Give the predictions whose label is known, one for each id.

    Adds `label` and `label_time`. Who asks twice about an id acts on the last answer.
    """
    found = read_predictions(since, until, model, folder)
    found = found.drop_duplicates("id", keep="last")
    return add_labels(found, folder)


def add_labels(rows: pd.DataFrame, folder: Path = FOLDER) -> pd.DataFrame:
    """Keep the rows whose id has a label, and add `label` and `label_time`."""
    labels = read_labels(folder).rename(columns={"time": "label_time"})
    return rows.merge(labels, on="id", how="inner", validate="many_to_one")
