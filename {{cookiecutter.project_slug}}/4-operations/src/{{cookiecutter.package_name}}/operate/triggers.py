"""What asks for a retraining, and what holds it back."""

from dataclasses import dataclass
from typing import Any

from .settings import Triggers
from .trail import Entry
from .view import View

DAY = 86_400.0


@dataclass(frozen=True)
class Trigger:
    """A reason to retrain, in a sentence, and the numbers behind it."""

    name: str
    reason: str
    evidence: dict[str, Any]


def find(view: View, settings: Triggers) -> list[Trigger]:
    """Give every reason to retrain that holds now."""
    asked = (
        _ask_schedule(view, settings),
        _ask_drift(view, settings),
        _ask_performance(view, settings),
        _ask_volume(view, settings),
    )
    return [trigger for trigger in asked if trigger]


def _ask_schedule(view: View, settings: Triggers) -> Trigger | None:
    days = view.days_since_training
    if not settings.schedule_days or days < settings.schedule_days:
        return None
    reason = f"{days:.0f} days have passed since {view.training}"
    return Trigger("schedule", reason, {"days": round(days, 2)})


def _ask_drift(view: View, settings: Triggers) -> Trigger | None:
    """Drift that was there before the last retraining has been answered by it."""
    if not settings.drift or not view.drift.alarm:
        return None
    return Trigger("drift", f"drift: {view.drift.reason}", view.drift.evidence)


def _ask_performance(view: View, settings: Triggers) -> Trigger | None:
    """Compare what the champion does with what it promised, a share worse counts."""
    now, then = view.recent, view.promised
    if not settings.performance_margin or now is None or then is None:
        return None
    loss = (then - now if view.more_is_better else now - then) / max(abs(then), 1e-12)
    if loss < settings.performance_margin:
        return None
    reason = (
        f"{view.headline} is {now:.4f} on recent labels where {then:.4f} was promised"
    )
    numbers = {"recent": now, "promised": then, "rows": view.recent_rows}
    return Trigger("performance", reason, numbers)


def _ask_volume(view: View, settings: Triggers) -> Trigger | None:
    if not settings.new_labels or view.new_labels < settings.new_labels:
        return None
    reason = f"{view.new_labels:,} labels have come since the last training"
    return Trigger("data volume", reason, {"new_labels": view.new_labels})


def find_brake(entries: list[Entry], now: float, settings: Triggers) -> str | None:
    """Say why no retraining may start now, if so; an age is never negative."""
    begun = [entry for entry in entries if entry.decision == "retrain"]
    ages = sorted(max(0.0, now - entry.seconds) / DAY for entry in begun)
    if ages and ages[0] < settings.cooldown_days:
        return (
            f"the last retraining was {ages[0]:.1f} days ago and the cool-down lasts "
            f"{settings.cooldown_days:g} days"
        )
    spent = sum(age < settings.budget_days for age in ages)
    if spent >= settings.budget:
        return f"{spent} retrainings in {settings.budget_days:g} days have used up the budget"
    return None
