"""Measure how often our rule and evidently's alarm for nothing, and how often for something."""

import os
import platform
from collections.abc import Callable, Iterator
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .. import data, drift
from ..drift import html
from ..files import REPORTS, replace, write_json
from ..progress import say, step
from ..refusal import Refusal
from ..settings import read_settings
from ..table import Table, read_table
from . import draws

RATES = REPORTS / "drift_rates.json"
PAGE = REPORTS / "drift_rates.md"
REFERENCE_ROWS = 20_000
# Rows of a window, and how many windows of each case are drawn; evidently takes 3 s for one.
SIZES = {100: 300, 300: 300, 1_000: 200, 10_000: 60, 100_000: 10, 1_000_000: 2}
EVIDENTLY_SIZES = {100: 5, 300: 5, 1_000: 5, 10_000: 2}
EVIDENTLY_FULL = {100: 30, 300: 30, 1_000: 30, 10_000: 20, 100_000: 4, 1_000_000: 1}
Rule = Callable[[pd.DataFrame], dict[str, bool]]


def build_ours(
    reference: pd.DataFrame, table: Table, importance: dict[str, float] | None
) -> Rule:
    """Our rule, on a profile of the reference."""
    profile, rules = drift.Profile.build(reference, table), drift.read_rules()

    def ask(rows: pd.DataFrame) -> dict[str, bool]:
        return {"ours": drift.check(rows, profile, table, rules, importance).alarm}

    return ask


def build_evidently(reference: pd.DataFrame, table: Table) -> Rule:
    """evidently's defaults: half of the columns drifted, or, read strictly, any of them."""

    def ask(rows: pd.DataFrame) -> dict[str, bool]:
        found = html.compare(reference, rows, table).dict()["metrics"]
        count = next(m for m in found if "DriftedColumnsCount" in m["metric_name"])
        value = count["value"]
        return {
            "evidently": value["share"] >= 0.5,
            "evidently, any column": value["count"] > 0,
        }

    return ask


def measure(
    rule: Rule,
    sizes: dict[int, int],
    cases: list[draws.Case],
    population: pd.DataFrame,
    seed: int,
) -> Iterator[dict[str, Any]]:
    """Give the share of windows that alarm, for each case, size and rule."""
    for size, many in sizes.items():
        for case in cases:
            random = np.random.default_rng([seed, size])
            asked = [
                rule(case.shift(draws.draw(population, size, random), random))
                for _ in range(many)
            ]
            for name in asked[0]:
                alarms = sum(bool(answer[name]) for answer in asked)
                yield {
                    "rule": name,
                    "case": case.name,
                    "drifted": case.drifted,
                    "rows": size,
                    "windows": many,
                    "alarms": alarms,
                    "rate": alarms / many,
                }


def write_page(found: dict[str, Any]) -> None:
    """Write the rates as Markdown, one column for each size of window."""
    rates = found["rates"]
    sizes = sorted({item["rows"] for item in rates})
    lines = [
        f"| rule | case | {' | '.join(f'{size:,}' for size in sizes)} |",
        f"|---|---|{'--:|' * len(sizes)}",
    ]
    for rule, case in dict.fromkeys((item["rule"], item["case"]) for item in rates):
        of = {i["rows"]: i for i in rates if (i["rule"], i["case"]) == (rule, case)}
        cells = [f"{of[size]['rate']:.0%}" if size in of else "" for size in sizes]
        lines.append(f"| {rule} | {case} | {' | '.join(cells)} |")
    for rule in dict.fromkeys(item["rule"] for item in rates):
        told = [_tell_apart(rates, rule, size) for size in sizes]
        cells = ["" if value is None else f"{value:.2f}" for value in told]
        lines.append(f"| {rule} | found less false alarms | {' | '.join(cells)} |")
    about = found["about"]
    lines += ["", ", ".join(f"{name}: {value}" for name, value in about.items()), ""]
    replace(PAGE, lambda draft: draft.write_text("\n".join(lines), "utf-8"))


def _tell_apart(rates: list[dict[str, Any]], rule: str, size: int) -> float | None:
    """Mean detection rate less mean false-alarm rate: 1 is perfect, 0 is a coin.

    Source: Youden (1950), https://doi.org/10.1002/1097-0142(1950)3:1<32::aid-cncr2820030106>3.0.co;2-3
    """
    asked = [i for i in rates if i["rule"] == rule and i["rows"] == size]
    found = [item["rate"] for item in asked if item["drifted"]]
    false = [item["rate"] for item in asked if not item["drifted"]]
    return float(np.mean(found) - np.mean(false)) if found and false else None


def describe(population: pd.DataFrame) -> dict[str, Any]:
    """Say what was measured, where and when."""
    return {
        "command": "make drift-rates" + (" FULL=1" if os.environ.get("FULL") else ""),
        "date": date.today().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "evidently": version("evidently"),
        "reference rows": REFERENCE_ROWS,
        "drawn from rows": len(population),
    }


def main(_arguments: list[str]) -> None:
    """Measure both rules on windows drawn from the prepared table."""
    seed, own = read_settings().seed, read_table()
    population = data.read_prepared(own)
    table, importance = draws.forget_time(own), drift.read_importance()
    if not table.columns:
        raise Refusal("All inputs are dates; there is nothing to draw.")
    population = population[table.features]
    reference = draws.draw(population, REFERENCE_ROWS, np.random.default_rng(seed))
    cases = draws.list_cases(population, table, importance)
    full = os.environ.get("FULL")
    with step("drift-rates: our rule"):
        ours = build_ours(reference, table, importance)
        rates = list(measure(ours, SIZES, cases, population, seed))
    with step("drift-rates: evidently's rule"):
        rival = build_evidently(reference, table)
        sizes = EVIDENTLY_FULL if full else EVIDENTLY_SIZES
        rates += measure(rival, sizes, cases, population, seed)
    found = {"about": describe(population), "rates": rates}
    write_json(RATES, found)
    write_page(found)
    say(Path(PAGE).read_text("utf-8"))
    say(f"  {RATES}  {PAGE}")
