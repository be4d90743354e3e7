"""Check a table, or the logged predictions, against what the model learned from."""

import argparse
import os
from pathlib import Path

from ..explain import IMPORTANCE
from ..files import ABOUT, read_json, write_json
from ..progress import say, step
from ..refusal import Refusal
from ..table import Table, read_table
from . import show, whole, window
from .profile import PATH, Counts, Profile, count, merge, read, write
from .settings import Rules, read_rules
from .verdict import Verdict, check, judge

__all__ = [
    "Counts",
    "Profile",
    "Rules",
    "Verdict",
    "check",
    "count",
    "judge",
    "merge",
    "read",
    "read_importance",
    "read_own",
    "read_rules",
    "write",
]


def read_importance(path: Path = IMPORTANCE) -> dict[str, float] | None:
    """Give the permutation importance of each column; None where none was measured."""
    if not path.is_file():
        return None
    columns = read_json(path, "run `make explain`")["columns"]
    return {item["column"]: item["importance"] for item in columns}


def read_own(table: Table) -> Profile:
    """Read the profile, if it is that of the model in models/."""
    profile, about = read(), read_json(ABOUT, "run `make train`")
    sources = {item.bins.source for item in profile.columns.values()}
    if profile.about != about or sources - set(table.features):
        raise Refusal(f"{PATH} belongs to another model; run `make profile`.")
    return profile


def main(arguments: list[str]) -> None:
    """Check a file, the log of a period, or the live part of the table."""
    parser = argparse.ArgumentParser(prog="drift", description=__doc__)
    # `make drift DATA=...` hands its words over in the environment.
    for name in ("data", "since", "until"):
        parser.add_argument(f"--{name}", default=os.environ.get(name.upper()))
    chosen = parser.parse_args(arguments)
    table, rules = read_table(), read_rules()
    profile = read_own(table)
    with step("drift: reading the rows"):
        found = window.read(chosen.data, chosen.since, chosen.until, table)
    if found.rows.empty:
        raise Refusal("There is no row to check; name a file with DATA=path.csv.")
    with step(f"drift: {len(found.rows):,} rows"):
        checked = whole.inspect(found, table, profile, rules, read_importance())
        write_json(show.JSON, show.describe(checked))
        picture = show.draw(checked.verdict)
    show.print_all(checked)
    say(f"  {show.JSON}  {picture}")
