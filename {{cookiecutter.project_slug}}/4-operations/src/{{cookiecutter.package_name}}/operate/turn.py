"""One turn of the loop: finish what was left, look, decide, act."""

from collections.abc import Iterator
from pathlib import Path

from .. import events
from ..refusal import Refusal
from ..release.settings import PATH as RELEASE
from ..release.settings import read_release
from ..table import Table, read_table
from . import lock, pending, retrain, trail, trial, triggers
from .settings import Operations, read_operations
from .trail import Entry
from .view import View, look, read_now

# A challenger may be decided on and the next one made in one turn, but not without end.
MOST_STEPS = 8


def take(now: float | None = None, folder: Path = events.FOLDER) -> list[Entry]:
    """Take one turn and give the decisions that it entered in the trail.

    `now` is in seconds since 1970; by default the latest time that the clock, the event
    log or the trail knows of. Raises Refusal when another turn is at work, or when the
    registry does not answer: nothing is lost then, the next turn goes on.
    """
    with lock.hold():
        return list(_take(now, folder))


def _take(now: float | None, folder: Path) -> Iterator[Entry]:
    left = pending.finish()
    if left:
        yield left
    table, settings = read_table(), read_operations()
    asked = True
    for _ in range(MOST_STEPS):
        at = read_now(trail.read(), folder) if now is None else now
        view = look(table, settings, at, folder)
        entry = _act(view, table, settings, folder, asked)
        if entry is None:
            return
        asked = asked and entry.decision != "retrain"
        yield entry


def _act(
    view: View, table: Table, settings: Operations, folder: Path, asked: bool
) -> Entry | None:
    """Take the one step that is due; None when there is nothing to do but wait."""
    begun = retrain.find_begun(view.entries)
    if begun:
        # What trains needs mlflow, which takes seconds; most turns train nothing.
        from . import making  # pylint: disable=import-outside-toplevel

        return making.finish(view, table, settings, folder, begun)
    if view.challenger:
        return trial.decide(view, table, settings, folder)
    window = retrain.find_next_window(view.entries, settings.retraining)
    if window is not None:
        return retrain.go_on(view, window)
    return _begin(view, settings) if asked else None


def _require_shadow() -> None:
    """A challenger that never answers beside the champion could not be compared."""
    mode = read_release().strategy.mode
    if mode != "shadow":
        raise Refusal(
            f"`strategy.mode` in {RELEASE} is {mode}; write shadow, so that a retrained "
            "model can be compared before it is promoted."
        )


def _begin(view: View, settings: Operations) -> Entry | None:
    """Start a retraining where something asks for it and nothing holds it back."""
    found = triggers.find(view, settings.triggers)
    if not found or triggers.find_brake(view.entries, view.now, settings.triggers):
        return None
    _require_shadow()
    for trigger in found:
        if trigger.name == "drift":
            trail.append(retrain.write_alarm(view, trigger))
    return retrain.begin(view, found, settings.retraining)
