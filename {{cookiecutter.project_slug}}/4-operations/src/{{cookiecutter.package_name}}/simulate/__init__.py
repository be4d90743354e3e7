"""Live through the later rows of the table in minutes: served, labelled late, retrained."""

import argparse
import contextlib
import multiprocessing
import os
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from .. import data, status
from ..files import write_json
from ..operate.settings import Operations, Simulation, read_operations
from ..progress import say, step
from ..settings import Settings, read_settings
from ..table import Table
from ..truth import performance
from . import picture, place, plan, report, rivals, year


def run(
    planned: plan.Plan, table: Table, chosen: Settings, settings: Simulation
) -> Any:
    """Live through the plan in the folder of now; gives what was lived and the three lines."""
    # The oracle needs nobody's answers: it is computed beside, where a core is idle.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context, rivals.give_way) as pool:
        oracle = pool.submit(rivals.score_oracle, planned, table, chosen)
        with step("simulate: training and packaging the first champion"):
            fitted = place.begin(planned, table, chosen)
        say(
            f"simulate: {len(planned.later):,} rows through the service, one turn every "
            f"{settings.turn_days:g} days"
        )
        lived = year.live_through(planned, table, settings)
        with step("simulate: waiting for the oracle"):
            lines = {
                "frozen": rivals.score_frozen(fitted, planned, table),
                "managed": year.score_managed(lived, planned, table),
                "oracle": oracle.result(),
            }
    return lived, lines


def main(arguments: list[str]) -> None:
    """Simulate all later rows, or the first months; FULL=1 takes every row of them."""
    parser = argparse.ArgumentParser(prog="simulate", description=__doc__)
    # `make simulate MONTHS=... FULL=1` hands its words over in the environment.
    parser.add_argument("--months", default=os.environ.get("MONTHS") or "")
    full = os.environ.get("FULL", "") not in {"", "0"}
    parser.add_argument("--full", action="store_true", default=full)
    wanted = parser.parse_args(arguments)
    # Its registry is its own, whichever the owner's is.
    os.environ.pop("MLFLOW_TRACKING_URI", None)
    warnings.filterwarnings("ignore", category=UserWarning, module="mlflow")
    planned, table, settings = prepare(wanted.months, wanted.full)
    with contextlib.chdir(place.make(settings)):
        lived, lines = run(planned, table, read_settings(), settings.simulation)
        page = write_page(table)
    found = report.describe(planned, lived, lines, table)
    write_json(report.REPORT, found)
    drawn = picture.draw(found, table)
    report.say_table(found)
    report.say_summary(found, table)
    say(f"  {drawn}  {report.REPORT}  {place.FOLDER}/operations/trail.jsonl")
    say(f"  {place.FOLDER / page}  what the operator sees on its last day")


def write_page(table: Table) -> Path:
    """Write the operator's page of the folder of now, with what the labels say by now."""
    with step("simulate: writing the operator's page"):
        performance.write(performance.find(table))
        return status.write()


def prepare(months: str, full: bool) -> tuple[plan.Plan, Table, Operations]:
    """Plan what is wanted of the table of this project."""
    settings = read_operations()
    with step("simulate: planning"):
        table, parts = data.read_parts()
        rows = 0 if full else settings.simulation.rows
        wish = plan.Wish(read_settings().seed, months, rows)
        return plan.make(parts, table, settings.simulation, wish), table, settings
