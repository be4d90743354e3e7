"""Put the year into numbers: a file, a table in 80 columns, and a few honest sentences."""

from typing import Any

from ..evaluate import Score
from ..files import REPORTS
from ..operate.trail import Entry
from ..progress import say, show
from ..table import Table
from .picture import choose_metrics
from .plan import Plan
from .year import Lived

REPORT = REPORTS / "simulation.json"
LINES = ("frozen", "managed", "oracle")
TOLD = ("alarm", "challenge", "failure", "promote", "reject", "rollback", "hold")

Lines = dict[str, dict[str, Score]]


def average(line: dict[str, Score], metric: str) -> float | None:
    """The mean over the periods in which the metric can be told."""
    values = [found[metric] for found in line.values()]
    told = [value for value in values if value is not None]
    return sum(told) / len(told) if told else None


def describe(plan: Plan, lived: Lived, lines: Lines, table: Table) -> dict[str, Any]:
    """Give all of it as JSON."""
    metrics = choose_metrics(table)
    windows = {
        entry.version: entry.evidence["window"]
        for entry in lived.entries
        if entry.decision == "challenge"
    }
    means = {
        metric: {name: average(lines[name], metric) for name in LINES}
        for metric in metrics
    }
    return {
        "metrics": metrics,
        "periods": plan.periods,
        "rows": {"train": len(plan.train), "later": len(plan.later)},
        "answered": len(lived.answers),
        "refused": lived.refused,
        "shadows": lived.shadows,
        "lines": lines,
        "means": means,
        "decisions": [
            _describe_decision(entry, plan, windows)
            for entry in lived.entries
            if entry.decision in TOLD
        ],
    }


def _describe_decision(
    entry: Entry, plan: Plan, windows: dict[str | None, Any]
) -> dict[str, Any]:
    """A decision, its place (1.5 is the middle of the second period) and its window."""
    return {
        "window": windows.get(entry.version),
        "time": entry.time,
        "decision": entry.decision,
        "version": entry.version,
        "reason": entry.reason,
        "place": plan.locate(entry.seconds),
    }


def say_table(found: dict[str, Any]) -> None:
    """Print one line a period and one for the mean; at most 80 columns."""
    metrics = found["metrics"]
    width = 10 * len(LINES)
    titles = "  ".join(f"{name.replace('_', ' '):>{width}}" for name in metrics)
    names = "  ".join("".join(f"{line:>10}" for line in LINES) for _ in metrics)
    say(f"{'':<12}{titles}")
    say(f"{'':<12}{names}")
    for period in found["periods"]:
        scores = {line: found["lines"][line][period] for line in LINES}
        _say_row(period, {m: {n: scores[n][m] for n in LINES} for m in metrics})
    _say_row("mean", found["means"])


def _say_row(name: str, values: dict[str, dict[str, float | None]]) -> None:
    parts = [
        "".join(f"{show(value[line]):>10}" for line in LINES)
        for value in values.values()
    ]
    say(f"{name[:11]:<12}" + "  ".join(parts))


def say_summary(found: dict[str, Any], table: Table) -> None:
    """Say what the loop was worth, and what it was not."""
    metric, more_is_better = table.headline
    means = found["means"][metric]
    frozen, managed, oracle = (means[line] for line in LINES)
    count = {name: 0 for name in TOLD}
    for decision in found["decisions"]:
        count[decision["decision"]] += 1
    say(
        f"{count['challenge']} challengers: {count['promote']} promoted, "
        f"{count['reject']} rejected, {count['rollback']} rolled back; "
        f"{count['alarm']} drift alarms."
    )
    if frozen is None or managed is None or oracle is None:
        say(f"{metric} cannot be told on these rows.")
        return
    if not count["promote"]:
        say("Level 4 promoted nothing: the first model answered to the end.")
        return
    gain = managed - frozen if more_is_better else frozen - managed
    most = oracle - frozen if more_is_better else frozen - oracle
    words = "better" if gain > 0 else "worse"
    share = f", {gain / most:.0%} of what the oracle gains" if most > 0 else ""
    say(f"Level 4 kept {metric} {abs(gain):.4f} {words} than the frozen model{share}.")
