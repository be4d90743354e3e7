"""Both models' answers to the same requests, with what really happened."""

from pathlib import Path

import pandas as pd

from ...events import FOLDER, query

COLUMNS = {"prediction": "challenger", "chances": "challenger_chances"}


def read_pairs(
    model: str,
    champion: str | None = None,
    since: float | None = None,
    until: float | None = None,
    folder: Path = FOLDER,
) -> pd.DataFrame:
    """Join the shadow answers of version `model` to the champion's and to the labels, by id.

    Gives what `compare` takes, with `id`, `time` and `label_time`, one row for each id:
    the last that was asked. What the challenger did not answer is left out.
    """
    shadows = query.read_shadows(since, until, model, folder)
    shadows = shadows[shadows["prediction"].notna()].rename(columns=COLUMNS)
    asked = query.read_predictions(None, None, champion, folder).rename(
        columns={"prediction": "champion", "chances": "champion_chances"}
    )
    keep = ["id", "request", "time", "champion", "champion_chances", "inputs"]
    theirs = shadows[["id", "request", *COLUMNS.values()]]
    both = asked[keep].merge(theirs, on=["id", "request"])
    return query.add_labels(both.drop_duplicates("id", keep="last"), folder)
