"""Draw the metric of each group with its interval, beside the metric of all rows."""

from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..files import REPORTS
from ..plots import save

matplotlib.use("agg")  # no screen is needed

PLOT = REPORTS / "slices.png"
BLUE, GREY = "#1f5a99", "#8a8a8a"


def draw(found: dict[str, Any]) -> Path:
    """Draw a panel a column, one below the other; an empty page when nothing is declared."""
    slices = {
        name: [g for g in groups if g["metrics"][found["headline"]] is not None]
        for name, groups in found["slices"].items()
    }
    heights = [len(groups) + 1.5 for groups in slices.values()] or [2]
    figure = Figure(figsize=(7, 0.9 + 0.27 * sum(heights)), layout="constrained")
    panels = figure.subplots(
        len(heights), 1, squeeze=False, sharex=True, height_ratios=heights
    )[:, 0]
    for axes, (name, groups) in zip(panels, slices.items()):
        _draw_groups(axes, name, groups, found)
    if not slices:
        panels[0].set_axis_off()
        panels[0].text(
            0.5, 0.5, "No group is declared in conf/table.yaml.", ha="center"
        )
    else:
        panels[-1].set_xlabel(
            f"{found['headline'].replace('_', ' ')}, 95 % interval; dashed: all rows"
        )
    save(figure, PLOT)
    return PLOT


def _draw_groups(
    axes: Axes, name: str, groups: list[dict[str, Any]], found: dict[str, Any]
) -> None:
    """One row a group: dot and interval; grey where there are few rows."""
    headline = found["headline"]
    for place, group in enumerate(groups):
        colour = GREY if group["small"] else BLUE
        if group["interval"]:
            axes.plot(group["interval"], [place, place], color=colour, lw=2, alpha=0.55)
        axes.plot(group["metrics"][headline], place, "o", color=colour, ms=5)
    axes.axvline(found["overall"]["metrics"][headline], color="black", lw=1, ls="--")
    axes.set_yticks(range(len(groups)), [_label(group) for group in groups], fontsize=8)
    axes.set_ylim(len(groups) - 0.4, -0.6)
    axes.set_title(_escape(f"By {name}"), loc="left", fontsize=10)
    axes.grid(axis="x", alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)


def _label(group: dict[str, Any]) -> str:
    return _escape(f"{group['group'][:30]}  ({group['metrics']['rows']:,})")


def _escape(text: str) -> str:
    """A dollar sign would start a formula."""
    return text.replace("$", r"\$").replace("\n", " ")
