"""The champion behind BentoML: a service as its guide lays one out, the scorer ours.

`BENTO_PACKAGE=flight_delays BENTO_FOLDER=packages/1 bentoml serve bento:Champion --port PORT`.
Source: https://docs.bentoml.com/en/latest/get-started/hello-world.html
"""

import importlib
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import bentoml  # pylint: disable=import-error


@bentoml.service
class Champion:  # pylint: disable=too-few-public-methods
    """One worker with one model."""

    def __init__(self) -> None:
        scoring = importlib.import_module(f"{os.environ['BENTO_PACKAGE']}.scoring")
        self.scorer = scoring.load(Path(os.environ["BENTO_FOLDER"]))
        self.dates: list[str] = self.scorer.table.of_kind("date")

    @bentoml.api  # type: ignore[untyped-decorator]
    def predict(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Answer each row; JSON has no dates, so they come as text."""
        for row in rows:
            for name in self.dates:
                row[name] = datetime.fromisoformat(row[name])
        found: list[dict[str, Any]] = self.scorer.answer(rows)
        return found
