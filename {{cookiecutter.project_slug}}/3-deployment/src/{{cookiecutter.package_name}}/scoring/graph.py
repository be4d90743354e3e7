"""Run a model as an ONNX graph, with neither pandas nor scikit-learn."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import onnxruntime

from ..files import read_json
from ..refusal import Refusal
from . import manifest
from .encoder import Encoder, Row
from .scorer import Scorer

INPUT = "input"


@dataclass(frozen=True, kw_only=True)
class Graph(Scorer):
    """A graph that reads the encoder's matrix and gives chances or numbers."""

    kind: ClassVar[str] = "onnx"
    encoder: Encoder
    session: onnxruntime.InferenceSession

    def score_rows(self, rows: Sequence[Row]) -> np.ndarray:
        """Encode the rows and run the graph."""
        return self.score_matrix(self.encoder.encode_rows(rows))

    def score_matrix(self, matrix: np.ndarray) -> np.ndarray:
        """Run the graph on float32 of shape (rows, width)."""
        scores: np.ndarray = self.session.run(None, {INPUT: matrix})[0]
        wide = scores.astype(np.float64)
        return wide if self.classes else wide.reshape(-1)


def load_graph(folder: Path, known: dict[str, Any]) -> Graph:
    """Load the graph of a package whose checksums are right."""
    encoder = Encoder.from_json(read_json(folder / manifest.ENCODER, manifest.ADVICE))
    session = open_session(folder / manifest.GRAPH)
    return Graph(encoder=encoder, session=session, **known)


def open_session(path: Path) -> onnxruntime.InferenceSession:
    """Open a graph that runs in the thread that asks, and that calls out to nobody.

    Threads of its own would wait for each other: a service scales by processes.
    Source: https://onnxruntime.ai/docs/performance/tune-performance/threading.html
    """
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    for pool in ("intra", "inter"):
        options.add_session_config_entry(f"session.{pool}_op.allow_spinning", "0")
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.log_severity_level = 3  # errors; a refusal says what matters
    try:
        return onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # pylint: disable=broad-except
        reason = " ".join(str(error).split())[:200]
        raise Refusal(f"{path} cannot be run here: {reason}") from error
