"""Read Parquet as a table of plain columns."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq


def list_columns(path: Path) -> list[str]:
    """Name the columns, those of a pandas index among them."""
    return list(pq.read_schema(path).names)


def read(path: Path) -> pd.DataFrame:
    """Read all columns: an index becomes one, codes become words, decimals numbers."""
    # ParquetFile, for read_table takes a folder named a=b for one more column.
    with pq.ParquetFile(path) as file:
        table = file.read()
    plain = [field.with_type(_simplify(field.type)) for field in table.schema]
    table = table.cast(pa.schema(plain))
    frame: pd.DataFrame = table.to_pandas(ignore_metadata=True, date_as_object=False)
    for name in frame.columns[frame.dtypes == "str"]:
        frame[name] = frame[name].where(frame[name] != "")  # as in a CSV
    return frame


def _simplify(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        return _simplify(kind.value_type)
    return pa.float64() if pa.types.is_decimal(kind) else kind
