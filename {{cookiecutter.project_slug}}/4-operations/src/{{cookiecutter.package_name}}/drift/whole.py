"""The whole check: the columns, the rows as a whole, the service, and the performance."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from .. import data, estimate
from ..files import PREPARED
from ..settings import read_settings
from ..table import Table
from . import classifier, skew
from .classifier import Separation
from .profile import Profile, count
from .scores import pick_scores
from .settings import Rules
from .skew import Skew
from .verdict import Verdict, judge
from .window import Window


@dataclass(frozen=True)
class Whole:
    """All that was found of a window.

    `apart` is None where the training rows are not at hand, `realised` where no label is
    known yet. Of `compared` rows the service and the pipeline both hold the id.
    """

    window: str
    verdict: Verdict
    apart: Separation | None
    compared: int
    skewed: list[Skew]
    expected: dict[str, Any]
    realised: dict[str, float | None] | None
    reference: dict[str, Any]


def inspect(
    window: Window,
    table: Table,
    profile: Profile,
    rules: Rules,
    importance: Mapping[str, float] | None,
) -> Whole:
    """Check a window in every way that its rows allow."""
    answers = pd.DataFrame() if window.answers is None else window.answers
    counts = count(window.rows, profile, pick_scores(answers, table))
    verdict = judge(counts, profile, rules, importance)
    apart = separate(window, table, rules)
    compared, skewed = find_skew(window, table)
    chances = estimate.read_chances(answers, table)
    return Whole(
        window=window.name,
        verdict=conclude(verdict, apart, skewed, rules),
        apart=apart,
        compared=compared,
        skewed=skewed,
        expected=estimate.estimate(chances, profile.calibration, table),
        realised=estimate.realise(window.rows, answers, table),
        reference={"rows": profile.rows, "trained_on": profile.about.get("trained_on")},
    )


def separate(window: Window, table: Table, rules: Rules) -> Separation | None:
    """Train the domain classifier, where the training rows are at hand."""
    if not PREPARED.is_file() or len(window.rows) < rules.column.min_rows:
        return None
    # Threads that wait for one another cost more than they give on so few rows.
    with threadpool_limits(limits=1, user_api="openmp"):
        train = data.read_parts()[1].train
        return classifier.separate(train, window.rows, table, read_settings().seed)


def find_skew(window: Window, table: Table) -> tuple[int, list[Skew]]:
    """Hold logged rows against the prepared table, where it has some of the same ids."""
    if not window.logged or not PREPARED.is_file():
        return 0, []
    return skew.find(window.rows, data.read_prepared(table), table)


def conclude(
    verdict: Verdict, apart: Separation | None, skewed: list[Skew], rules: Rules
) -> Verdict:
    """Add to the verdict what needs more than the profile: joint drift, and skew."""
    more = []
    if apart and apart.differs(rules.table.classifier):
        named = ", ".join(name for name, _ in apart.columns[:3])
        more.append(
            f"a classifier tells these rows from the training rows (AUC {apart.auc:.2f}), "
            f"most by {named}"
        )
    more += [
        f"{item.column} was served otherwise than prepared in {item.share:.1%} of the rows, "
        f"such as {item.served} for {item.prepared}"
        for item in skewed
        if item.share > rules.table.skew
    ]
    alarm = verdict.alarm or bool(more)
    return replace(verdict, alarm=alarm, reasons=[*verdict.reasons, *more])
