"""What two models answered to the same questions, and which of them was right more often."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..events import query
from ..table import Table
from ..truth import measure

Z = 1.96


@dataclass(frozen=True)
class Pairs:
    """Rows that both answered and whose label is known, and how the second one fared.

    Columns: label, and prediction and chances with the endings _first and _second.
    `asked` and `failed` count rows of the second one, labelled or not.
    """

    rows: pd.DataFrame
    asked: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Result:
    """Whether the second model is better or worse than chance explains, in words too."""

    better: bool
    worse: bool
    says: str
    evidence: dict[str, Any] = field(default_factory=dict)


def read(first: str, second: str, since: float, now: float, folder: Path) -> Pairs:
    """Join the answers that went out with those of a model that nobody saw."""
    answers = query.read_predictions(since, now, first, folder)
    shadows = query.read_shadows(since, now, second, folder)
    failed = shadows["error"].notna() | shadows["prediction"].isna()
    keys, said = ["id", "request"], ["prediction", "chances"]
    both = answers[[*keys, *said]].merge(
        shadows.loc[~failed, [*keys, *said]], on=keys, suffixes=("_first", "_second")
    )
    both = query.add_labels(both.drop_duplicates("id", keep="last"), folder)
    known = both[both["label_time"] <= now].reset_index(drop=True)
    return Pairs(known, len(shadows), int(failed.sum()))


def score(pairs: Pairs, which: str, table: Table) -> dict[str, float | None]:
    """Score one of the two, by evaluate's definitions."""
    return measure.score(_take(pairs, which), table)


def _take(pairs: Pairs, which: str) -> pd.DataFrame:
    names = {f"{name}_{which}": name for name in ("prediction", "chances")}
    return pairs.rows[[*names, "label"]].rename(columns=names)


def compare(pairs: Pairs, table: Table) -> Result:
    """Test the difference of the losses, row by row; a positive one is the second's gain.

    The loss is the log loss of classes, and the absolute error of numbers.
    """
    first, second = (measure_loss(_take(pairs, w), table) for w in ("first", "second"))
    gain = (first - second).dropna()
    spread = float(gain.std()) / len(gain) ** 0.5
    z = float(gain.mean()) / spread if spread else 0.0
    headline = table.headline[0]
    was, now = (score(pairs, which, table)[headline] for which in ("first", "second"))
    says = f"gain {gain.mean():.4f} (z {z:.1f}) on {len(gain):,} rows"
    evidence = {"gain": float(gain.mean()), "z": z, headline: [was, now]}
    return Result(z > Z, z < -Z, says, evidence)


def measure_loss(answers: pd.DataFrame, table: Table) -> pd.Series:
    """The loss of each row; a class that a model never saw has the smallest chance."""
    truth = measure.read_truth(answers["label"], table)
    if table.task == "regression":
        return (answers["prediction"].astype(float) - truth).abs()
    chance = [said.get(name, 0.0) for said, name in zip(answers["chances"], truth)]
    return pd.Series(-np.log(np.clip(chance, 1e-15, 1)), answers.index)
