"""Fill the folder of a package: the model, what is said of it, and the proof of its graph."""

from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import joblib
import pandas as pd
from sklearn.pipeline import Pipeline

from .. import data
from ..files import write_json
from ..refusal import Refusal
from ..scoring import manifest
from ..scoring.graph import load_graph
from ..table import Table
from . import contents, export, parity, shelf

NAME = __name__.partition(".")[0]
MADE_WITH = ("numpy", "onnxruntime", "scikit-learn", "skl2onnx")


@dataclass(frozen=True)
class Model:
    """A fitted pipeline with the table that it was made for and what is known of it."""

    fitted: Pipeline
    table: Table
    about: dict[str, Any]
    card: str = ""
    run_id: str = ""


def build(model: Model, folder: Path, sample: pd.DataFrame) -> None:
    """Make a package in `folder`, whose name is the version; whole or not at all.

    The rows of the sample prove the parity; the model should not have learned from them.
    """
    classes = [str(name) for name in getattr(model.fitted, "classes_", [])]
    known = {"name": NAME, "version": folder.name, "classes": classes}
    with shelf.draft(folder) as new:
        joblib.dump(model.fitted, new / manifest.MODEL)
        contents.write(new, model.table, classes, model.about, model.card)
        reason = add_graph(new, model, known, sample)
        said = {
            **known,
            "run_id": model.run_id,
            "kind": "sklearn" if reason else "onnx",
            "reason": reason,
            "made_with": {name: metadata.version(name) for name in MADE_WITH},
        }
        manifest.write(new, said)


def hold_out(table: Table, about: dict[str, Any]) -> pd.DataFrame:
    """Draw rows that the model has not learned from: of the validation part."""
    prepared = data.read_prepared(table)
    seed = int(about.get("seed", 0))
    part = data.split(prepared, table, seed).validation
    drawn = prepared if part.empty else part
    return drawn.sample(min(len(drawn), parity.MOST_ROWS), random_state=seed)


def add_graph(
    new: Path, model: Model, known: dict[str, Any], sample: pd.DataFrame
) -> str | None:
    """Add the graph when it proves to predict alike; else give the reason why not."""
    graph, coding = new / manifest.GRAPH, new / manifest.ENCODER
    try:
        encoder = export.read_encoder(model.fitted, model.table)
        graph.write_bytes(export.convert(model.fitted, encoder.width))
        write_json(coding, encoder.to_json())
        # What is proven is what was written, as the service will load it.
        scorer = load_graph(new, {**known, "table": model.table, "about": model.about})
        found = parity.check(scorer, model.fitted, sample)
    except (export.Unexportable, Refusal) as why:
        graph.unlink(missing_ok=True)
        coding.unlink(missing_ok=True)
        write_json(new / manifest.PARITY, {"reason": str(why)})
        return str(why)
    write_json(new / manifest.PARITY, parity.to_json(found))
    return None
