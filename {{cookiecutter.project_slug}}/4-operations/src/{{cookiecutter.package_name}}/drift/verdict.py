"""Judge a window against the profile: whether what moved is an alarm, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from ..table import Table
from .change import Change, compare
from .profile import Counts, Profile, count
from .scores import pick_scores
from .settings import Rules


@dataclass(frozen=True)
class Verdict:
    """Whether to act on a window, and why; what changed most comes first.

    `score` is the mean of the columns' changes, each by its weight, from 0 to 1; a column
    that did not pass its thresholds counts as unchanged.
    """

    alarm: bool
    score: float
    reasons: list[str]
    columns: list[Change]
    predictions: list[Change] = field(default_factory=list)
    rows: int = 0
    absent: tuple[str, ...] = ()


def check(
    current: pd.DataFrame,
    profile: Profile,
    table: Table,
    rules: Rules,
    importance: Mapping[str, float] | None = None,
) -> Verdict:
    """Judge rows against the profile, with their predictions where these stand beside them.

    `current` may hold any columns of any types; predictions are named as predict.predict
    names them, and an input of the same name is an input. `importance` is the permutation
    importance of each column; without it all are equal.
    """
    beside = current.drop(columns=table.features, errors="ignore")
    counts = count(current, profile, pick_scores(beside, table))
    return judge(counts, profile, rules, importance)


def judge(
    counts: Counts,
    profile: Profile,
    rules: Rules,
    importance: Mapping[str, float] | None = None,
) -> Verdict:
    """Judge a window that was counted, or several that were merged."""
    rows, skip = counts.rows, rules.column.skip
    absent = tuple(name for name in counts.absent if name not in skip)
    if rows < rules.column.min_rows:
        few = f"{rows:,} rows are too few to judge; column.min_rows says how many it takes"
        return Verdict(False, 0.0, [few], [], rows=rows, absent=absent)
    weights = weigh(profile, importance, skip)
    watched = {name: n for name, n in counts.columns.items() if name in weights}
    found = compare(watched, profile.columns, weights, rules.column)
    equal = dict.fromkeys(counts.scores, 1.0)
    answers = compare(counts.scores, profile.scores, equal, rules.column)
    score = sum(change.weight * change.size for change in found if change.drifted)
    reasons = [
        *(f"{name} is not among the columns" for name in absent),
        *_list_changes(found, rules, 1 / max(len(weights), 1)),
        *_list_answers(answers, rules),
    ]
    if score >= rules.table.score:
        reasons.append(f"the weighted score is {score:.2f}")
    found.sort(key=lambda item: (item.drifted, item.weight * item.size), reverse=True)
    return Verdict(bool(reasons), score, reasons, found, answers, rows, absent)


def weigh(
    profile: Profile, importance: Mapping[str, float] | None, skip: list[str]
) -> dict[str, float]:
    """Give each watched column its share of the importance; the parts of a date divide theirs."""
    sources = {
        name: item.bins.source
        for name, item in profile.columns.items()
        if item.bins.source not in skip
    }
    parts = list(sources.values())
    raw = {
        name: max((importance or {}).get(source, 0.0), 0.0) / parts.count(source)
        for name, source in sources.items()
    }
    if not sum(raw.values()):
        raw = dict.fromkeys(sources, 1.0)
    return {name: weight / sum(raw.values()) for name, weight in raw.items()}


def _list_changes(found: list[Change], rules: Rules, equal: float) -> Iterator[str]:
    """Name the columns that alarm by themselves: those that matter, and those that are gone."""
    for item in found:
        if item.drifted and item.emptied:
            yield f"{item.name} has no value at all"
        elif item.drifted and item.weight >= rules.table.important * equal * 0.999:
            yield f"{item.name}: {'; '.join(item.reasons)}"


def _list_answers(answers: list[Change], rules: Rules) -> Iterator[str]:
    """Name the predictions that moved."""
    for item in answers:
        if item.drifted and item.size > rules.table.predictions:
            yield f"the predictions ({item.name}): {'; '.join(item.reasons)}"
