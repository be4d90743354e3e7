"""The model. To try another one, change `build`: everything else asks only for a Pipeline."""

from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
)
from sklearn.pipeline import Pipeline

from . import features
from .refusal import Refusal
from .settings import PATH, Settings
from .table import Table


def build(table: Table, settings: Settings) -> Pipeline:
    """Gradient-boosted trees on histograms: good on tables, quick, at ease with missing values.

    Source: https://scikit-learn.org/stable/modules/ensemble.html#histogram-based-gradient-boosting
    """
    kind = (
        HistGradientBoostingClassifier
        if table.task == "classification"
        else HistGradientBoostingRegressor
    )
    try:
        trees = kind(random_state=settings.seed, **settings.model)
    except TypeError as error:
        raise Refusal(f"`model` in {PATH} is not right: {error}.") from error
    return Pipeline([("features", features.build(table)), ("model", trees)])
