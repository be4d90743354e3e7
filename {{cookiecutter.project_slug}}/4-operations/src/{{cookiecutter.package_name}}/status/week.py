"""What happened this week: the last seven days of the log, for people who were not there."""

import math
from functools import partial
from pathlib import Path

import pandas as pd

from ..files import REPORTS, replace
from ..history import Line, show_time
from . import sections, traffic
from .advice import advise
from .page import GOOD, Grid, Page, Section, Tile, write_html, write_markdown
from .situation import Situation, gather

DAY = 86_400.0
PAGES = (REPORTS / "week.md", REPORTS / "week.html")


def make(known: Situation) -> Page:
    """Put the page together; `known` holds the whole log, the page its last week."""
    begin = known.now - 7 * DAY
    rows = known.rows[known.rows["time"] > begin]
    trail, deployed = _since(known.trail, begin), _since(known.deployed, begin)
    return Page(
        title=f"{__name__.partition('.')[0].replace('_', ' ')}: this week",
        pill=(GOOD, f"version {known.version}" if known.version else "no model"),
        below=f"{show_time(begin)} to {show_time(known.now)} UTC, by the log's clock.",
        tiles=_tell(known, begin),
        todos=advise(known),
        sections=[
            _show_days(rows),
            _show_versions(known, begin),
            sections.show_decisions(trail) if trail else _nothing("Decisions"),
            (
                sections.show_deployments(deployed)
                if deployed
                else _nothing("Deployments")
            ),
        ],
        footer="Made by `make week`; `make status` shows the whole time.",
    )


def _since(lines: list[Line], begin: float) -> list[Line]:
    return [line for line in lines if line["time"] > begin]


def _nothing(title: str) -> Section:
    return Section(title, ["None this week."])


def _tell(known: Situation, begin: float) -> list[Tile]:
    """This week's figures beside those of the week before."""
    times, latency = known.rows["time"], known.rows["latency"]
    now, before = times > begin, times.between(begin - 7 * DAY, begin)
    decided = [line.get("decision") for line in _since(known.trail, begin)]
    alarms = decided.count("alarm")
    slow, slow_before = (float(latency[of].quantile(0.99)) for of in (now, before))
    return [
        Tile("Rows", f"{now.sum():,}", f"{before.sum():,} the week before"),
        Tile("99 of 100 within", _ms(slow), f"{_ms(slow_before)} the week before"),
        Tile("Alarms", str(alarms), "lines of the trail"),
        Tile(
            "Promotions",
            str(decided.count("promote")),
            f"{decided.count('reject')} rejected",
        ),
    ]


def _ms(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.1f} ms"


def _show_days(rows: pd.DataFrame) -> Section:
    """Traffic and time, day by day."""
    if rows.empty:
        return Section("Traffic", ["Nothing was predicted this week."])
    days = traffic.summarise(rows)
    table = [
        [
            moment.strftime("%a %d %b"),
            f"{day['rows']:,.0f}",
            f"{day['requests']:,.0f}",
            _ms(day["p50"]),
            _ms(day["p99"]),
        ]
        for moment, (_, day) in zip(
            pd.DatetimeIndex(days.index), days.iterrows(), strict=True
        )
    ]
    header = ["Day", "Rows", "Requests", "Half within", "99 of 100 within"]
    return Section("Traffic", grids=[Grid(header, table, frozenset(range(1, 5)))])


def _show_versions(known: Situation, begin: float) -> Section:
    """Which versions answered, and what the newest labels say of them."""
    rows = known.rows[known.rows["time"] > begin]
    newest = known.performance.newest if known.performance else None
    text = []
    if newest is not None:
        text.append(
            f"The newest labels are of {newest.name}: {known.table.headline[0]} "
            f"{newest.value:.4f} of version {newest.model} on {newest.rows:,} rows."
        )
    else:
        text.append("No performance is known; run `make performance`.")
    counts = rows.groupby(["model", "arm"]).size().reset_index(name="rows")
    table = [
        [str(one.model), str(one.arm), f"{one.rows:,}"] for one in counts.itertuples()
    ]
    grids = [Grid(["Version", "As", "Rows"], table, frozenset({2}))] if table else []
    return Section("Versions that answered", text, grids=grids)


def write(known: Situation | None = None) -> tuple[Path, Path]:
    """Write reports/week.md and reports/week.html, and give their paths."""
    page = make(known or gather())
    for path, text in zip(PAGES, (write_markdown(page), write_html(page)), strict=True):
        replace(path, partial(_write, text))
    return PAGES


def _write(text: str, draft: Path) -> None:
    draft.write_text(text, "utf-8")
