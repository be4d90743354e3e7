"""The rows to check: a file, the logged predictions of a period, or the live part."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
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
    """Rows, the target among them when it is known, and the answers to them.

    `answers` are as predict.predict gives them, None where the rows lack an input. `logged`
    rows were answered by the service, the others a moment ago.
    """

    name: str
    rows: pd.DataFrame
    answers: pd.DataFrame | None = None
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
    return Window("the live part of the table", live, answer(live, table))


def _read_table(path: Path, table: Table) -> Window:
    """Read a file as it is: a column that is not there is what the check must find."""
    rows = read_file(path, data.list_words(table))
    if rows.empty or set(table.features) - set(rows):
        return Window(str(path), rows)
    rows = data.conform(rows, table)
    if table.target in rows:
        rows[table.target] = data.read_target(rows[table.target], table)
    return Window(str(path), rows, answer(rows, table))


def answer(rows: pd.DataFrame, table: Table) -> pd.DataFrame | None:
    """Ask the model in models/; None where there is no row."""
    if rows.empty:
        return None
    return predict.predict_chunks(read_model(), rows[table.features], table)


def _read_log(since: str | None, until: str | None, table: Table) -> Window:
    """Read what was logged: inputs as they came, and the answers that were given."""
    logged = query.read_predictions(_read_time(since), _read_time(until))
    inputs = [row or {} for row in logged["inputs"]]
    rows = pd.DataFrame(inputs, index=logged.index)
    if table.id:
        rows[table.id] = logged["id"]
    labels = query.add_labels(logged[["id"]].reset_index())
    truth = labels.drop_duplicates("index").set_index("index")["label"]
    if len(truth):
        rows[table.target] = data.read_target(truth.reindex(rows.index), table)
    span = f"{since or 'the start'} until {until or 'now'}"
    name = f"{len(rows):,} logged predictions, {span}"
    return Window(name, rows, _read_answers(logged, table), logged=True)


def _read_answers(logged: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Give logged answers the columns of predict.predict; an answer without chances has NaN."""
    if table.task == "regression":
        return logged[[GUESS]].astype(float)
    chances = {
        CHANCE + name: [(row or {}).get(name, np.nan) for row in logged["chances"]]
        for name in table.classes
    }
    answers = pd.DataFrame(chances, index=logged.index, dtype=float)
    return answers.assign(**{GUESS: logged[GUESS].astype(object)})


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
