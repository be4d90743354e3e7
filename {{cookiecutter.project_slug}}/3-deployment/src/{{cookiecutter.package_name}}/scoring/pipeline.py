"""Run a model that has no graph, as level 1 does: with pandas and scikit-learn."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import joblib
import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from .. import data, predict
from ..refusal import Refusal
from ..table import Table
from . import manifest
from .encoder import Row
from .scorer import Scorer


@dataclass(frozen=True, kw_only=True)
class Fitted(Scorer):
    """A scikit-learn pipeline that reads a table."""

    kind: ClassVar[str] = "sklearn"
    fitted: Pipeline

    def score_rows(self, rows: Sequence[Row]) -> np.ndarray:
        """Make a table of the rows and predict it, exactly as `make predict` does."""
        inputs = make_frame(rows, self.table)
        found = predict.predict(self.fitted, inputs, self.table)
        if self.table.task == "regression":
            return found["prediction"].to_numpy(np.float64)
        return found.iloc[:, 1:].to_numpy(np.float64)


def make_frame(rows: Sequence[Row], table: Table) -> pd.DataFrame:
    """Make the model's inputs of plain rows; what a row lacks is missing."""
    columns = {name: [row.get(name) for row in rows] for name in table.features}
    frame = pd.DataFrame(columns, dtype=object)
    # Already dates: the pattern of the table's own file does not matter.
    dates = dict.fromkeys(table.of_kind("date"), "datetime64[us]")
    return data.conform(frame.astype(dates), table)[table.features]


def load_pipeline(folder: Path, known: dict[str, Any]) -> Fitted:
    """Load the pipeline of a package whose checksums are right."""
    path = folder / manifest.MODEL
    try:
        fitted = joblib.load(path)
    except Exception as error:  # pylint: disable=broad-except
        reason = " ".join(str(error).split())[:200]
        raise Refusal(
            f"{path} cannot be loaded here ({reason}); install what it was made with, "
            "which stands in its manifest, or make the package again."
        ) from error
    return Fitted(fitted=fitted, **known)
