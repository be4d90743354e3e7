"""Draw the year: three lines a metric, and what was decided when."""

from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..files import REPORTS
from ..plots import save
from ..table import Table

matplotlib.use("agg")  # no screen is needed

PICTURE = REPORTS / "simulation.png"
# Colours that the colour-blind tell apart (Okabe and Ito), and marks that need no colour.
LINES: dict[str, dict[str, Any]] = {
    "oracle": {"color": "#E69F00", "ls": ":", "marker": "s", "lw": 1.8},
    "managed": {"color": "#0072B2", "ls": "-", "marker": "o", "lw": 2.6},
    "frozen": {"color": "#666666", "ls": "--", "marker": "^", "lw": 1.8},
}
NAMES = {
    "oracle": "oracle: retrained on everything before, at once",
    "managed": "managed: what level 4 kept in production",
    "frozen": "frozen: never retrained",
}
MARKS: dict[str, dict[str, Any]] = {
    "alarm": {"marker": "$!$", "color": "#D55E00"},
    "challenge": {"marker": "o", "color": "#0072B2", "mfc": "white"},
    "failure": {"marker": "x", "color": "#000000", "mew": 2},
    "promote": {"marker": "*", "color": "#009E73", "ms": 13},
    "reject": {"marker": "X", "color": "#D55E00"},
    "rollback": {"marker": "v", "color": "#CC79A7"},
    "hold": {"marker": "_", "color": "#666666", "mew": 2},
}
WORDS = {
    "alarm": "drift alarm",
    "challenge": "challenger made",
    "failure": "retraining failed",
    "promote": "promoted",
    "reject": "rejected",
    "rollback": "rolled back",
    "hold": "watch ended",
}


def choose_metrics(table: Table) -> list[str]:
    """The two metrics that are drawn, the one that decides first."""
    if table.task == "regression":
        return ["mean_absolute_error", "root_mean_squared_error"]
    return ["auc", "brier"] if table.binary else ["log_loss", "accuracy"]


def draw(found: dict[str, Any], table: Table, path: Path = PICTURE) -> Path:
    """Draw a panel a metric and a strip of the decisions below."""
    figure = Figure(figsize=(10, 8.5), layout="constrained")
    panels = figure.subplots(3, 1, sharex=True, height_ratios=[4, 4, 3])
    for axes, metric in zip(panels, choose_metrics(table)):
        _draw_metric(axes, metric, found)
    _draw_decisions(panels[2], found)
    names = [_shorten(name) for name in found["periods"]]
    panels[2].set_xticks([place + 0.5 for place in range(len(names))], names)
    panels[2].set_xlim(-0.15, len(names) + 0.15)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=3, frameon=False)
    save(figure, path)
    return path


def _name(decision: dict[str, Any]) -> str:
    """The version, with a star where it has not learned from all rows."""
    star = "*" if isinstance(decision.get("window"), int) else ""
    return f"{decision['version']}{star}"


def _shorten(name: str) -> str:
    return name.replace("$", r"\$")


def _draw_metric(axes: Axes, metric: str, found: dict[str, Any]) -> None:
    best = "less" if _less_is_better(metric) else "more"
    for line, style in LINES.items():
        values = [found["lines"][line][name][metric] for name in found["periods"]]
        points = [(p + 0.5, v) for p, v in enumerate(values) if v is not None]
        if points:
            axes.plot(*zip(*points), label=NAMES[line], ms=6, **style)
    title = f"{metric.replace('_', ' ')} of each period ({best} is better)"
    axes.set_title(title, loc="left", fontsize=11)
    for place in range(1, len(found["periods"])):
        axes.axvline(place, color="#dddddd", lw=0.8, zorder=0)
    for decision in found["decisions"]:
        if decision["decision"] in ("promote", "rollback"):
            mark = MARKS[decision["decision"]]
            axes.axvline(decision["place"], color=mark["color"], lw=1, alpha=0.6)
    axes.grid(axis="y", alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)


def _less_is_better(metric: str) -> bool:
    return metric not in ("auc", "accuracy")


def _draw_decisions(axes: Axes, found: dict[str, Any]) -> None:
    """One row a kind of decision, so that marks do not hide each other."""
    seen = [d["decision"] for d in found["decisions"]]
    kinds = [kind for kind in MARKS if kind in seen]
    for row, kind in enumerate(kinds):
        made = [d for d in found["decisions"] if d["decision"] == kind]
        style = {"ms": 9, "ls": "none", **MARKS[kind]}
        axes.plot([d["place"] for d in made], [row] * len(made), **style)
        for decision in made:
            if decision["version"] and kind != "alarm":
                at = (decision["place"], row)
                axes.annotate(
                    _name(decision),
                    at,
                    (0, 6),
                    textcoords="offset points",
                    ha="center",
                    fontsize=8,
                )
    axes.set_yticks(range(len(kinds)), [WORDS[kind] for kind in kinds])
    axes.set_ylim(len(kinds) - 0.4, -0.6)
    title = "What level 4 decided, and on which version"
    if any("*" in _name(decision) for decision in found["decisions"]):
        title += " (* learned from the last months only)"
    axes.set_title(title, loc="left", fontsize=11)
    axes.grid(axis="x", alpha=0.2)
    axes.spines[["top", "right"]].set_visible(False)
