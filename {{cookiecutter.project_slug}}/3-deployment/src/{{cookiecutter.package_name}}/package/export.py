"""Turn a fitted pipeline into the encoder of its features and a graph of the rest."""

import logging
import warnings
from typing import Any

import numpy as np
import onnx
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline

from .. import features
from ..scoring.encoder import Encoder
from ..scoring.graph import INPUT
from ..table import Table
from . import trees


class Unexportable(Exception):
    """Why a model stays on its scikit-learn path, in words that follow a colon."""


def read_encoder(fitted: Pipeline, table: Table) -> Encoder:
    """Read the codes of the first step; another step than `features.build` makes has no twin."""
    first = fitted.steps[0][1]
    planned = [
        (name, list(names)) for name, _, names in features.build(table).transformers
    ]
    if not isinstance(first, ColumnTransformer) or planned != [
        (name, list(names)) for name, _, names in first.transformers
    ]:
        raise Unexportable("its first step is not the one of features.py")
    return Encoder(
        numbers=table.of_kind("number", "boolean"),
        categories=_read_codes(first, table),
        dates=[name for name in table.of_kind("date") if name != table.time],
        time=table.time if table.time in table.features else None,
    )


def _read_codes(first: ColumnTransformer, table: Table) -> dict[str, dict[str, int]]:
    """Number the categories as scikit-learn did; a missing one is in no dictionary."""
    names = table.of_kind("category")
    if not names:
        return {}
    known = first.named_transformers_["category"].categories_
    return {
        name: {word: code for code, word in enumerate(words) if isinstance(word, str)}
        for name, words in zip(names, known, strict=True)
    }


def convert(fitted: Pipeline, width: int) -> bytes:
    """Convert what follows the features into a graph with one input and one output.

    The input is float32 of shape (rows, width), the output the chances of the classes or
    the number. Source: https://onnx.ai/sklearn-onnx/api_summary.html
    """
    rest = [step for _, step in fitted.steps[1:]]
    if not rest:
        raise Unexportable("nothing follows its features")
    model = rest[0] if len(rest) == 1 else Pipeline(fitted.steps[1:])
    logging.getLogger("skl2onnx").setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            graph = to_onnx(
                model,
                initial_types=[(INPUT, FloatTensorType([None, width]))],
                options=(
                    {id(rest[-1]): {"zipmap": False}} if _has_classes(fitted) else None
                ),
            )
            return bytes(trees.cut(_keep_scores(graph)).SerializeToString())
    except Exception as error:  # pylint: disable=broad-except
        reason = " ".join(str(error).split())[:200]
        raise Unexportable(f"it cannot be converted ({reason})") from error


def _has_classes(fitted: Pipeline) -> bool:
    return hasattr(fitted, "classes_")


def _keep_scores(graph: Any) -> Any:
    """Keep the last output only, which holds the chances or the number."""
    del graph.graph.output[:-1]
    onnx.checker.check_model(graph)
    return graph
