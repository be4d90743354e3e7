"""The settings of the loop, read from conf/operations.yaml."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..refusal import Refusal
from ..sections import read_sections

PATH = Path("conf/operations.yaml")
ALL = "all"
LONGEST_MONTH_DAYS = 31
NONE, REQUIRED = "none", "required"


@dataclass(frozen=True)
class Triggers:
    """What starts a retraining; 0 or false stands for never.

    Days are of 24 hours, the margin is a share of the metric that the champion promised.
    """

    schedule_days: float = 28.0
    drift: bool = True
    drift_days: float = 14.0
    performance_margin: float = 0.05
    performance_days: float = 28.0
    new_labels: int = 0
    cooldown_days: float = 7.0
    budget: int = 8
    budget_days: float = 31.0


@dataclass(frozen=True)
class Retraining:
    """What a challenger learns from: all rows, or those of the last months."""

    windows: list[Any] = field(default_factory=lambda: [ALL])
    holdout: float = 0.1
    label_delay_days: float = 3.0
    min_rows: int = 500


@dataclass(frozen=True)
class Comparison:
    """How many pairs a decision needs, from how many days, and how long they are waited for.

    Rows of one day are alike, so that many of them are worth less than they seem.
    """

    min_rows: int = 500
    min_days: float = 10.0
    patience_days: float = 15.0


@dataclass(frozen=True)
class Watch:
    """How long the former champion is kept beside the new one."""

    days: float = 10.0


@dataclass(frozen=True)
class Promotion:
    """Who has the last word."""

    approval: str = NONE


@dataclass(frozen=True)
class Retention:
    """How many days the event log keeps what is labelled or never will be; 0: for ever."""

    days: float = 0.0


@dataclass(frozen=True)
class Simulation:
    """How the year is simulated; `label_days` are the soonest and the latest."""

    rows: int = 80_000
    turn_days: float = 5.0
    label_days: list[float] = field(default_factory=lambda: [1.0, 5.0])
    windows: list[Any] = field(default_factory=lambda: [ALL, 3])
    rows_of_a_request: int = 250


@dataclass(frozen=True)
class Operations:
    """One section for each part of the loop."""

    triggers: Triggers = field(default_factory=Triggers)
    retraining: Retraining = field(default_factory=Retraining)
    comparison: Comparison = field(default_factory=Comparison)
    watch: Watch = field(default_factory=Watch)
    promotion: Promotion = field(default_factory=Promotion)
    retention: Retention = field(default_factory=Retention)
    simulation: Simulation = field(default_factory=Simulation)


SECTIONS: dict[str, type] = {
    "triggers": Triggers,
    "retraining": Retraining,
    "comparison": Comparison,
    "watch": Watch,
    "promotion": Promotion,
    "retention": Retention,
    "simulation": Simulation,
}


def read_operations(path: Path = PATH) -> Operations:
    """Read the settings; what is not known or cannot be meant is refused."""
    found = Operations(**read_sections(path, SECTIONS))
    for window in [*found.retraining.windows, *found.simulation.windows]:
        if window != ALL and not _is_months(window):
            raise Refusal(
                f"`retraining.windows` in {path} lists {window!r}; write {ALL}, or a "
                "number of months such as 3."
            )
    if not found.retraining.windows:
        raise Refusal(f"`retraining.windows` in {path} is empty; write [{ALL}].")
    if not 0 < found.retraining.holdout < 1:
        raise Refusal(f"`retraining.holdout` in {path} must be a share such as 0.1.")
    if found.promotion.approval not in (NONE, REQUIRED):
        raise Refusal(f"`promotion.approval` in {path} is {NONE} or {REQUIRED}.")
    least = _find_longest_look(found)
    if found.retention.days and not found.retention.days >= least:
        raise Refusal(
            f"`retention.days` in {path} is {found.retention.days:g}, and the loop looks back "
            f"{least:g} days; write 0 to keep all, or at least {least:g}."
        )
    return found


def _find_longest_look(found: Operations) -> float:
    """Give how many days of the log some other setting asks for."""
    months = [float(w) for w in found.retraining.windows if w != ALL]
    return max(
        found.triggers.drift_days,
        found.triggers.performance_days,
        found.comparison.patience_days,
        found.watch.days,
        *(many * LONGEST_MONTH_DAYS for many in months),
    )


def _is_months(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
