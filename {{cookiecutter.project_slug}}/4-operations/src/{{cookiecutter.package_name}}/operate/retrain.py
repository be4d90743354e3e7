"""Which retraining is due: of which round, and on which window."""

from typing import Any

from . import trail
from .settings import Retraining
from .trail import Entry, write_time
from .triggers import Trigger
from .view import View

ENDS = ("challenge", "reject", "failure")


def begin(view: View, reasons: list[Trigger], limits: Retraining) -> Entry:
    """Enter the decision to retrain, with the reasons, on the first window."""
    reason = "; ".join(trigger.reason for trigger in reasons)
    asked = {trigger.name: trigger.evidence for trigger in reasons}
    return _enter(view, reason, write_time(view.now), limits.windows[0], asked)


def write_alarm(view: View, trigger: Trigger) -> Entry:
    """Write down that what is asked has moved away from what was learned."""
    return write(view, "alarm", view.champion, trigger.reason, trigger.evidence)


def go_on(view: View, window: object) -> Entry:
    """Enter the decision to try the next window of the same round."""
    last = trail.find_last(view.entries, "retrain")
    assert last is not None
    reason = f"the next window of the round of {last.evidence['round'][:10]}"
    return _enter(view, reason, last.evidence["round"], window, {})


def _enter(
    view: View, reason: str, began: str, window: object, asked: dict[str, Any]
) -> Entry:
    rows = "all rows" if window == "all" else f"the last {window} months"
    mark = f"{began} {window}"
    evidence = {"round": began, "window": window, "mark": mark, "asked": asked}
    reason = f"{reason}: retraining on {rows}"
    entry = write(view, "retrain", None, reason, evidence)
    trail.append(entry)
    return entry


def write(
    view: View,
    decision: str,
    version: str | None,
    reason: str,
    evidence: dict[str, Any],
) -> Entry:
    time = write_time(view.now)
    return Entry(time, decision, version, view.champion, reason, evidence)


def find_begun(entries: list[Entry]) -> Entry | None:
    """Give the retraining that has no end yet: it is under way, or its turn was killed."""
    last = trail.find_last(entries, "retrain")
    if last is None:
        return None
    ended = {e.evidence.get("mark") for e in entries if e.decision in ENDS}
    return None if last.evidence["mark"] in ended else last


def find_next_window(entries: list[Entry], limits: Retraining) -> object | None:
    """Give the next window of a round that has begun; None when all were tried.

    Rows that cannot be learned from end the round.
    """
    last = trail.find_last(entries, "retrain")
    if last is None:
        return None
    ends = [e for e in entries if e.evidence.get("mark") == last.evidence["mark"]]
    if ends[-1].decision == "failure":
        return None
    of_round = [
        e.evidence["window"]
        for e in entries
        if e.decision == "retrain" and e.evidence["round"] == last.evidence["round"]
    ]
    left = [window for window in limits.windows if window not in of_round]
    return left[0] if left else None
