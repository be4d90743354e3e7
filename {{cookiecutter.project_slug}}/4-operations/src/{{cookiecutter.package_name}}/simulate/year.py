"""Live through the planned time: ask, let labels come, let the loop take its turns."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from .. import aliases, events
from ..evaluate import Score
from ..operate import trail, turn
from ..operate.pending import CHALLENGER, CHAMPION
from ..operate.settings import Simulation
from ..operate.trail import Entry
from ..progress import say
from ..table import Table
from ..truth import measure
from . import traffic
from .plan import DAY, Plan


@dataclass
class Lived:
    """What callers were answered, by the index of the rows, and what was decided."""

    answers: dict[Any, dict[str, Any]] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    refused: int = 0
    shadows: int = 0


def live_through(plan: Plan, table: Table, settings: Simulation) -> Lived:
    """Send every row at its time, and take a turn of the loop every few days."""
    lived = Lived()
    labels = Labels(plan, table)
    with traffic.start() as address:
        caller = traffic.Caller(address, table)
        for begin, end in list_spans(plan, settings.turn_days):
            take_turn(caller, begin)
            send(lived, caller, plan, settings, (begin, end))
            labels.come(lived, end)
        lived.refused = caller.refused
    labels.close()
    lived.entries = trail.read()
    return lived


def list_spans(plan: Plan, days: float) -> Iterator[tuple[float, float]]:
    """Cut the time into spans between two turns."""
    edges = [*np.arange(plan.begin, plan.until, days * DAY), plan.until]
    yield from zip(edges[:-1], edges[1:])


def take_turn(caller: traffic.Caller, now: float) -> None:
    """Let the loop decide, and wait until the service follows."""
    for entry in turn.take(now):
        if entry.decision != "retrain":
            say(f"  {trail.show(entry)}")
    caller.wait_for(aliases.find(CHAMPION), aliases.find(CHALLENGER))


def send(
    lived: Lived,
    caller: traffic.Caller,
    plan: Plan,
    settings: Simulation,
    span: tuple[float, float],
) -> None:
    """Ask about the rows of a span in their order, and wait until the log has them all."""
    at = plan.at[(plan.at >= span[0]) & (plan.at < span[1])]
    before = caller.sent
    for start in range(0, len(at), settings.rows_of_a_request):
        some = at.iloc[start : start + settings.rows_of_a_request]
        rows = plan.later.loc[some.index]
        lived.answers |= caller.predict(rows, float(some.iloc[-1]))
    if aliases.find(CHALLENGER):
        lived.shadows += caller.sent - before
    traffic.wait_until_kept(caller.sent, lived.shadows)


class Labels:
    """Labels on their way; each comes at its own time."""

    def __init__(self, plan: Plan, table: Table) -> None:
        self._truth = plan.later[table.target]
        self._known = plan.known.sort_values(kind="stable")
        self._log = events.EventLog()

    def come(self, lived: Lived, now: float) -> None:
        """Append the labels that are known by now."""
        ripe = self._known[self._known <= now]
        self._known = self._known.drop(ripe.index)
        records = [
            {
                "id": lived.answers[row]["id"],
                "time": float(known),
                "label": self._truth.at[row],
            }
            for row, known in ripe.items()
            if row in lived.answers
        ]
        if records:
            self._log.extend("label", records)
        self._log.flush()

    def close(self) -> None:
        """End the log's thread."""
        self._log.close()


def score_managed(lived: Lived, plan: Plan, table: Table) -> dict[str, Score]:
    """Score what callers were answered, period by period."""
    answers = pd.DataFrame.from_dict(lived.answers, orient="index")
    answers["label"] = plan.later[table.target].reindex(answers.index)
    period = plan.period.reindex(answers.index)
    return {
        name: measure.score(answers[period == name], table) for name in plan.periods
    }
