"""Draft the description of a table that is new here, and refuse what cannot be learned."""

from dataclasses import dataclass

import pandas as pd

from .. import data, dates
from ..refusal import Refusal
from ..table import TASKS, Column, Table
from . import cuts, infer

LEAST_ROWS = 30
LEAST_OF_CLASS = 5  # rows, so that each part holds one
MOST_CLASSES = 100
LARGEST = 1e30
SHARES = {"train": 0.6, "validation": 0.2, "live": 0.2}


@dataclass(frozen=True)
class Wish:
    """What the owner of a table says about it; the rest is read from the table."""

    target: str
    time: str | None = None
    id: str | None = None
    task: str | None = None


def check_wish(wish: Wish, names: list[str]) -> None:
    """Each role needs a column of its own."""
    roles = {"TARGET": wish.target, "TIME": wish.time, "ID": wish.id}
    given = {role: name for role, name in roles.items() if name}
    for role, name in given.items():
        if name not in names:
            raise Refusal(
                f"{role}: {name!r} is not a column of the table; it has {_list(names)}."
            )
    if len(set(given.values())) < len(given):
        raise Refusal(f"{', '.join(given)} must be different columns; change one.")
    if wish.task and wish.task not in TASKS:
        raise Refusal(f"TASK: {wish.task!r} is not known; say {' or '.join(TASKS)}.")


def _list(names: list[str]) -> str:
    more = f" and {len(names) - 10} more" if len(names) > 10 else ""
    return ", ".join(map(repr, names[:10])) + more


def draft_table(
    frame: pd.DataFrame, wish: Wish, source: str, seed: int
) -> tuple[Table, list[str]]:
    """Describe the table; also give notes on what was left out or had to be guessed."""
    task, target = _read_target(frame[wish.target], wish)
    times = _read_times(frame, wish)
    used = target.notna() & (True if times is None else times.notna())
    frame, target = frame[used], target[used]
    _check_target(target, task, wish)
    columns, notes = _describe_columns(frame, wish)
    table = Table(
        source=source,
        task=task,
        target=wish.target,
        classes=infer.order_classes(target) if task == "classification" else [],
        time=wish.time,
        id=wish.id,
        split=SHARES if times is None else cuts.cut(times[used], str(wish.time)),
        slices=_choose_slices(columns),
        columns=columns,
    )
    _check_parts(target, times, table, seed)
    if not used.all():
        notes.insert(0, f"{(~used).sum():,} rows without target or time are not used")
    return table, [*notes, *_find_doubts(frame, table)]


def _read_target(values: pd.Series, wish: Wish) -> tuple[str, pd.Series]:
    """Read the target as the task needs it."""
    if values.notna().sum() == 0:
        raise Refusal(f"The target {wish.target!r} holds no value; choose another one.")
    task = wish.task or infer.guess_task(values.dropna())
    if task == "classification":
        return task, data.read_column(values, "category")
    if infer.read_kind(values.dropna()) != "number":
        raise Refusal(
            f"The target {wish.target!r} is not a number, so it cannot be predicted by "
            "regression; use TASK=classification."
        )
    return task, data.read_column(values, "number")


def _check_target(target: pd.Series, task: str, wish: Wish) -> None:
    """Refuse a target that no model can learn."""
    if len(target) < LEAST_ROWS:
        raise Refusal(
            f"The table has {len(target)} row{'s' * (len(target) != 1)} with a value in "
            f"{' and '.join(filter(None, (wish.target, wish.time)))!r}; "
            f"at least {LEAST_ROWS} are needed."
        )
    counts = target.value_counts()
    if len(counts) == 1:
        raise Refusal(
            f"The target {wish.target!r} is always {str(counts.index[0])!r}; "
            "there is nothing to predict."
        )
    if task == "classification":
        _check_classes(counts, wish.target)
    elif target.abs().max() > LARGEST:  # the squares of errors must remain numbers
        raise Refusal(
            f"The target {wish.target!r} goes up to {target.abs().max():.3g}; divide it so "
            f"that nothing in it is beyond {LARGEST:.0e}."
        )


