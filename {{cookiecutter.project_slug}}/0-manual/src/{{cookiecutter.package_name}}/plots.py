"""Draw what a reviewer looks at first: ranking, calibration, residuals, decay."""

import warnings
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sklearn.calibration import CalibrationDisplay
from sklearn.metrics import (
    ConfusionMatrixDisplay,
    PredictionErrorDisplay,
    RocCurveDisplay,
)
from sklearn.pipeline import Pipeline

from .files import REPORTS, replace
from .table import Table

matplotlib.use("agg")  # no screen is needed
warnings.filterwarnings("ignore", "Glyph .* missing")  # a box is shown instead
MOST_VALUES = 12  # classes; the numbers of more would not be legible


def draw(
    fitted: Pipeline, rows: pd.DataFrame, table: Table, periods: list[dict[str, Any]]
) -> list[Path]:
    """Draw the plots that suit the task and give their paths."""
    inputs, truth = rows[table.features], rows[table.target]
    if table.task == "regression":
        drawn = [_draw_residuals(truth, fitted.predict(inputs))]
    elif table.binary:
        place = list(fitted.classes_).index(table.positive)
        drawn = _draw_binary(
            truth == table.positive, fitted.predict_proba(inputs)[:, place], table
        )
    else:
        drawn = [_draw_confusion(truth, fitted.predict(inputs))]
    return [*drawn, *_draw_decay(periods, table)]


def _draw_binary(positive: pd.Series, chance: np.ndarray, table: Table) -> list[Path]:
    if positive.nunique() < 2:  # neither curve is defined
        return []
    figure, axes = _start(f"Ranking of {table.positive!r} (ROC)")
    RocCurveDisplay.from_predictions(
        positive, chance, ax=axes, plot_chance_level=True, name="model"
    )
    axes.set(
        xlabel="false alarms, share of all others", ylabel="found, share of its rows"
    )
    roc = _save(figure, "roc")
    figure, axes = _start(f"Calibration of {table.positive!r}")
    CalibrationDisplay.from_predictions(
        positive, chance, n_bins=10, strategy="quantile", ax=axes, name="model"
    )
    axes.set(xlabel="mean predicted chance", ylabel="share that happened")
    return [roc, _save(figure, "calibration")]


def _draw_confusion(truth: pd.Series, guess: np.ndarray) -> Path:
    classes = sorted({*truth, *guess})
    figure, axes = _start("Classes taken for one another")
    ConfusionMatrixDisplay.from_predictions(
        truth,
        guess,
        labels=classes,
        display_labels=[_quote(name[:20]) for name in classes],
        normalize="true",
        include_values=len(classes) <= MOST_VALUES,
        values_format=".2f",
        ax=axes,
        xticks_rotation=45,
        colorbar=False,
        cmap="Blues",
    )
    axes.grid(False)
    axes.set(xlabel="predicted class", ylabel="true class (a row adds up to 1)")
    return _save(figure, "confusion")


def _draw_residuals(truth: pd.Series, guess: np.ndarray) -> Path:
    figure, axes = _start("Residuals")
    PredictionErrorDisplay.from_predictions(
        truth,
        guess,
        kind="residual_vs_predicted",
        ax=axes,
        scatter_kwargs={"alpha": 0.3, "s": 12},
    )
    axes.set(xlabel="predicted", ylabel="true minus predicted")
    return _save(figure, "residuals")


def _draw_decay(periods: list[dict[str, Any]], table: Table) -> list[Path]:
    """The headline metric, period by period, of a model that is never retrained."""
    headline, _ = table.headline
    shown = [item for item in periods if item[headline] is not None]
    if len(shown) < 2:
        return []
    figure, axes = _start("After training: the same model on later rows")
    axes.plot(
        [item["period"] for item in shown], [item[headline] for item in shown], "o-"
    )
    axes.tick_params(axis="x", rotation=45)
    axes.set(ylabel=headline.replace("_", " "))
    return [_save(figure, "decay")]


def _start(title: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(6, 4.5), layout="constrained")
    axes = figure.subplots()
    axes.set_title(_quote(title), loc="left")
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _quote(text: str) -> str:
    """Show text as it is: between two dollar signs matplotlib would read a formula."""
    return text.replace("$", r"\$")


def _save(figure: Figure, name: str) -> Path:
    return save(figure, REPORTS / f"{name}.png")


def save(figure: Figure, path: Path) -> Path:
    """Write a figure; a sign that the font lacks is drawn as a box, without a word."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")
        replace(path, lambda draft: figure.savefig(draft, dpi=120))
    return path
