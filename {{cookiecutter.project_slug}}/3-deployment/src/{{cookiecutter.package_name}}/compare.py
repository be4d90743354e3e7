"""Judge the challenger against the champion on the requests that both have answered."""

import argparse
import os
import time
from pathlib import Path

import pandas as pd

from . import aliases, data
from .events import EventLog
from .files import REPORTS, write_json
from .progress import say, step
from .refusal import Refusal
from .release.compare import Verdict, compare
from .release.compare.pairs import read_pairs
from .release.settings import read_release
from .source import read_file
from .table import Table, read_table

REPORT = REPORTS / "comparison.json"


def read_labels(path: Path, table: Table) -> list[dict[str, object]]:
    """Read what really happened: a file with the table's id and its target."""
    words = [table.target] if table.task == "classification" else []
    frame = read_file(path, [table.id or "id", *words])
    for name in (table.id or "id", table.target):
        if name not in frame:
            raise Refusal(f"{path} has no column {name!r}; labels need it.")
    target = data.read_target(frame[table.target], table)
    found = pd.DataFrame({"id": frame[table.id or "id"], "label": target}).dropna()
    both = zip(found["id"], found["label"], strict=True)
    return [{"id": name, "time": time.time(), "label": label} for name, label in both]


def keep_labels(path: Path, table: Table) -> None:
    """Put the labels of a file into the event log."""
    labels = read_labels(path, table)
    log = EventLog()
    log.extend("label", labels)
    log.close()
    say(f"  {len(labels):,} labels of {path}")


def find_challenger() -> tuple[str, str]:
    """Give the version that is tried and the champion's."""
    alias = read_release().strategy.challenger
    versions = aliases.find(alias), aliases.find(aliases.CHAMPION)
    if versions[0] is None or versions[1] is None:
        raise Refusal(
            f"The registry has no champion or no alias {alias!r}; register both first."
        )
    return versions[0], versions[1]


def show(verdict: Verdict) -> None:
    """Print one line a metric, then the verdict."""
    for item in verdict.found:
        say(
            f"  {item.metric:<20} {item.champion:.4f} -> {item.challenger:.4f}  "
            f"gain {item.low:+.4f} to {item.high:+.4f}"
        )
    if verdict.p_value is not None:
        say(
            f"  only the champion is right on {verdict.only_champion:,} rows, only the "
            f"challenger on {verdict.only_challenger:,} (p = {verdict.p_value:.2g})"
        )
    say(f"  {verdict.verdict}: {verdict.reason}")


def main(arguments: list[str]) -> None:
    """Compare, after the labels of a file were added if one is named."""
    parser = argparse.ArgumentParser(prog="compare", description=__doc__)
    parser.add_argument("--labels", default=os.environ.get("LABELS") or None)
    labels, table = parser.parse_args(arguments).labels, read_table()
    challenger, champion = find_challenger()
    if labels:
        keep_labels(Path(labels), table)
    with step(f"compare: version {challenger} with version {champion}"):
        pairs = read_pairs(challenger, champion)
        verdict = compare(pairs, table, read_release().comparison)
    about = {"champion": champion, "challenger": challenger}
    write_json(REPORT, about | verdict.to_json())
    show(verdict)
