"""Draw lines and bars as SVG that takes its colours from the page, light or dark."""

import io
import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import matplotlib
import pandas as pd
from matplotlib import dates
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..explain.plot import escape

# Stand-ins that no drawing needs otherwise; each becomes a variable of the page's style.
COLOURS = {
    "#010101": "var(--ink)",
    "#020202": "var(--muted)",
    "#030303": "var(--line)",
    "#040404": "var(--one)",
    "#050505": "var(--two)",
    "#060606": "var(--three)",
    "#070707": "var(--four)",
    "#080808": "var(--five)",
    "#090909": "var(--six)",
}
INK, MUTED, LINE, ONE, TWO, *_ = COLOURS
SERIES = list(COLOURS)[3:]
STYLE: Any = {
    "svg.fonttype": "none",
    "font.size": 9,
    "text.color": INK,
    "axes.edgecolor": LINE,
    "axes.labelcolor": MUTED,
    "xtick.color": LINE,
    "ytick.color": LINE,
    "xtick.labelcolor": MUTED,
    "ytick.labelcolor": MUTED,
    "grid.color": LINE,
    "legend.frameon": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
# Inches at which the letters are as large as those beside them.
WIDE, NARROW, HEIGHT = 4.6, 4.0, 2.5


@dataclass(frozen=True)
class Lines:
    """What a performance chart shows: one value, or None, for each period."""

    periods: list[str]
    series: dict[str, list[float | None]]
    promise: list[float | None] = field(default_factory=list)
    marks: dict[str, str] = field(default_factory=dict)


def draw(
    name: str, paint: Callable[[Axes], None], says: str, width: float = NARROW
) -> str:
    """Let `paint` fill the axes, and give the SVG; `says` is read to who cannot see it."""
    with (
        matplotlib.rc_context({**STYLE, "svg.hashsalt": name}),
        warnings.catch_warnings(),
    ):
        warnings.filterwarnings("ignore", message="Glyph")
        figure = Figure(figsize=(width, HEIGHT), layout="constrained")
        axes = figure.subplots()
        axes.grid(axis="y", linewidth=0.6)
        axes.set_axisbelow(True)
        axes.tick_params(length=0)
        paint(axes)
        out = io.StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
    return _adopt(out.getvalue(), says)


def _adopt(text: str, says: str) -> str:
    """Make a file of its own into a part of the page: its width, font and colours."""
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'<svg ([^>]*?)width="[^"]*" ', r"<svg \1", text, count=1)
    text = re.sub(r'<svg ([^>]*?)height="[^"]*" ', r"<svg \1", text, count=1)
    text = re.sub(r"font-family:[^;\"]*;?", "", text)
    text = re.sub(r"(font: (?:\d+ )?[\d.]+px) [^;\"]*", r"\1 inherit", text)
    for stand_in, variable in COLOURS.items():
        text = text.replace(stand_in, variable)
    label = says.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return text.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)


def draw_bars(name: str, values: pd.Series, label: str) -> str:
    """One bar for each moment."""

    def paint(axes: Axes) -> None:
        # A day is 1 on this axis.
        gaps = values.index.to_series().diff().dropna().dt.total_seconds()
        width = float(gaps.min()) / 86_400 * 0.85 if len(gaps) else 0.8
        axes.bar(values.index, values.to_numpy(), width=width, color=ONE)
        axes.set_ylabel(label)
        _tell_dates(axes)

    return draw(name, paint, f"{label} over time, at most {values.max():,.0f}")


def draw_lines(
    name: str, values: pd.DataFrame, label: str, floor: float | None = 0
) -> str:
    """One line for each column, over time; `floor` is where the axis begins."""

    def paint(axes: Axes) -> None:
        for (column, line), colour in zip(values.items(), SERIES, strict=False):
            axes.plot(
                line.index,
                line,
                color=colour,
                label=escape(str(column), 28),
                linewidth=1.6,
            )
        if floor is not None:
            axes.set_ylim(bottom=floor)
        axes.set_ylabel(label)
        _tell_dates(axes)
        _name_lines(axes)

    return draw(name, paint, f"{', '.join(map(str, values))} over time")


def draw_periods(name: str, shown: Lines, label: str) -> str:
    """Realised and estimated figures period by period, what was promised, and promotions."""

    def paint(axes: Axes) -> None:
        places = range(len(shown.periods))
        styles = [("-", "o", ONE, 2.0), ("--", "", TWO, 1.6)]
        for (title, values), (dash, dot, colour, width) in zip(
            shown.series.items(), styles, strict=False
        ):
            known = [float("nan") if value is None else value for value in values]
            axes.plot(
                places,
                known,
                dash,
                marker=dot,
                color=colour,
                label=title,
                linewidth=width,
                markersize=4.5,
            )
        promise = [float("nan") if value is None else value for value in shown.promise]
        if any(value is not None for value in shown.promise):
            axes.plot(
                places,
                promise,
                drawstyle="steps-mid",
                color=MUTED,
                linewidth=1,
                label="before release",
            )
        for period, text in shown.marks.items():
            _mark(axes, shown.periods.index(period), text)
        _name_periods(axes, shown.periods)
        axes.set_ylabel(label)
        axes.margins(y=0.18)
        _name_lines(axes)

    says = f"{label}: {', '.join(shown.series)} by period"
    return draw(name, paint, says, WIDE)


def _mark(axes: Axes, place: int, text: str) -> None:
    """Mark that another version took over."""
    axes.axvline(place, color=MUTED, linewidth=0.8, linestyle=":")
    axes.annotate(
        text,
        (place, 1),
        (3, -2),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        va="top",
        fontsize=8,
        color=MUTED,
    )


def _name_periods(axes: Axes, periods: Sequence[str]) -> None:
    """Name as many periods as have room."""
    step = -(-len(periods) // 9)
    places = list(range(0, len(periods), step))
    names = [_shorten(periods[place], periods) for place in places]
    axes.set_xticks(places, names)


def _shorten(period: str, periods: Sequence[str]) -> str:
    """Write 2013-04 as Apr, with the year where it begins; a day without its year."""
    if len(period) != 7:
        return period[5:]
    month = datetime.strptime(period, "%Y-%m").replace(tzinfo=UTC)
    new = period == periods[0] or month.month == 1
    return month.strftime("%b\n%Y" if new else "%b")


def _tell_dates(axes: Axes) -> None:
    locator: Any = dates.AutoDateLocator(minticks=3, maxticks=6)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(dates.ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    axes.xaxis.get_offset_text().set_color(MUTED)


def _name_lines(axes: Axes) -> None:
    """Name the lines above the picture, where they hide nothing."""
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=3,
        fontsize=8,
        borderaxespad=0,
        handlelength=1.4,
        columnspacing=1.2,
    )
