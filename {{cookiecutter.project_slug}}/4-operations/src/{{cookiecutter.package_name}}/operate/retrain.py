"""From a reason to retrain to a challenger; every step can be repeated."""

import json
from pathlib import Path
from typing import Any

from .. import tracking
from ..refusal import Refusal
from ..settings import read_settings
from ..table import Table
from . import candidate, pending, pool, reference, trail
from .settings import Operations, Retraining
from .trail import Entry, write_time
from .triggers import Trigger
from .view import View

# The profile of a candidate that has no number yet.
NEW = "new"
ENDS = ("challenge", "reject", "hold")


def begin(view: View, reasons: list[Trigger], limits: Retraining) -> Entry:
    """Enter the decision to retrain, with the reasons, on the first window."""
    reason = "; ".join(trigger.reason for trigger in reasons)
    asked = {trigger.name: trigger.evidence for trigger in reasons}
    return _enter(view, reason, write_time(view.now), limits.windows[0], asked)


def write_alarm(view: View, trigger: Trigger) -> Entry:
    """Write down that what is asked has moved away from what was learned."""
    return _write(view, "alarm", view.champion, trigger.reason, trigger.evidence)


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
    entry = _write(view, "retrain", None, reason, evidence)
    trail.append(entry)
    return entry


def _write(
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
    if ends[-1].decision == "hold":
        return None
    of_round = [
        e.evidence["window"]
        for e in entries
        if e.decision == "retrain" and e.evidence["round"] == last.evidence["round"]
    ]
    left = [window for window in limits.windows if window not in of_round]
    return left[0] if left else None


def finish(
    view: View, table: Table, settings: Operations, folder: Path, begun: Entry
) -> Entry:
    """Make the challenger that was decided on, or say why there is none.

    Rows that are not sound, or too few, change nothing but the trail.
    """
    mark = begun.evidence["mark"]
    client = tracking.connect()
    run = candidate.find_run(client, mark)
    if run is None:
        try:
            made = _make(view, table, settings, folder, begun)
        except Refusal as why:
            evidence = {"mark": mark, "problem": str(why)}
            return pending.settle(_write(view, "hold", None, str(why), evidence))
        if isinstance(made, Entry):
            return pending.settle(made)
        run = made
    evidence = json.loads(client.get_run(run.run_id).data.tags[candidate.EVIDENCE])
    said = f"Retrained by level 4: {begun.reason}."
    version = candidate.enter(client, run, table, evidence["holdout"], said)
    reference.rename(NEW, version)
    reason = f"answers unseen beside version {view.champion} from now on"
    known = {name: begun.evidence[name] for name in ("mark", "round", "window")}
    evidence |= known | {"run_id": run.run_id}
    return pending.settle(_write(view, "challenge", version, reason, evidence))


def _make(
    view: View, table: Table, settings: Operations, folder: Path, begun: Entry
) -> tracking.Run | Entry:
    """Fit and log a candidate; gives the rejection of one that the gate refuses."""
    limits, window = settings.retraining, begun.evidence["window"]
    rows = pool.gather(table, limits, view.now, folder).take(window, view.now)
    pool.check(rows, table, limits.min_rows)
    chosen = read_settings()
    made = candidate.fit(rows, table, chosen, limits.holdout)
    evidence = candidate.describe(made, rows, table)
    mark = begun.evidence["mark"]
    if made.reasons:
        reason = f"refused by the gate: {'; '.join(made.reasons)}"
        return _write(view, "reject", None, reason, {"mark": mark, **evidence})
    reference.keep(NEW, rows.rows, table, made.calibration)
    return candidate.log(made, rows, table, chosen, mark)
