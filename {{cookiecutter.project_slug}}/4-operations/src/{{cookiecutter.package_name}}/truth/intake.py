"""Read labels that were delivered in a file, and append those that are new to the event log."""

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from .. import data, events
from ..dates import read_dates
from ..events import query
from ..files import hash_file
from ..refusal import Refusal
from ..source import read_file
from ..table import Table
from . import ids

# One line for each file that was taken in.
INTAKES = Path("operations/labels.jsonl")
# The id of a row that has none of its own: the service gives it with the answer.
GIVEN_ID = "id"
TIME = "time"


@dataclass(frozen=True)
class Taken:
    """How many labels a file held, and what became of them; counts of rows."""

    rows: int = 0
    new: int = 0
    repeated: int = 0
    differing: int = 0
    empty: int = 0
    unknown: int = 0


def read_labels(path: Path, table: Table, now: float) -> pd.DataFrame:
    """Read the columns id, label and time (s since 1970); what is empty stays missing.

    The file names the id and the target as conf/table.yaml does, and may say in `time`
    when each label became known; else that is now.
    """
    name = table.id or GIVEN_ID
    frame = read_file(path, [name, table.target])
    for needed in (name, table.target):
        if needed not in frame:
            raise Refusal(f"{path} has no column {needed!r}; labels need it.")
    found = pd.DataFrame(
        {
            "id": data.read_column(frame[name], "category"),
            "label": data.read_target(frame[table.target], table),
            "time": _read_times(frame, table, now),
        }
    )
    _refuse_new_classes(path, found["label"], table)
    return found


def _read_times(frame: pd.DataFrame, table: Table, now: float) -> pd.Series:
    """A column `time` says when a label became known, unless it is the row's own time."""
    if TIME not in frame or table.time == TIME:
        return pd.Series(now, index=frame.index)
    known = read_dates(frame[TIME]).astype("datetime64[us]")
    seconds = known.astype("int64") / 1e6
    return seconds.where(known.notna(), now).clip(upper=now)


def _refuse_new_classes(path: Path, labels: pd.Series, table: Table) -> None:
    if table.task == "regression":
        return
    new = sorted(set(labels.dropna()) - set(table.classes))
    if new:
        raise Refusal(
            f"{path} holds the label {new[0]!r}, which is not among `classes` in "
            "conf/table.yaml; mend the file. No label was taken."
        )


def add(labels: pd.DataFrame, log: events.EventLog, folder: Path) -> Taken:
    """Append the labels that are new; the first label of an id stays, whatever comes later."""
    whole = labels.dropna(subset=["id", "label"])
    known = query.read_labels(folder).set_index("id")["label"]
    first = whole.drop_duplicates("id").set_index("id")["label"]
    stays = pd.concat([known, first[~first.index.isin(known.index)]])
    same = whole["label"].to_numpy() == stays.loc[whole["id"]].to_numpy()
    new = whole[~whole["id"].isin(known.index)].drop_duplicates("id")
    records = [
        {str(name): value for name, value in row.items()}
        for row in new.to_dict("records")
    ]
    if records and not log.extend("label", records):
        raise Refusal("The event log has no room for the labels; free some and repeat.")
    predicted = ids.read(folder)
    return Taken(
        rows=len(labels),
        new=len(new),
        repeated=int(same.sum()) - len(new),
        differing=int((~same).sum()),
        empty=len(labels) - len(whole),
        unknown=int((~new["id"].isin(predicted)).sum()),
    )


def take_file(path: Path, table: Table) -> Taken:
    """Append a file of labels to the event log, and note the file in operations/labels.jsonl."""
    now = time.time()
    labels = read_labels(path, table, now)
    log = events.EventLog()
    try:
        log.flush()
        taken = add(labels, log, events.FOLDER)
    finally:
        log.close()
    note = {"time": now, "file": str(path), "sha256": hash_file(path), **asdict(taken)}
    INTAKES.parent.mkdir(parents=True, exist_ok=True)
    with INTAKES.open("a", encoding="utf-8") as file:
        file.write(json.dumps(note, ensure_ascii=False) + "\n")
    return taken
