"""Write evidently's readable report of a sample of the rows, to reports/drift.html."""

import argparse
import os
from dataclasses import replace

import pandas as pd

from . import data
from .drift import html, window
from .files import REPORTS
from .files import replace as replace_file
from .progress import say, step
from .refusal import Refusal
from .settings import read_settings
from .table import Table, read_table

PAGE = REPORTS / "drift.html"
MOST_ROWS = 5_000


def find_obstacles(rows: pd.DataFrame, table: Table) -> dict[str, str]:
    """Name the columns that evidently cannot draw, each with the reason."""
    found = {}
    for column in table.columns:
        if column.name not in rows:
            found[column.name] = "is not among the columns"
        elif column.kind == "date":
            found[column.name] = "is a date"
        elif rows[column.name].isna().all():
            found[column.name] = "has no value"
    return found


def sample(rows: pd.DataFrame, table: Table, seed: int) -> pd.DataFrame:
    """Draw at most MOST_ROWS rows and give the columns that are there their types."""
    drawn = rows.sample(min(len(rows), MOST_ROWS), random_state=seed)
    there = [column for column in table.columns if column.name in drawn]
    return pd.DataFrame(
        {c.name: data.read_column(drawn[c.name], c.kind, c.format) for c in there}
    )


def write(reference: pd.DataFrame, current: pd.DataFrame, table: Table) -> list[str]:
    """Write the report of two samples, and say in sentences what is not in it."""
    obstacles = {
        **find_obstacles(reference, table),
        **find_obstacles(current, table),
    }
    kept = [column for column in table.columns if column.name not in obstacles]
    if not kept:
        raise Refusal("No column can be drawn: all are dates, empty or not there.")
    try:
        page = html.compare(reference, current, replace(table, columns=kept), True)
        replace_file(PAGE, lambda draft: page.save_html(str(draft)))
    except Exception as error:  # pylint: disable=broad-except
        reason = " ".join(str(error).split())[:200]
        raise Refusal(
            f"evidently cannot make a report of these rows ({type(error).__name__}: "
            f"{reason}); `make drift` checks them without it."
        ) from error
    return [f"{name} {why} and is not in the report" for name, why in obstacles.items()]


def main(arguments: list[str]) -> None:
    """Report on a file, the log of a period, or the live part of the table."""
    parser = argparse.ArgumentParser(prog="drift_report", description=__doc__)
    for name in ("data", "since", "until"):
        parser.add_argument(f"--{name}", default=os.environ.get(name.upper()))
    chosen = parser.parse_args(arguments)
    table, seed = read_table(), read_settings().seed
    found = window.read(chosen.data, chosen.since, chosen.until, table)
    if found.rows.empty:
        raise Refusal("There is no row to report on; name a file with DATA=path.csv.")
    reference = sample(data.read_parts()[1].train, table, seed)
    with step(f"drift-report: a sample of {len(found.rows):,} rows"):
        said = write(reference, sample(found.rows, table, seed), table)
    for sentence in said:
        say(f"  {sentence}")
    say(f"  {PAGE}  {PAGE.stat().st_size / 1e6:.1f} MB")
