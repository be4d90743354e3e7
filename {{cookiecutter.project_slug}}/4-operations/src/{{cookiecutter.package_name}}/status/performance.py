"""The section on performance: realised beside estimated, period by period."""

from dataclasses import dataclass

from ..card.markdown import name as name_metric
from ..card.markdown import number
from . import charts, traffic
from .page import Grid, Section
from .situation import Situation

DAY = 86_400.0
HEADER = [
    "Period",
    "Version",
    "Rows with a label",
    "Realised",
    "Estimated",
    "Before release",
]


@dataclass(frozen=True)
class Month:
    """What is known of one period; the promise is that of the version that answered."""

    name: str
    version: str | None
    rows: int | None
    realised: float | None
    estimated: float | None
    promise: float | None


def show(known: Situation) -> Section:
    """How good the model was, and probably is."""
    metric, more = known.table.headline
    better = "more" if more else "less"
    title = f"Performance: {name_metric(metric)}, {better} is better"
    months = list_months(known)
    if not months:
        why = "Neither measured nor estimated yet; run `make performance`."
        return Section(title, [why])
    rows = [
        [
            month.name,
            month.version or "–",
            number(month.rows),
            *(number(v, 3) for v in (month.realised, month.estimated, month.promise)),
        ]
        for month in reversed(months)
    ]
    grid = Grid(HEADER, rows, frozenset(range(2, 6)))
    return Section(title, [*_explain(known, months)], [*_draw(months, metric)], [grid])


def list_months(known: Situation) -> list[Month]:
    """Put together what was measured and estimated of each period, the newest last."""
    found = known.performance
    measured = {period.name: period for period in found.periods} if found else {}
    looks = {look.period.name: look for look in known.looks}
    months = []
    for name in sorted(measured.keys() | looks.keys())[-traffic.MOST_PERIODS :]:
        period, look = measured.get(name), looks.get(name)
        version = look.version if look else period.model if period else None
        months.append(
            Month(
                name=name,
                version=version,
                rows=period.rows if period else None,
                realised=period.value if period else None,
                estimated=look.estimated if look else None,
                promise=known.promise.get(version or ""),
            )
        )
    return months


def _draw(months: list[Month], metric: str) -> list[str]:
    """Draw the lines that have at least one point."""
    lines = {
        "realised": [month.realised for month in months],
        "estimated": [month.estimated for month in months],
    }
    shown = {n: line for n, line in lines.items() if any(v is not None for v in line)}
    if not shown:
        return []
    marks = {
        month.name: f"version {month.version}"
        for before, month in zip(months, months[1:], strict=False)
        if month.version and before.version not in (None, month.version)
    }
    names, promise = [m.name for m in months], [m.promise for m in months]
    drawn = charts.Lines(names, shown, promise, marks)
    return [charts.draw_periods("performance", drawn, name_metric(metric))]


def _explain(known: Situation, months: list[Month]) -> list[str]:
    """Say how many labels there are, how late they come, and what the estimate rests on."""
    found = known.performance
    if found is None:
        realised = "Realised: not measured yet; run `make performance`."
    elif not found.labelled:
        realised = (
            f"Realised: none of {found.predictions:,} predictions has a label yet."
        )
    else:
        half, most = (found.delays.get(name, 0) / DAY for name in ("p50", "p90"))
        realised = (
            f"{found.labelled:,} of {found.predictions:,} predictions have a label; half "
            f"of them came within {half:.1f} days, nine of ten within {most:.1f}."
        )
    if known.table.task == "regression":
        return [realised, "An estimate needs chances: of numbers there is none."]
    if all(month.estimated is None for month in months):
        none = "Not estimated: no calibration belongs to these versions; run `make profile`."
        return [realised, none]
    return [
        realised,
        "The estimate is right while the inputs change and their meaning does not.",
    ]
