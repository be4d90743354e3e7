"""The numbers of a prediction that are watched, whatever the task."""

import pandas as pd

from ..table import Table

CHANCE = "chance of "  # as predict.py names the columns
MOST_CLASSES = 20


GUESS = "prediction"


def pick_scores(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Keep of predict.predict's columns the number, or the chance of each class.

    Of two classes one chance tells all. Of very many only the guess is kept. Rows without
    answers give no column; an input of the same name is an input.
    """
    names = [table.positive] if table.binary else table.classes
    wanted = [CHANCE + name for name in names]
    if table.task == "regression" or len(wanted) > MOST_CLASSES:
        wanted = [GUESS]
    there = [name for name in wanted if name in rows and name not in table.features]
    return rows[there]
