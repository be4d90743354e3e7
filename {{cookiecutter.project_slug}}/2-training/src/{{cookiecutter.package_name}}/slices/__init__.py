"""Judge the model group by group: a good average can hide a group that is served badly."""

from typing import Any, cast

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from .. import data, evaluate
from ..files import REPORTS, write_json
from ..progress import say, step
from ..refusal import Refusal
from ..table import PATH, Table
from ..train import read_model
from . import fairness, groups, intervals
from . import plot as slice_plot
from .fairness import SMALL

SLICES = REPORTS / "slices.json"
DECISION = "the class with the highest chance (argmax; with two classes, above 0.5)"


class Remembered:
    """A model that has already answered these rows, so that each is predicted only once."""

    def __init__(self, fitted: Pipeline, rows: pd.DataFrame, table: Table) -> None:
        inputs, self.place = rows[table.features], pd.Series(
            range(len(rows)), rows.index
        )
        self.classification = table.task == "classification"
        if self.classification:
            self.classes_ = list(fitted.classes_)
            self.answers = fitted.predict_proba(inputs)
        else:
            self.answers = fitted.predict(inputs)

    def predict_proba(self, inputs: pd.DataFrame) -> np.ndarray:
        """Give the chances of rows by their index; shape (rows, classes)."""
        return np.take(self.answers, self.place.loc[inputs.index], axis=0)

    def predict(self, inputs: pd.DataFrame) -> np.ndarray:
        """Give the class or number of rows by their index."""
        answers = self.predict_proba(inputs)
        if not self.classification:
            return answers
        named: np.ndarray = np.take(self.classes_, answers.argmax(axis=1))
        return named


def judge(model: Remembered, rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Set side by side the truth, the guess, its loss and, with two classes, the chance."""
    truth, inputs = rows[table.target], rows[table.features]
    judged = pd.DataFrame({"truth": truth, "guess": model.predict(inputs)})
    if table.task == "regression":
        return judged.assign(loss=(judged["guess"] - truth).abs())
    classes, chances = model.classes_, model.predict_proba(inputs)
    if table.binary:
        judged["chance"] = chances[:, classes.index(table.positive)]
    place = truth.map({name: place for place, name in enumerate(classes)})
    known = place.fillna(0).astype(int).to_numpy()
    chance = np.clip(chances[np.arange(len(rows)), known], 1e-15, 1)
    # The loss of a class that the model never saw is not defined; evaluate leaves it out, too.
    return judged.assign(loss=np.where(place.isna(), np.nan, -np.log(chance)))


def measure(
    model: Remembered, rows: pd.DataFrame, judged: pd.DataFrame, table: Table
) -> dict[str, Any]:
    """The metrics of some rows, with an interval of the metric that decides."""
    found = evaluate.score(cast(Pipeline, model), rows, table)
    headline, _ = table.headline
    value = found[headline]
    if value is None:
        interval = None
    elif headline == "auc":
        positives = int((judged["truth"] == table.positive).sum())
        interval = intervals.of_auc(value, positives, len(rows) - positives)
    else:
        interval = intervals.of_mean(judged["loss"].dropna().to_numpy())
    return {"metrics": found, "interval": interval, "small": len(rows) < SMALL}


def find(fitted: Pipeline, rows: pd.DataFrame, table: Table) -> dict[str, Any]:
    """Measure every group of the declared columns, and compare those of the sensitive ones."""
    model = Remembered(fitted, rows, table)
    judged = judge(model, rows, table)
    named = {
        name: groups.name_groups(rows, name, table)
        for name in dict.fromkeys([*table.slices, *table.sensitive])
    }
    return {
        "decision": DECISION if table.task == "classification" else None,
        "headline": table.headline[0],
        "overall": measure(model, rows, judged, table),
        "rows_of_a_small_group": SMALL,
        "slices": {
            name: [
                {"group": group, **measure(model, part, judged.loc[part.index], table)}
                for group, part in groups.split(rows, named[name], name)
            ]
            for name in named
        },
        "fairness": {
            name: fairness.compare(judged.assign(group=named[name]), table)
            for name in table.sensitive
        },
    }


def _report(found: dict[str, Any]) -> None:
    """Say the worst group of each column, and which groups are too small to trust."""
    headline = found["headline"]
    for name, measured in found["slices"].items():
        small = [
            f"{g['group']} ({g['metrics']['rows']})" for g in measured if g["small"]
        ]
        told = [
            (g["metrics"][headline], g["group"])
            for g in measured
            if not g["small"] and g["metrics"][headline] is not None
        ]
        if told:
            say(
                f"  {name}: {headline} from {min(told)[0]:.3f} ({min(told)[1]})"
                f" to {max(told)[0]:.3f} ({max(told)[1]})"
            )
        if small:
            say(
                f"  {name}: fewer than {SMALL} rows, read with care: {', '.join(small)}"
            )
    for name, compared in found["fairness"].items():
        differences = compared["differences"].items()
        said = [f"{key} {value:.3f}" for key, value in differences if value is not None]
        say(f"  {name}: largest difference between groups: {', '.join(said) or 'none'}")


def main(_arguments: list[str]) -> None:
    """Judge the validation part by group; with nothing declared, say how to declare."""
    fitted = read_model()
    table, parts = data.read_parts()
    if parts.validation.empty:
        raise Refusal(f"No row is in the validation part; change `split` in {PATH}.")
    with step(f"slices: {len(parts.validation):,} rows"):
        found = find(fitted, parts.validation.reset_index(drop=True), table)
        write_json(SLICES, found)
        drawn = slice_plot.draw(found)
    if not found["slices"]:
        say(
            f"  No group is declared; name columns under `slices` or `sensitive` in {PATH}."
        )
    _report(found)
    say(f"  {SLICES}  {drawn}")
