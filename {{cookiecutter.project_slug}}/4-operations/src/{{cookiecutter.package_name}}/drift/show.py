"""Show a check: a table for the terminal, JSON for the status page, and a picture."""

import textwrap
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.figure import Figure

from ..files import REPORTS
from ..plots import save
from ..progress import say
from ..progress import show as show_metric
from .change import Change
from .classifier import Separation
from .verdict import Verdict
from .whole import Whole

matplotlib.use("agg")
SCHEMA = 1
JSON = REPORTS / "drift.json"
PICTURE = REPORTS / "drift.png"
MOST_SHOWN = 20
MOST_DRAWN = 25


def describe(checked: Whole) -> dict[str, Any]:
    """Write a check for programs; docs/4-operations.md says what each name means."""
    verdict = checked.verdict
    return {
        "schema": SCHEMA,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "checked": checked.window,
        "rows": verdict.rows,
        "alarm": verdict.alarm,
        "score": round(verdict.score, 4),
        "reasons": verdict.reasons,
        "absent": list(verdict.absent),
        "columns": [_describe_change(item) for item in verdict.columns],
        "predictions": [_describe_change(item) for item in verdict.predictions],
        "classifier": _describe_separation(checked.apart),
        "skew": {
            "rows": checked.compared,
            "columns": [asdict(item) for item in checked.skewed],
        },
        "estimate": checked.expected,
        "realised": checked.realised,
        "reference": checked.reference,
    }


def _describe_change(item: Change) -> dict[str, Any]:
    shown = {
        name: round(value, 5) if isinstance(value, float) else value
        for name, value in asdict(item).items()
    }
    return {**shown, "drifted": item.drifted, "size": round(item.size, 5)}


def _describe_separation(found: Separation | None) -> dict[str, Any] | None:
    if found is None:
        return None
    columns = [{"column": name, "auc_lost": loss} for name, loss in found.columns]
    return {**asdict(found), "columns": columns}


def print_all(checked: Whole) -> None:
    """Print what was found, the verdict last, where the eye rests."""
    verdict = checked.verdict
    print_table(verdict)
    if checked.apart:
        apart = checked.apart
        say(
            f"  told from the training rows with AUC {apart.auc:.2f}; by chance "
            f"{apart.chance:.2f}, usual {apart.usual:.2f}"
        )
    print_performance(checked.expected, checked.realised)
    for reason in verdict.reasons:
        say(textwrap.fill(reason, 78, initial_indent="  - ", subsequent_indent="    "))
    say(f"  {'ALARM' if verdict.alarm else 'no alarm'}, score {verdict.score:.2f}")


def print_performance(
    expected: dict[str, Any], realised: dict[str, float | None] | None
) -> None:
    """Print the estimated metrics, and the realised ones beside them where there are some."""
    if not expected["available"]:
        say(f"  estimate: {expected['why']}")
        return
    for name in ("auc", "accuracy", "log_loss", "brier"):
        if name in expected:
            real = show_metric((realised or {}).get(name))
            say(f"  {name:<10}estimated {show_metric(expected[name])}, realised {real}")


def print_table(verdict: Verdict) -> None:
    """Print the columns, the largest change first, in 80 signs a line."""
    head = f"  {'column':<28}{'moved':>7}{'usual':>7}{'PSI':>7}{'missing':>9}{'was':>6}"
    say(f"{head}{'weight':>8}")
    for item in [*verdict.predictions, *verdict.columns][:MOST_SHOWN]:
        mark = "!" if item.drifted else " "
        weight = "" if item in verdict.predictions else f"{item.weight:.0%}"
        say(
            f"{mark} {_shorten(item.name, 27):<28}{item.distance:>7.2f}{item.usual:>7.2f}"
            f"{item.psi:>7.2f}{item.missing:>9.0%}{item.missing_before:>6.0%}{weight:>8}"
        )
    left = len(verdict.columns) + len(verdict.predictions) - MOST_SHOWN
    if left > 0:
        say(f"  and {left} more in {JSON}")


def _shorten(name: str, most: int) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}~"


def draw(verdict: Verdict) -> Path:
    """Draw how far each column moved, beside how far windows of the past went."""
    shown = verdict.columns[:MOST_DRAWN][::-1]
    figure = Figure(figsize=(7, 1.2 + 0.26 * len(shown)), layout="constrained")
    axes, places = figure.subplots(), range(len(shown))
    colours = ["#c0392b" if item.drifted else "#9aa5b1" for item in shown]
    axes.barh(places, [item.size for item in shown], color=colours)
    usual = [item.usual for item in shown]
    axes.plot(usual, places, "|", color="black", markersize=9, label="usual at most")
    names = [_shorten(item.name, 30).replace("$", r"\$") for item in shown]
    axes.set_yticks(places, names)
    axes.set_xlim(0, 1)
    axes.set_xlabel("share of the rows that moved")
    title = "Drift: alarm" if verdict.alarm else "Drift: no alarm"
    axes.set_title(f"{title}, score {verdict.score:.2f}", loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="lower right")
    return save(figure, PICTURE)
