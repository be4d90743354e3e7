"""Cut the later rows into periods and give each row a time on the simulated clock."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .. import data
from ..operate.settings import Simulation
from ..refusal import Refusal
from ..table import Table

DAY = 86_400.0
MOST_MONTHS = 24
STEPS, STEP_DAYS = 10, 30.0
# Where the table has no time, the clock begins here.
BEGIN = pd.Timestamp("2013-04-01")


@dataclass(frozen=True)
class Plan:
    """What was known before, and the rows to come with their time, period and label's time.

    `at` and `known` are in seconds since 1970, by the index of `later`; `periods` are names.
    """

    train: pd.DataFrame
    before: pd.DataFrame
    later: pd.DataFrame
    at: pd.Series
    known: pd.Series
    period: pd.Series
    begins: list[float]
    until: float

    @property
    def begin(self) -> float:
        """When the first period begins."""
        return self.begins[0]

    @property
    def periods(self) -> list[str]:
        """The names of the periods, in order."""
        return list(dict.fromkeys(self.period))

    def locate(self, seconds: float) -> float:
        """Give the place of an instant: 1.5 is the middle of the second period."""
        edges = [*self.begins, self.until]
        return float(np.interp(seconds, edges, np.arange(len(edges))))


@dataclass(frozen=True)
class Wish:
    """What to simulate: months such as 4-6 or all of them, and so many rows or all (0)."""

    seed: int = 0
    months: str = ""
    rows: int = 0


def make(parts: data.Parts, table: Table, settings: Simulation, wish: Wish) -> Plan:
    """Plan the simulation; the same seed gives the same rows and delays."""
    if parts.live.empty:
        raise Refusal("No row is in the live part; change `split` in conf/table.yaml.")
    train, validation, later = _sample(parts, table, wish)
    at, period = _place(later, table)
    period = _choose(period, wish.months)
    at, later = at.loc[period.index], later.loc[period.index]
    soonest, latest = settings.label_days
    delays = np.random.default_rng(wish.seed).uniform(soonest, latest, len(at))
    before = pd.concat([train, validation]).sort_index()
    ends = _find_ends(period, table)
    return Plan(train, before, later, at, at + delays * DAY, period, *ends)


def _sample(parts: data.Parts, table: Table, wish: Wish) -> list[pd.DataFrame]:
    """Draw the same share of each part; the later rows in the order of their time."""
    share = min(1.0, wish.rows / len(parts.live)) if wish.rows else 1.0
    train, validation, later = (
        part.sample(frac=share, random_state=wish.seed).sort_index()
        for part in (parts.train, parts.validation, parts.live)
    )
    if table.time:
        later = later.sort_values(table.time, kind="stable")
    return [train, validation, later.reset_index(drop=True)]


def _place(later: pd.DataFrame, table: Table) -> tuple[pd.Series, pd.Series]:
    """Give each row its time and period: its month, or one of ten steps in their order."""
    if table.time:
        months = later[table.time].dt.to_period("M")
        if 2 <= months.nunique() <= MOST_MONTHS:
            return _read_seconds(later[table.time]), months.astype(str)
    place = np.arange(len(later)) / max(len(later), 1) * STEPS
    begin = _read_seconds(pd.Series([BEGIN])).iloc[0]
    at = pd.Series(begin + place * STEP_DAYS * DAY, index=later.index)
    names = [f"step {int(step) + 1:02d}" for step in place]
    return at, pd.Series(names, index=later.index)


def _read_seconds(times: pd.Series) -> pd.Series:
    return times.astype("datetime64[us]").astype("int64") / 1e6


def _choose(period: pd.Series, months: str) -> pd.Series:
    """Keep the periods up to the last one named; the first one cannot be left out."""
    if not months:
        return period
    named = re.fullmatch(r"(\d+)(?:-(\d+))?", months.strip())
    numbers = {name: int(re.split("[- ]", name)[-1]) for name in period.unique()}
    first = next(iter(numbers))
    last = int(named[2] or named[1]) if named else -1
    if not named or int(named[1]) != numbers[first] or last not in numbers.values():
        raise Refusal(
            f"MONTHS is {months!r}; it begins with {numbers[first]}, such as "
            f"MONTHS={numbers[first]}-{list(numbers.values())[min(2, len(numbers) - 1)]}."
        )
    names = list(numbers)
    end = next(place for place, name in enumerate(names) if numbers[name] == last)
    return period[period.isin(names[: end + 1])]


def _find_ends(period: pd.Series, table: Table) -> tuple[list[float], float]:
    """When each period begins, and when the last one ends."""
    names = list(dict.fromkeys(period))
    if table.time and not names[0].startswith("step"):
        months = [pd.Period(name, "M") for name in names]
        ends = [month.start_time for month in (*months, months[-1] + 1)]
        *begins, until = _read_seconds(pd.Series(ends)).tolist()
        return begins, until
    begin = float(_read_seconds(pd.Series([BEGIN])).iloc[0])
    *begins, until = [begin + n * STEP_DAYS * DAY for n in range(len(names) + 1)]
    return begins, until
