"""The section on drift: how far each column moved in each period."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from ..drift.change import Change
from .page import Heat, Section
from .situation import Situation

MOST_COLUMNS, MOST_PERIODS = 14, 12
TITLE = "Drift by column"
Period = Mapping[str, Change]


def show(known: Situation) -> Section:
    """The columns that passed a threshold most often come first."""
    checked = [(x.period.name, x.verdict) for x in known.looks if x.verdict]
    checked = checked[-MOST_PERIODS:]
    if not checked:
        why = "run `make profile`." if known.looks else "nothing was predicted."
        return Section(TITLE, [f"Not looked at yet: {why}"])
    moved = [{item.name: item for item in verdict.columns} for _, verdict in checked]
    alarms = sum(verdict.alarm for _, verdict in checked)
    text = (
        "Share of the rows that moved, against what the model learned from. Bold: more "
        "than matters, and more than chance or a usual month explain. "
        f"{alarms} of {len(checked)} periods are an alarm."
    )
    periods = [_shorten(name) for name, _ in checked]
    return Section(TITLE, [text], heat=_make_heat(periods, moved))


def _make_heat(periods: list[str], moved: Sequence[Period]) -> Heat:
    there = {name for period in moved for name in period}
    names = sorted(there, key=lambda name: _rank(name, moved))[:MOST_COLUMNS]
    cells = [[_size(period.get(name)) for period in moved] for name in names]
    marked = {
        (place, at)
        for place, name in enumerate(names)
        for at, period in enumerate(moved)
        if name in period and period[name].drifted
    }
    return Heat(periods, names, cells, marked)


def _rank(name: str, moved: Sequence[Period]) -> tuple[int, float, str]:
    """Give what puts a column first: how often it passed a threshold, how far it went."""
    found = [period[name] for period in moved if name in period]
    often = sum(change.drifted for change in found)
    return -often, -max(change.size for change in found), name


def _size(change: Change | None) -> float | None:
    return None if change is None else change.size


def _shorten(period: str) -> str:
    """Write 2013-04 as Apr 13; a day without its year."""
    if len(period) != 7:
        return period[5:]
    return datetime.strptime(period, "%Y-%m").replace(tzinfo=UTC).strftime("%b %y")
