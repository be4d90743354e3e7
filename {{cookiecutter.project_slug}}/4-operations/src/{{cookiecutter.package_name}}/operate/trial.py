"""Decide between two models that answered the same questions, on the labels that came."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..table import Table
from . import pairs, pending, trail
from .pairs import Pairs
from .settings import REQUIRED, Operations
from .trail import Entry
from .view import DAY, View

# A challenger that fails more often than this is not compared, but rejected.
MOST_FAILURES = 0.01


@dataclass(frozen=True)
class Case:
    """A pair of models: `begun` says since when both answer, and what for."""

    view: View
    begun: Entry
    pairs: Pairs
    settings: Operations
    table: Table

    @property
    def age(self) -> float:
        """For how many days both have answered."""
        return max(0.0, self.view.now - self.begun.seconds) / DAY

    @property
    def told(self) -> bool:
        """Whether enough labels have come for a first look."""
        limits = self.settings.comparison
        enough = len(self.pairs.rows) >= limits.min_rows
        return enough and self.age >= min(limits.min_days, limits.patience_days)

    def write(self, decision: str, reason: str, **more: Any) -> Entry:
        """Write a decision on the challenger with its evidence."""
        evidence = {"pairs": len(self.pairs.rows), "days": round(self.age, 2), **more}
        time = trail.write_time(self.view.now)
        version, champion = self.view.challenger, self.view.champion
        return Entry(time, decision, version, champion, reason, evidence)


def find_begun(view: View) -> Entry | None:
    """Give the decision that made this version answer beside this champion, if it was ours."""
    last = trail.find_last(view.entries, "challenge", "promote")
    if last is None:
        return None
    ours = (
        (last.version, last.champion)
        if last.decision == "challenge"
        else (last.champion, last.version)
    )
    return last if ours == (view.challenger, view.champion) else None


def decide(
    view: View, table: Table, settings: Operations, folder: Path
) -> Entry | None:
    """Decide on the challenger; None while too few labels have come to tell."""
    begun = find_begun(view)
    if begun is None:  # somebody else has set an alias: it is theirs to decide
        return None
    assert view.challenger
    found = pairs.read(view.champion, view.challenger, begun.seconds, view.now, folder)
    case = Case(view, begun, found, settings, table)
    entry = judge_former(case) if begun.decision == "promote" else judge_new(case)
    return pending.settle(entry) if entry else None


def judge_new(case: Case) -> Entry | None:
    """Promote a challenger that is shown to be better, and reject every other."""
    name = f"version {case.view.challenger}"
    if case.pairs.failed > MOST_FAILURES * max(case.pairs.asked, 1):
        share = case.pairs.failed / case.pairs.asked
        return case.write("reject", f"{name} failed to answer {share:.1%} of the rows")
    late = case.age >= case.settings.comparison.patience_days
    if not case.told:
        few = f"only {len(case.pairs.rows):,} labels came in {case.age:.0f} days"
        return case.write("reject", f"{few}: nothing can be told") if late else None
    result = pairs.judge(case.pairs, case.table)
    if result.better:
        return _promote(case, result)
    if result.worse:
        return case.write(
            "reject", f"{name} is worse: {result.says}", **result.evidence
        )
    if late:
        reason = f"{name} was not shown to be better: {result.says}"
        return case.write("reject", reason, **result.evidence)
    return None


def _promote(case: Case, result: pairs.Result) -> Entry | None:
    """Promote, or wait for a person where one is asked for; the waiting is said once."""
    reason = f"version {case.view.challenger} is better: {result.says}"
    if case.settings.promotion.approval != REQUIRED:
        return case.write("promote", reason, **result.evidence)
    since = [e for e in case.view.entries if e.seconds >= case.begun.seconds]
    mine = [e for e in since if e.version == case.view.challenger]
    approved = trail.find_last(mine, "approve")
    if approved:
        entry = case.write("promote", reason, **result.evidence)
        return trail.sign(entry, approved.by)
    if trail.find_last(mine, "hold"):
        return None
    advice = f"make approve VERSION={case.view.challenger}"
    return case.write("hold", f"{reason}; waits for `{advice}`", **result.evidence)


def judge_former(case: Case) -> Entry | None:
    """Bring the former champion back when it is better; else stop to watch in time."""
    former, new = case.view.challenger, case.view.champion
    if case.told:
        result = pairs.judge(case.pairs, case.table)
        if result.better:
            reason = f"version {new} is worse than version {former} was: {result.says}"
            return case.write("rollback", reason, **result.evidence)
    else:
        result = None
    if case.age < case.settings.watch.days:
        return None
    seen = result.says if result else f"{len(case.pairs.rows):,} labels came"
    reason = (
        f"version {new} stays, and version {former} need not answer any more: {seen}"
    )
    return case.write(
        "hold", reason, watched=True, **(result.evidence if result else {})
    )
