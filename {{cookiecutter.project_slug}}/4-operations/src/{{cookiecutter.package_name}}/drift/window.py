"""The rows to check: a file, the logged predictions of a period, or the live part."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from .. import data, predict
from ..estimate import CHANCE, GUESS
from ..events import query
from ..refusal import Refusal
from ..source import read_file
from ..table import Table
from ..train import read_model


@dataclass(frozen=True)
class Window:
    """Rows with the predictions beside them; the target is among them when it is known.

    `logged` are rows that the service answered, the others were predicted a moment ago.
    """

    name: str
    rows: pd.DataFrame
    logged: bool = False


def read(
    data_file: str | None, since: str | None, until: str | None, table: Table
) -> Window:
    """Read the file that is named, else the log, else the live part of the table."""
    if data_file:
        return _read_table(Path(data_file), table)
    window = _read_log(since, until, table)
    if len(window.rows) or since or until:
        return window
    live = data.read_parts()[1].live
    return Window("the live part of the table", answer(live, table))


def _read_table(path: Path, table: Table) -> Window:
    """Read a file as it is: a column that is not there is what the check must find."""
    rows = read_file(path, data.list_words(table))
    if set(table.features) <= set(rows):
        whole = data.conform(rows, table)
        if table.target in whole:
            whole[table.target] = data.read_target(whole[table.target], table)
        rows = answer(whole, table)
    return Window(str(path), rows)


def answer(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Put the model's answers beside the rows; an input of the same name stays."""
    if rows.empty:
        return rows
    found = predict.predict_chunks(read_model(), rows, table)
    new = [name for name in found if name not in rows]
    return pd.concat([rows, found[new]], axis=1)


def _read_log(since: str | None, until: str | None, table: Table) -> Window:
    """Read what was logged: inputs as they came, and the answers that were given."""
    logged = query.read_predictions(_read_time(since), _read_time(until))
    inputs = pd.DataFrame(logged["inputs"].map(lambda row: row or {}).tolist())
    rows = inputs.set_index(logged.index) if len(logged) else inputs
    if table.id:
        rows[table.id] = logged["id"]
    if table.task == "regression":
        rows[GUESS] = logged["prediction"].astype(float)
    for name in table.classes:
        rows[CHANCE + name] = [(c or {}).get(name) for c in logged["chances"]]
        rows[CHANCE + name] = rows[CHANCE + name].astype(float)
    labels = query.add_labels(logged[["id"]].reset_index())
    truth = labels.drop_duplicates("index").set_index("index")["label"]
    if len(truth):
        rows[table.target] = data.read_target(truth.reindex(rows.index), table)
    span = f"{since or 'the start'} until {until or 'now'}"
    return Window(f"{len(rows):,} logged predictions, {span}", rows, logged=True)


def _read_time(text: str | None) -> float | None:
    """Read a date or an instant as seconds since 1970; without a zone it is UTC."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refusal(
            f"{text!r} is not a time; write SINCE and UNTIL as 2013-04-01 or "
            "2013-04-01T12:00."
        ) from error
    return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()
