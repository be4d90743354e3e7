"""Ask evidently, the library of readable reports, without letting it call home.

It takes seconds to import and minutes on a million rows, so it is imported only here, when it
is asked, and sees a sample.
"""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd

from ..table import Table

# What it reads while it is imported.
QUIET = {"DO_NOT_TRACK": "1", "EVIDENTLY_DISABLE_TELEMETRY": "1"}


@contextmanager
def _quietly() -> Iterator[None]:
    """Silence what evidently and the libraries below it say to their developers."""
    os.environ.update(QUIET)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def compare(
    reference: pd.DataFrame, current: pd.DataFrame, table: Table, summary: bool = False
) -> Any:
    """Run evidently's default drift preset, with a summary of the columns on request.

    Both frames hold all inputs, typed. Dates are left out: it has no measure for them.
    Source: https://docs.evidentlyai.com/metrics/preset_data_drift
    """
    with _quietly():
        # pylint: disable=import-outside-toplevel
        from evidently import DataDefinition, Dataset, Report
        from evidently.presets import DataDriftPreset, DataSummaryPreset

        numbers = table.of_kind("number", "boolean")
        words = table.of_kind("category")
        definition = DataDefinition(
            numerical_columns=numbers, categorical_columns=words
        )
        sides = [
            Dataset.from_pandas(
                rows[[*numbers, *words]].reset_index(drop=True),
                data_definition=definition,
            )
            for rows in (current, reference)
        ]
        presets = [DataDriftPreset(), *([DataSummaryPreset()] if summary else [])]
        return Report(presets).run(*sides)
