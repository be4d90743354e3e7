"""Search better parameters inside the training part; the validation part stays unseen."""

import argparse
import os
from dataclasses import dataclass, replace
from typing import Any

import mlflow
import numpy as np
import optuna
import pandas as pd

from .. import data, evaluate, tracking, train
from ..progress import say
from ..refusal import Refusal
from ..settings import PATH, Settings, read_settings
from ..table import Table
from ..training import read_training
from . import rewrite, space

Parameters = dict[str, Any]


@dataclass(frozen=True)
class Search:
    """What a trial needs: rows to fit on, rows to score on, and the settings around."""

    fit_on: pd.DataFrame
    score_on: pd.DataFrame
    table: Table
    settings: Settings
    name: str  # how the rows were cut, for people

    def score(self, parameters: Parameters) -> float:
        """Fit with the parameters and give the headline metric of the held-out rows."""
        settings = replace(self.settings, model={**self.settings.model, **parameters})
        fitted = train.fit(self.fit_on, self.table, settings)
        headline, _ = self.table.headline
        value = evaluate.score(fitted, self.score_on, self.table)[headline]
        if value is None:
            raise Refusal(
                f"The {headline} of {self.name} cannot be told; widen `split.train` in conf/table.yaml."
            )
        return value


def hold_out(
    rows: pd.DataFrame, table: Table, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """Cut the training part: its last month, or fifth, by time; else a random fifth."""
    if not table.time:
        order = np.random.default_rng(seed).permutation(len(rows))
        cut = len(rows) // 5
        return (
            rows.iloc[np.sort(order[cut:])],
            rows.iloc[np.sort(order[:cut])],
            "a random fifth",
        )
    times = rows[table.time]
    last, name = times.max().to_period("M").start_time, "the last month"
    if not 0.1 <= (times >= last).mean() <= 0.6:  # a table of days, or of decades
        last, name = times.quantile(0.8), "the last fifth"
    return rows[times < last], rows[times >= last], name


def prepare(trained: pd.DataFrame, table: Table, settings: Settings) -> Search:
    """Cut the training part in two, neither of them empty."""
    fit_on, score_on, name = hold_out(trained, table, settings.seed)
    if fit_on.empty or score_on.empty:
        raise Refusal(
            "The training part has too few rows to search on; widen `split.train` in conf/table.yaml."
        )
    return Search(fit_on, score_on, table, settings, f"{name} of the training part")


def search(
    ready: Search, ranges: dict[str, Any], trials: int
) -> list[tuple[float, Parameters]]:
    """Score the current settings, then what the sampler proposes; every one is logged."""
    _, more_is_better = ready.table.headline
    found: list[tuple[float, Parameters]] = []

    def run(parameters: Parameters) -> float:
        found.append((log_trial(ready, len(found), parameters), parameters))
        return found[-1][0]

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        direction="maximize" if more_is_better else "minimize",
        sampler=optuna.samplers.TPESampler(seed=ready.settings.seed),
    )
    run({})
    study.optimize(lambda trial: run(space.suggest(trial, ranges)), n_trials=trials)
    return found


def log_trial(ready: Search, number: int, parameters: Parameters) -> float:
    """Score one choice of parameters in a run of its own; number 0 is the current one."""
    name = f"trial {number:>2}" if number else "current "
    headline, _ = ready.table.headline
    print(f"  {name}  ", end="", flush=True)
    with mlflow.start_run(run_name=name.strip(), nested=True):
        mlflow.log_params({**ready.settings.model, **parameters})
        value = ready.score(parameters)
        mlflow.log_metric(headline, value)
    said = ", ".join(f"{key} {chosen}" for key, chosen in parameters.items())
    say(f"{headline} {value:.4f}  {said}")
    return value


def conclude(found: list[tuple[float, Parameters]], ready: Search) -> Parameters:
    """Say the best choice and its gain; nothing when the current settings stay the best."""
    headline, more_is_better = ready.table.headline
    now = found[0][0]
    best, parameters = (max if more_is_better else min)(found, key=lambda pair: pair[0])
    gain = f"{headline} {now:.4f} -> {best:.4f} on {ready.name}"
    if not parameters:
        say(f"  the current settings stay: no trial was better ({headline} {now:.4f})")
    else:
        said = ", ".join(f"{key} {chosen}" for key, chosen in parameters.items())
        say(f"  better: {gain}, with {said}")
    return parameters


def main(arguments: list[str]) -> None:
    """Search, log each trial, and write better parameters into conf/settings.yaml."""
    parser = argparse.ArgumentParser(prog="tune", description=__doc__)
    tuning = read_training().tuning
    parser.add_argument(
        "--trials", type=int, default=os.environ.get("TRIALS") or tuning.trials
    )
    trials = parser.parse_args(arguments).trials
    space.check(tuning.space)
    table, parts = data.read_parts()
    ready = prepare(parts.train, table, read_settings())
    say(
        f"tune: {trials} trials, fit on {len(ready.fit_on):,} rows, "
        f"scored on {ready.name} ({len(ready.score_on):,} rows)"
    )
    tracking.connect()
    with mlflow.start_run(run_name="tune"):
        mlflow.set_tags({"kind": "tuning", "trials": trials, "scored_on": ready.name})
        better = conclude(search(ready, tuning.space, trials), ready)
    if better:
        rewrite.write_parameters(better)
        say(f"  written to {PATH}; now run: make pipeline")
