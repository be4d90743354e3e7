"""The card's facts about the data and the metrics."""

from typing import Any

import pandas as pd

from .. import data, evaluate, gate
from ..files import REPORTS
from ..table import PARTS, Table
from .markdown import count, escape, grid, interval, name, number

PLOTS = {
    "binary": {"roc": "Ranking (ROC)", "calibration": "Calibration"},
    "classification": {"confusion": "Classes taken for one another"},
    "regression": {"residuals": "Residuals"},
}


def show_data(about: dict[str, Any], parts: data.Parts, table: Table) -> str:
    """Where the rows come from, how they are cut, and what is missing in them."""
    rows = []
    for part in PARTS:
        frame, said = getattr(parts, part), table.split[part]
        cut = " to before ".join(said) if table.time else f"{said:.0%} at random"
        rows.append([part, number(len(frame)), cut])
    text = [
        f"Source: {escape(table.source)}. Version (SHA-256 of the prepared table): "
        f"`{about['data_sha256']}`.",
        grid(["Part", "Rows", "Cut"], rows),
        _show_missing(parts.train[table.features]),
    ]
    if table.time:
        text.insert(
            1,
            f"The parts are cut along {escape(table.time)}: no row is judged by a model that has seen its future.",
        )
    return "\n\n".join(text)


def _show_missing(inputs: pd.DataFrame) -> str:
    """The columns with the most gaps, in the rows that were learned from."""
    missing = inputs.isna().mean().sort_values(ascending=False, kind="stable")
    missing = missing[missing > 0]
    if missing.empty:
        return "No value is missing in the training part."
    first = [
        f"{escape(column)} {share:.1%}" for column, share in missing.head(10).items()
    ]
    more = (
        f", and {count(len(missing) - 10, 'more column')}" if len(missing) > 10 else ""
    )
    return f"Missing in the training part: {', '.join(first)}{more}."


def show_metrics(
    found: dict[str, Any], judged: dict[str, Any], parts: data.Parts, table: Table
) -> str:
    """The validation part beside the baseline, which knows no input."""
    dummy = gate.build_baseline(parts.train, table)
    baseline = evaluate.score(dummy, parts.validation, table)
    headline, more_is_better = table.headline
    ends = interval(judged["overall"]["interval"])
    rows = [
        [
            f"**{name(key)}**" if key == headline else name(key),
            number(value),
            number(baseline.get(key)),
        ]
        for key, value in found["validation"].items()
        if key != "rows"
    ]
    better = "more" if more_is_better else "less"
    text = [
        f"On {number(found['validation']['rows'])} rows that the model has not seen. The metric "
        f"that decides is **{name(headline)}** ({better} is better), 95 % interval {ends}. "
        "The baseline looks at no column: it answers the shares of the classes, or the median.",
        grid(["Metric", "Model", "Baseline"], rows),
    ]
    plots = PLOTS["binary" if table.binary else table.task]
    shown = [_show_plot(file, title) for file, title in plots.items()]
    return "\n\n".join([*text, *filter(None, shown)])


def _show_plot(file: str, title: str) -> str:
    there = (REPORTS / f"{file}.png").is_file()
    return f"![{title}]({file}.png)" if there else ""
