"""Run a package: predictions from plain rows, without pandas where the model is a graph.

What is imported here is in the serving image: numpy, onnxruntime and yaml, nothing else.
"""

import os
from pathlib import Path

from .. import table
from ..files import read_json
from . import manifest
from .scorer import Scorer

__all__ = ["Scorer", "load"]

# ONNX Runtime reads it when it is imported; else it tells its maker of machine and model.
# Source: https://github.com/microsoft/onnxruntime/pull/27379
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")


def load(folder: Path) -> Scorer:
    """Load a package after all its checksums were found right; else a `Refusal`.

    A package with no graph loads scikit-learn and pandas, and only then.
    """
    said = manifest.read(folder)
    known = {
        "name": said["name"],
        "version": said["version"],
        "table": table.read_table(folder / manifest.TABLE),
        "classes": said["classes"],
        "about": read_json(folder / manifest.ABOUT, manifest.ADVICE),
    }
    if said["kind"] == "onnx":
        from .graph import load_graph  # pylint: disable=import-outside-toplevel

        return load_graph(folder, known)
    from .pipeline import load_pipeline  # pylint: disable=import-outside-toplevel

    return load_pipeline(folder, known)
