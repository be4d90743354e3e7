"""A model whose scores come from another process: what stands for it in the service."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ..scoring import Scorer
from ..scoring.encoder import Row


class Elsewhere(Scorer):
    """Puts scores that have come into words; it has no model here."""

    kind: ClassVar[str] = "remote"

    def score_rows(self, rows: Sequence[Row]) -> np.ndarray:
        """Not to be asked: the scores come from elsewhere."""
        raise NotImplementedError


def stand_in(champion: Scorer, version: str) -> Elsewhere:
    """Make what stands for a version of the champion's table."""
    return Elsewhere(
        name=champion.name,
        version=version,
        table=champion.table,
        classes=champion.classes,
        about={},
    )


def collect(items: Sequence[Mapping[str, Any]], classes: Sequence[str]) -> np.ndarray:
    """Give the scores that answers were made of, as `Scorer.score_rows` does."""
    if not classes:
        return np.array([item["prediction"] for item in items], np.float64)
    return np.array(
        [[item["chances"][name] for name in classes] for item in items], np.float64
    )
