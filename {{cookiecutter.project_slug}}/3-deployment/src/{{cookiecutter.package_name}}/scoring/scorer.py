"""What a loaded package can do, whatever runs it."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ..table import Table
from .encoder import Encoder, Row


@dataclass(frozen=True, kw_only=True)
class Scorer(ABC):
    """A model of a table; `classes` is empty for regression and in the order of the chances.

    `encoder` is None where scikit-learn runs the model.
    """

    kind: ClassVar[str]
    name: str
    version: str
    table: Table
    classes: list[str]
    about: dict[str, Any]
    encoder: Encoder | None = None

    @abstractmethod
    def score_rows(self, rows: Sequence[Row]) -> np.ndarray:
        """Give chances of shape (rows, classes) or numbers of shape (rows,), float64.

        A row holds values as the service's contract reads them: numbers, booleans, text,
        dates without a time zone, and None for what is missing.
        """

    def answer(self, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """Give the prediction of each row and, for classes, the chance of each class."""
        return self.word(self.score_rows(rows))

    def word(self, scores: np.ndarray) -> list[dict[str, Any]]:
        """Put scores into words: the likeliest class and the chances by their names."""
        if not self.classes:
            return [{"prediction": number} for number in scores.tolist()]
        likeliest = scores.argmax(axis=1).tolist()
        return [
            {
                "prediction": self.classes[place],
                "chances": dict(zip(self.classes, chances, strict=True)),
            }
            for place, chances in zip(likeliest, scores.tolist(), strict=True)
        ]
