"""What two models answered to the same questions, and which of them was right more often."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ..events import query
from ..release import compare
from ..release.settings import read_release
from ..table import Table


@dataclass(frozen=True)
class Pairs:
    """Rows that both answered and whose label is known, and how the second one fared.

    Columns: label, champion and challenger (predictions), champion_chances and
    challenger_chances. `asked` and `failed` count rows of the second model, labelled or not.
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
    evidence: dict[str, Any]


def read(first: str, second: str, since: float, now: float, folder: Path) -> Pairs:
    """Join the answers that went out with those of a model that nobody saw."""
    answers = _read_arm("champion", query.read_predictions(since, now, first, folder))
    shadows = query.read_shadows(since, now, second, folder)
    failed = shadows["error"].notna() | shadows["prediction"].isna()
    both = answers.merge(
        _read_arm("challenger", shadows[~failed]), on=["id", "request"]
    )
    both = query.add_labels(both.drop_duplicates("id", keep="last"), folder)
    known = both[both["label_time"] <= now].reset_index(drop=True)
    return Pairs(known, len(shadows), int(failed.sum()))


def _read_arm(name: str, answers: pd.DataFrame) -> pd.DataFrame:
    names = {"prediction": name, "chances": f"{name}_chances"}
    return answers[["id", "request", *names]].rename(columns=names)


def judge(pairs: Pairs, table: Table) -> Result:
    """Test the metric that decides, with the rules of conf/release.yaml."""
    verdict = compare.compare(pairs.rows, table, read_release().comparison)
    word = verdict.verdict
    return Result(
        word == "better", word == "worse", verdict.reason, {"test": verdict.to_json()}
    )
