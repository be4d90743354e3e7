"""What two models answered to the same questions, and which of them was right more often."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from ..events import query
from ..table import Table
from ..truth import measure


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
    names = {f"{name}_{which}": name for name in ("prediction", "chances")}
    answers = pairs.rows[[*names, "label"]].rename(columns=names)
    return measure.score(answers, table)
