"""Score batches with scikit-learn, for a model that has no graph."""

import numpy as np
import pyarrow as pa

from .. import data, predict
from ..scoring.pipeline import Fitted
from .arrays import simplify


def score(scorer: Fitted, batch: pa.RecordBatch) -> np.ndarray:
    """Give chances of shape (rows, classes) or numbers of shape (rows,), as `make predict`."""
    table = scorer.table
    plain = {name: _decode(batch.column(name)) for name in table.features}
    frame = pa.table(plain).to_pandas(ignore_metadata=True, date_as_object=False)
    for name in frame.columns[frame.dtypes == "str"]:
        frame[name] = frame[name].where(frame[name] != "")  # as in a CSV
    found = predict.predict(scorer.fitted, data.conform(frame, table), table)
    if table.task == "regression":
        return found["prediction"].to_numpy(np.float64)
    return found.iloc[:, 1:].to_numpy(np.float64)


def _decode(values: pa.Array) -> pa.Array:
    values = simplify(values)
    return values.dictionary_decode() if pa.types.is_dictionary(values.type) else values
