"""Draw which columns matter, and how the answer moves with the first numbers."""

from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from ..files import REPORTS
from ..plots import save

matplotlib.use("agg")  # no screen is needed

PLOT = REPORTS / "importance.png"
MOST = 15


def draw(found: dict[str, Any]) -> Path:
    """Bars of importance above, small curves of dependence below."""
    shown, curves = found["columns"][:MOST], found["dependence"]
    bars = 0.27 * len(shown) + 1.2
    figure = Figure(figsize=(7, bars + (2.2 if curves else 0)), layout="constrained")
    if curves:
        above, below = figure.subfigures(
            2, 1, squeeze=False, height_ratios=[bars, 2.2]
        )[:, 0]
        panels = below.subplots(1, max(3, len(curves)), sharey=True)
        for axes in panels[len(curves) :]:
            axes.set_visible(False)
        for axes, curve in zip(panels, curves):
            _draw_curve(axes, curve)
        _name_answers(below, panels[0], curves[0])
        _draw_bars(above.subplots(), shown, found)
    else:
        _draw_bars(figure.subplots(), shown, found)
    save(figure, PLOT)
    return PLOT


def _draw_bars(axes: Axes, shown: list[dict[str, Any]], found: dict[str, Any]) -> None:
    """The most important column on top, with the spread over the repeats."""
    places = range(len(shown))
    values = [item["importance"] for item in shown]
    spread = [item["spread"] for item in shown]
    axes.barh(places, values, xerr=spread, color="#4c86c2", error_kw={"ecolor": "#444"})
    axes.set_yticks(places, [escape(item["column"]) for item in shown], fontsize=8)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    more = f": the first {MOST}" if len(shown) < len(found["columns"]) else ""
    axes.set_title(f"What the model leans on{more}", loc="left", fontsize=10)
    worse = "lost" if found["metric"] in {"auc"} else "added"
    metric = found["metric"].replace("_", " ")
    axes.set_xlabel(f"{metric} {worse} when the column is shuffled", fontsize=9)
    axes.grid(axis="x", alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)


def _draw_curve(axes: Axes, curve: dict[str, Any]) -> None:
    for answer, means in list(curve["answers"].items())[:6]:
        axes.plot(curve["values"], means, label=escape(answer), lw=1.8)
    axes.set_xlabel(escape(curve["column"]), fontsize=8)
    axes.tick_params(labelsize=8)
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)


def _name_answers(below: SubFigure, axes: Axes, curve: dict[str, Any]) -> None:
    """One answer names the axis; several get a legend below."""
    answers = list(curve["answers"])
    if len(answers) == 1:
        axes.set_ylabel(f"mean {escape(answers[0])}", fontsize=8)
        return
    lines, names = axes.get_legend_handles_labels()
    below.legend(lines, names, loc="outside lower center", ncols=3, fontsize=7)


def escape(text: str, most: int = 32) -> str:
    """Cut a long name; a dollar sign would start a formula."""
    flat = " ".join(text.split()).replace("$", r"\$")
    return flat if len(flat) <= most else flat[: most - 1] + "…"
