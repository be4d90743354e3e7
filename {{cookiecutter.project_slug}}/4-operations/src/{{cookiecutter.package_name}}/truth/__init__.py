"""What really happened comes late: take labels in, and measure the model with them."""

import argparse
import os
from pathlib import Path

from ..progress import say, show, step
from ..refusal import Refusal
from ..table import read_table
from . import intake, performance


def take_labels(given: str | None) -> None:
    """Add a file of labels to the event log and say what was in it."""
    if not given:
        raise Refusal("Name a file of labels: make labels DATA=labels.csv.")
    with step(f"labels: reading {given}"):
        taken = intake.take_file(Path(given), read_table())
    say(f"  {taken.new:,} of {taken.rows:,} labels are new")
    for count, what in (
        (taken.repeated, "repeat a label that is known and says the same"),
        (taken.differing, "contradict a label that is known; the first one stays"),
        (taken.empty, "have no id or no label and are left out"),
        (taken.unknown, "speak of an id that was not predicted here (yet)"),
    ):
        if count:
            say(f"  {count:,} {what}")


def tell_performance() -> None:
    """Measure every version on the labels so far and say the headline of each."""
    table = read_table()
    with step("performance: joining predictions and labels"):
        found = performance.find(table)
        performance.write(found)
    labels, headline = found["labels"], found["headline"]
    say(
        f"  {labels['labelled']:,} of {labels['predictions']:,} predictions have a label"
    )
    if labels["delay_days"]:
        delay = labels["delay_days"]
        say(f"  labels come after {delay['p50']:.1f} days (p90: {delay['p90']:.1f})")
    for version, measured in found["versions"].items():
        rows = measured["overall"]["rows"]
        value = show(measured["overall"][headline])
        say(f"  version {version}: {headline} {value} on {rows:,} rows")
    say(f"  {performance.PERFORMANCE}")


def main(arguments: list[str]) -> None:
    """Take labels in, or measure with those that are there."""
    parser = argparse.ArgumentParser(prog="truth", description=__doc__)
    parser.add_argument("what", choices=("labels", "performance"))
    # `make labels DATA=...` hands its word over in the environment.
    parser.add_argument("--data", default=os.environ.get("DATA"))
    chosen = parser.parse_args(arguments)
    if chosen.what == "labels":
        take_labels(chosen.data)
    else:
        tell_performance()
