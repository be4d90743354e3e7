"""Make the challenger that was decided on; every step can be repeated."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .. import tracking
from ..refusal import Refusal
from ..settings import read_settings
from ..table import Table
from . import candidate, pending, pool, reference
from .candidate import Candidate
from .pool import Pool
from .retrain import write
from .settings import Operations
from .trail import Entry
from .view import View

# The profile of a candidate that has no number yet.
NEW = "new"


def finish(
    view: View, table: Table, settings: Operations, folder: Path, begun: Entry
) -> Entry:
    """Make the challenger, or say why there is none; gives the decision.

    Rows that are not sound, or too few, change nothing but the trail. What a turn that was
    killed has left is taken up where it ended.
    """
    mark = begun.evidence["mark"]
    with saying_when_locked():
        client = tracking.connect()
        run = candidate.find_run(client, mark)
    if run is None:
        try:
            rows, made = _fit(view, table, settings, folder, begun)
        except Refusal as why:
            evidence = {"mark": mark, "problem": str(why)}
            return pending.settle(write(view, "failure", None, str(why), evidence))
        if made.reasons:
            reason = f"refused by the gate: {'; '.join(made.reasons)}"
            seen = candidate.describe(made, rows, table)
            return pending.settle(
                write(view, "reject", None, reason, {"mark": mark, **seen})
            )
        with saying_when_locked():
            run = candidate.log(made, rows, table, read_settings(), mark)
        reference.keep(NEW, rows.rows, table, made.calibration)
    return _enter(view, table, begun, run)


def _fit(
    view: View, table: Table, settings: Operations, folder: Path, begun: Entry
) -> tuple[Pool, Candidate]:
    """Fit a candidate on the window; refuse rows that cannot be learned from."""
    limits, window = settings.retraining, begun.evidence["window"]
    rows = pool.gather(table, limits, view.now, folder).take(window, view.now)
    pool.check(rows, table, limits.min_rows)
    return rows, candidate.fit(rows, table, read_settings(), limits.holdout)


def _enter(view: View, table: Table, begun: Entry, run: tracking.Run) -> Entry:
    """Register and package the run, and let it answer unseen."""
    with saying_when_locked():
        client = tracking.connect()
        tags = client.get_run(run.run_id).data.tags
        seen = json.loads(tags[candidate.EVIDENCE])
        said = f"Retrained by level 4: {begun.reason}."
        version = candidate.enter(client, run, table, seen["holdout"], said)
    reference.rename(NEW, version)
    known = {name: begun.evidence[name] for name in ("mark", "round", "window")}
    evidence = {**seen, **known, "run_id": run.run_id}
    reason = f"answers unseen beside version {view.champion} from now on"
    return pending.settle(write(view, "challenge", version, reason, evidence))


@contextmanager
def saying_when_locked() -> Iterator[None]:
    """Turn what a library says of a locked database into a sentence."""
    try:
        yield
    except Refusal:
        raise
    except Exception as error:
        if "locked" not in str(error):
            raise
        raise Refusal(
            "The registry is busy: its database stayed locked; end what holds it. The next "
            "turn goes on where this one ended."
        ) from error
