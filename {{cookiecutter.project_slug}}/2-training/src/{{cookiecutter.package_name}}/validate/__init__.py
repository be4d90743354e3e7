"""Validate the table, and stop the pipeline when it is not what conf/table.yaml says."""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from .. import data
from ..files import PREPARED, REPORTS, write_json
from ..progress import say, step
from ..refusal import Refusal
from ..settings import read_settings
from ..source import read_file
from ..table import PARTS, Table, read_table
from ..training import PATH, Validation, read_training
from . import leaks, months, schema
from .faults import Fault, Problem, find_months, judge

REPORT = REPORTS / "validation.json"
DELIVERED = REPORTS / "delivered.json"
SHOWN = 5
CHECKS = (
    "rows type missing unreadable out_of_range new_category new_class duplicate "
    "month_rows month_missing split_order future outside leak"
).split()


def inspect(frame: pd.DataFrame, table: Table, limits: Validation) -> list[Problem]:
    """Check what holds for any piece of the table: values, ids and months."""
    faults = [
        *schema.find_faults(frame, table, limits),
        *schema.find_duplicates(frame, table, limits),
        *leaks.find_future(frame, table),
    ]
    return [*_judge(faults, frame, table), *months.find_problems(frame, table, limits)]


def inspect_raw(
    raw: pd.DataFrame, frame: pd.DataFrame, table: Table, limits: Validation
) -> list[Problem]:
    """Check what is lost when the raw values are read: it cannot be seen afterwards."""
    return _judge(schema.find_unreadable(raw, frame, table, limits), frame, table)


def inspect_parts(
    frame: pd.DataFrame, table: Table, limits: Validation
) -> list[Problem]:
    """Check what only the whole table can show: its parts, and leaks between them."""
    parts = data.split(frame, table, read_settings().seed)
    return [
        *_judge(leaks.find_outside(frame, table, limits), frame, table),
        *_count(parts, limits),
        *leaks.find_split_problems(table),
        *leaks.find_leaks(parts.train, table, limits),
    ]


def _judge(
    faults: Iterator[Fault] | list[Fault], frame: pd.DataFrame, table: Table
) -> list[Problem]:
    moments = find_months(frame, table)
    judged = (judge(fault, moments) for fault in faults)
    return [problem for problem in judged if problem]


def _count(parts: data.Parts, limits: Validation) -> Iterator[Problem]:
    for name in PARTS:
        rows, least = len(getattr(parts, name)), limits.min_rows.get(name, 0)
        if rows < least:
            message = f"Part {name!r} has {rows:,} rows; at least {least:,} are needed"
            yield Problem("rows", message, rows=rows)


def inspect_table(table: Table, limits: Validation) -> tuple[int, list[Problem]]:
    """Validate what `make data` prepared, and the file that it came from."""
    frame, problems = data.read_prepared(table), []
    if Path(table.source).is_file():
        problems += inspect_file(Path(table.source), table, limits, lost_only=True)[1]
    problems += inspect(frame, table, limits) + inspect_parts(frame, table, limits)
    return len(frame), problems


def inspect_file(
    path: Path, table: Table, limits: Validation, lost_only: bool = False
) -> tuple[int, list[Problem]]:
    """Validate a file of new rows, with or without the target."""
    raw = read_file(path, data.list_words(table))
    frame = data.conform(raw, table)
    problems = inspect_raw(raw, frame, table, limits)
    return len(frame), (
        problems if lost_only else problems + inspect(frame, table, limits)
    )


def report(path: Path, source: str, rows: int, problems: list[Problem]) -> None:
    """Write all that was found, then refuse the table when that is anything."""
    found = [problem.as_dict() for problem in problems]
    write_json(path, {"table": source, "rows": rows, "problems": found})
    if problems:
        lines = [f"  {problem.message}." for problem in problems[:SHOWN]]
        if len(problems) > SHOWN:
            lines.append(f"  And {len(problems) - SHOWN} more.")
        raise Refusal(
            f"{source} is not what conf/table.yaml says:\n"
            + "\n".join(lines)
            + f"\n  All of it is in {path}; what is allowed is in {PATH}."
        )
    say(f"  {path}  no problem found")


def main(arguments: list[str]) -> None:
    """Validate a delivered file, or the prepared table when none is named."""
    parser = argparse.ArgumentParser(prog="validate", description=__doc__)
    # `make validate DATA=...` hands its word over in the environment.
    parser.add_argument("--data", default=os.environ.get("DATA"))
    given = parser.parse_args(arguments).data
    table, limits = read_table(), read_training().validation
    unknown = sorted(set(limits.skip) - set(CHECKS))
    if unknown:
        raise Refusal(
            f"`skip` in {PATH} names {', '.join(unknown)}; known are {', '.join(CHECKS)}."
        )
    with step(f"validate: {given or PREPARED}"):
        if given:
            rows, problems = inspect_file(Path(given), table, limits)
        else:
            rows, problems = inspect_table(table, limits)
    kept = [problem for problem in problems if problem.check not in limits.skip]
    report(DELIVERED if given else REPORT, given or str(PREPARED), rows, kept)