def _check_classes(counts: pd.Series, name: str) -> None:
    """Refuse classes that are too many or too rare; `counts` has the rarest last."""
    rows, rarest = counts.sum(), counts.index[-1]
    if len(counts) > MOST_CLASSES or len(counts) > rows / LEAST_OF_CLASS:
        raise Refusal(
            f"The target {name!r} has {len(counts):,} classes in {rows:,} rows; at most "
            f"{MOST_CLASSES} of at least {LEAST_OF_CLASS} rows each can be learned: choose "
            "another target or, for numbers, TASK=regression."
        )
    if counts[rarest] < LEAST_OF_CLASS:
        raise Refusal(
            f"Class {rarest!r} of the target {name!r} has only {counts[rarest]} of the at "
            f"least {LEAST_OF_CLASS} rows that a class needs; leave it out or join it with "
            "another one."
        )


def _read_times(frame: pd.DataFrame, wish: Wish) -> pd.Series | None:
    """Read TIME if it is given; each value of it must be a date."""
    if not wish.time:
        return None
    present = frame[wish.time].dropna()
    if present.empty:
        raise infer.refuse_empty(wish.time)
    patterns = infer.find_patterns(present)
    if not patterns:
        bad = present[dates.read_dates(present).isna()].iloc[0]
        raise Refusal(
            f"The time column {wish.time!r} is not readable as dates, as in {str(bad)!r}; "
            "write them as 2013-01-31 or 2013-01-31 17:45."
        )
    return dates.read_dates(frame[wish.time], patterns[0])


def _describe_columns(
    frame: pd.DataFrame, wish: Wish
) -> tuple[list[Column], list[str]]:
    """Describe the inputs, and say which columns are none and why."""
    columns, notes = [], []
    for name in frame.columns.drop([wish.target, *([wish.id] if wish.id else [])]):
        kind = "date" if name == wish.time else None
        found = infer.describe_column(frame[name], kind)
        if isinstance(found, str):
            notes.append(f"{name!r} is no input: it {found}")
        else:
            columns.append(found)
    if not columns:
        raise Refusal("No column is left to predict from; give a table with inputs.")
    return columns, notes


def _choose_slices(columns: list[Column]) -> list[str]:
    """Up to three categories with few values: their groups are judged one by one."""
    few = [column.name for column in columns if 2 <= len(column.categories or []) <= 10]
    return few[:3]


def _check_parts(
    target: pd.Series, times: pd.Series | None, table: Table, seed: int
) -> None:
    """Time may have put all rows of a class into one part; nothing is learned so."""
    roles = {table.target: target} | ({} if times is None else {table.time: times})
    parts = data.split(pd.DataFrame(roles).loc[target.index], table, seed)
    learned, judged = (
        part[table.target].value_counts() for part in (parts.train, parts.validation)
    )
    if len(learned) < 2:
        raise Refusal(
            f"The target {table.target!r} is always the same in the first 60 % of the "
            "rows by time; adopt the table without TIME."
        )
    poor = [
        name
        for name in table.classes
        if learned.get(name, 0) < 2 or judged.get(name, 0) < 1
    ]
    if poor:
        raise Refusal(
            f"Class {poor[0]!r} of the target is in too few rows of the training part or "
            "of the validation part by time; leave it out or adopt the table without TIME."
        )


def _find_doubts(frame: pd.DataFrame, table: Table) -> list[str]:
    """What was read in one of several ways, for its owner to judge."""
    notes = []
    for column in table.columns:
        values = frame[column.name]
        if column.format and len(infer.find_patterns(values.dropna())) > 1:
            notes.append(
                f"{column.name!r} is read as {column.format}: see that it is so"
            )
        if column.kind == "category" and not column.categories:
            notes.append(f"{column.name!r} has too many categories to list them")
        if column.kind == "number" and _counts_rows(data.read_column(values, "number")):
            notes.append(f"{column.name!r} counts the rows: is it an ID={column.name}?")
    return notes


def _counts_rows(numbers: pd.Series) -> bool:
    return bool((numbers.diff().iloc[1:] == 1).all())
