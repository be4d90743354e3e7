"""The numbers of a prediction that are watched, whatever the task."""

import pandas as pd

from ..estimate import GUESS, list_chances
from ..table import Table

MOST_CLASSES = 20


def pick_scores(answers: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Keep of predict.predict's columns the number, or the chance of each class.

    Of two classes one chance tells all. Of very many only the guess is kept. What is not
    there is left out.
    """
    wanted = list_chances(table)[-1:] if table.binary else list_chances(table)
    if table.task == "regression" or len(wanted) > MOST_CLASSES:
        wanted = [GUESS]
    return answers[[name for name in wanted if name in answers]]
