"""Whether a challenger may take over, judged on rows that both models have answered."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

import pandas as pd

from ...table import Table
from ..settings import Comparison
from . import mcnemar
from .measures import ARMS, Difference, measure

Word = Literal["better", "not worse", "worse", "undecided"]


@dataclass(frozen=True)
class Verdict:
    """What the rows say: `found` has the metric that decides first.

    `margin` is in the unit of that metric. `p_value` is McNemar's, for classes; the two
    counts are rows on which only the one model is right.
    """

    verdict: Word
    reason: str
    rows: int
    margin: float = 0.0
    found: tuple[Difference, ...] = ()
    p_value: float | None = None
    only_champion: int = 0
    only_challenger: int = 0

    def to_json(self) -> dict[str, Any]:
        """Give what a record of the decision holds."""
        return asdict(self)


def compare(pairs: pd.DataFrame, table: Table, settings: Comparison) -> Verdict:
    """Judge the challenger on the rows whose label is known.

    `pairs` has the columns `label`, `champion` and `challenger` (predictions) and, for
    classes, `champion_chances` and `challenger_chances` (dictionaries by class). The
    table's headline metric decides: better when the whole interval is above 0, not worse
    when it is above minus the margin, worse when it is below 0, else undecided.
    Source of the margin: Wellek, Testing Statistical Hypotheses of Equivalence and
    Noninferiority (2010), ch. 1.
    """
    pairs = _keep_judged(pairs, table)
    rows, metric = len(pairs), table.headline[0]
    if rows < settings.rows:
        return Verdict(
            "undecided",
            f"{rows:,} rows have a label and both answers, {settings.rows:,} are needed",
            rows,
        )
    found = measure(pairs, table, settings)
    first = found[0]
    if first.metric != metric:
        return Verdict(
            "undecided",
            f"{metric} cannot be told: the labels are of one class",
            rows,
            found=tuple(found),
        )
    margin = settings.margin * abs(first.champion)
    word = _decide(first, margin)
    verdict = Verdict(
        word, _explain(word, first, margin, rows), rows, margin, tuple(found)
    )
    return verdict if table.task == "regression" else _add_test(verdict, pairs)


def _keep_judged(pairs: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Leave out what cannot be judged: no label, no answer, or a class that is not known."""
    pairs = pairs.dropna(subset=["label", *ARMS])
    if table.task == "regression":
        return pairs.astype({"label": float, **dict.fromkeys(ARMS, float)})
    pairs = pairs.astype({"label": str, **dict.fromkeys(ARMS, str)})
    return pairs[pairs["label"].isin(table.classes)]


def _decide(first: Difference, margin: float) -> Word:
    if first.low > 0:
        return "better"
    if first.low > -margin:
        return "not worse"
    return "worse" if first.high < 0 else "undecided"


def _explain(word: Word, first: Difference, margin: float, rows: int) -> str:
    """Say in one sentence what was found and what follows."""
    why = {
        "better": "the whole interval is above 0",
        "not worse": f"the interval stays above the margin of -{margin:.4g}",
        "worse": "the whole interval is below 0",
        "undecided": f"the interval holds 0 and goes below the margin of -{margin:.4g}",
    }
    return (
        f"{first.metric} {first.challenger:.4f} against {first.champion:.4f} of the "
        f"champion on {rows:,} rows, gain {first.low:+.4f} to {first.high:+.4f}: "
        f"{why[word]}"
    )


def _add_test(verdict: Verdict, pairs: pd.DataFrame) -> Verdict:
    """Add whether the two are right equally often."""
    right = [(pairs[arm] == pairs["label"]).to_numpy() for arm in ARMS]
    ours, theirs = mcnemar.count(*right)
    return Verdict(
        **{
            **vars(verdict),
            "p_value": mcnemar.test(ours, theirs),
            "only_champion": ours,
            "only_challenger": theirs,
        }
    )
