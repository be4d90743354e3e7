"""What became of each column: how far it moved, and whether chance explains that."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from . import measures, wander
from .columns import Count
from .profile import Reference
from .settings import ColumnRule


@dataclass(frozen=True)
class Change:
    """What became of one column; shares of rows are from 0 to 1.

    `weight` is its share of the importance, `usual` how far windows of the training rows
    went, `outside` the share in categories that training did not know or beyond all numbers
    that it saw. `p` maps each test to its p-value, corrected for the number of tests.
    `reasons` say what passed a threshold.
    """

    name: str
    kind: str
    weight: float
    distance: float
    usual: float
    psi: float
    jensen_shannon: float
    missing: float
    missing_before: float
    outside: float
    p: dict[str, float]
    reasons: list[str] = field(default_factory=list)

    @property
    def drifted(self) -> bool:
        """Whether anything of it passed a threshold."""
        return bool(self.reasons)

    @property
    def size(self) -> float:
        """The largest share of rows that any of it speaks of."""
        unseen = self.outside if self.kind == "category" else 0.0
        return max(self.distance, abs(self.missing - self.missing_before), unseen)

    @property
    def emptied(self) -> bool:
        """Whether a column that had values has none."""
        return self.missing == 1 > self.missing_before


def compare(
    counts: Mapping[str, Count],
    references: Mapping[str, Reference],
    weights: Mapping[str, float],
    rule: ColumnRule,
) -> list[Change]:
    """Measure each column, correct the p-values over all of them, and apply the rule."""
    measured = [
        _measure(references[name], counted, weights[name], rule)
        for name, counted in counts.items()
    ]
    tests = [(place, test) for place, item in enumerate(measured) for test in item.p]
    raw = np.array([measured[place].p[test] for place, test in tests])
    for (place, test), p in zip(tests, measures.adjust(raw)):
        measured[place].p[test] = float(p)
    for item, counted in zip(measured, counts.values()):
        item.reasons.extend(_list_reasons(item, references[item.name], counted, rule))
    return measured


def _measure(
    reference: Reference, now: Count, weight: float, rule: ColumnRule
) -> Change:
    """Measure one column; the p-values are not corrected yet."""
    bins, before = reference.bins, reference.count
    old, new = before.bins, now.bins
    rows, rows_now = max(before.rows, 1), max(now.rows, 1)
    outside = new[-1] - old[-1] * rows_now / rows
    p = {
        "distance": measures.p_value(old, new, bins.ordered),
        "missing": measures.p_share(before.missing, before.rows, now.missing, now.rows),
    }
    if bins.ordered:
        outside += new[0]
    else:
        p["unseen"] = measures.p_share(
            int(old[-1]), before.rows, int(new[-1]), now.rows
        )
    empty = not before.filled or not now.filled
    usual = wander.pick(reference.usual if rule.wander else (), now.rows)
    return Change(
        name=bins.name,
        kind=bins.kind,
        weight=weight,
        distance=0.0 if empty else measures.distance(old, new, bins.ordered),
        usual=usual.distance,
        psi=0.0 if empty else measures.psi(old, new),
        jensen_shannon=0.0 if empty else measures.jensen_shannon(old, new),
        missing=now.missing / rows_now,
        missing_before=before.missing / rows,
        outside=float(max(0.0, outside) / rows_now),
        p=p,
    )


def _list_reasons(
    item: Change, reference: Reference, now: Count, rule: ColumnRule
) -> list[str]:
    """Say what passed both a threshold and chance."""
    usual = wander.pick(reference.usual if rule.wander else (), now.rows)
    sure = {test for test, p in item.p.items() if p <= rule.significance}
    found = []
    if "distance" in sure and item.distance > max(rule.distance, usual.distance):
        found.append(f"moved by {item.distance:.2f}")
    gap = abs(item.missing - item.missing_before)
    if "missing" in sure and gap > max(rule.missing, usual.missing):
        before = f"{item.missing_before:.0%} at training"
        found.append(f"{item.missing:.0%} of it is missing, {before}")
    if "unseen" in sure and item.outside > rule.unseen:
        found.append(f"{item.outside:.1%} of it are categories unseen at training")
    return found
