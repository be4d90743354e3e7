"""Read a table from a CSV or Parquet file, or say in one sentence why that cannot be.

Parquet is imported where it is needed: what only answers requests can do without it.
"""

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import pandas as pd

from .refusal import Refusal

HEAD = 65_536  # so many bytes tell what a file is
PARQUET = b"PAR1"
SEPARATORS = ",;\t|"
# How files that are no tables begin, whatever their names say.
OTHERS = {
    "JSON": re.compile(rb'\s*(\{\s*["}]|\[\s*[\[{])'),
    "a web page or XML": re.compile(rb"\s*<(!doctype|html|\?xml)", re.IGNORECASE),
}
# pandas' and pyarrow's errors are ValueErrors; the later ones are of broken gzip files.
BROKEN = (ValueError, OSError, NotImplementedError, EOFError, zlib.error)


def read_file(path: Path, text: Iterable[str] = ()) -> pd.DataFrame:
    """Read a CSV or Parquet file; in a CSV the columns in `text` stay as written."""
    with refusing(path):
        head = read_head(path)
        if head.startswith(PARQUET):
            from . import parquet  # pylint: disable=import-outside-toplevel

            _refuse_twins(path, parquet.list_columns(path))
            return parquet.read(path)
        return _read_csv(path, head, text)


def list_columns(path: Path) -> list[str]:
    """Name the columns of a file without reading its rows."""
    with refusing(path):
        head = read_head(path)
        if head.startswith(PARQUET):
            from . import parquet  # pylint: disable=import-outside-toplevel

            return _refuse_twins(path, parquet.list_columns(path))
        return _name_columns(path, find_layout(head))


@contextmanager
def refusing(path: Path) -> Iterator[None]:
    """Turn what a library says of a broken file into a sentence for its owner."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise Refusal(f"{path} is not in UTF-8; save it in that encoding.") from error
    except BROKEN as error:
        reason = " ".join(str(error).split()).rstrip(".")
        raise Refusal(
            f"{path} is not a CSV or Parquet table that can be read: {reason}."
        ) from error


def open_file(path: Path) -> BinaryIO:
    """Open a file, also one that gzip has packed."""
    with path.open("rb") as handle:
        packed = handle.read(2) == b"\x1f\x8b"
    return cast(BinaryIO, gzip.open(path)) if packed else path.open("rb")


def read_head(path: Path) -> bytes:
    """Read how the file begins and refuse what is no table."""
    if not path.is_file():
        what = "a folder" if path.is_dir() else "not there"
        raise Refusal(f"{path} is {what}; give the path of a CSV or Parquet file.")
    with open_file(path) as handle:
        head = handle.read(HEAD)
    if head.startswith(PARQUET):
        return head
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refusal(f"{path} is in UTF-16; save it in UTF-8.")
    if not head.strip():
        raise Refusal(f"{path} is empty; give a table with a row of column names.")
    found = [name for name, begin in OTHERS.items() if begin.match(head)]
    if found or b"\0" in head:
        what = found[0] if found else "neither text nor Parquet"
        raise Refusal(f"{path} is {what}, not a table; save it as CSV or Parquet.")
    return head


def find_layout(head: bytes) -> dict[str, Any]:
    """How the columns of a CSV are told apart, as pandas' options."""
    text = head.decode("utf-8-sig", errors="ignore")
    scores = {
        mark: _score_separator(text, mark, len(head) == HEAD) for mark in SEPARATORS
    }
    return describe_layout(max(scores, key=lambda mark: scores[mark]))


def describe_layout(separator: str) -> dict[str, Any]:
    """Give pandas' options for a CSV with this separator."""
    return {
        "sep": separator,
        "encoding": "utf-8-sig",
        "skipinitialspace": True,
        "na_values": ["?"],  # besides nothing, NA, null and the like
    }


def _score_separator(text: str, mark: str, cut: bool) -> tuple[float, int]:
    """The share of rows that are as wide as the header, and its width."""
    # StringIO with "" knows a quoted line break from the end of a row.
    lines = csv.reader(io.StringIO(text, ""), delimiter=mark, skipinitialspace=True)
    widths = [len(row) for row in lines if row][:200]
    if cut and len(widths) < 200:
        widths = widths[:-1] or widths
    if not widths or widths[0] == 1:
        return 0, 1
    return sum(width == widths[0] for width in widths) / len(widths), widths[0]


def _name_columns(path: Path, layout: dict[str, Any]) -> list[str]:
    """Read the header by itself: pandas renames the second of two columns silently."""
    with open_file(path) as handle:
        header = pd.read_csv(
            handle, header=None, nrows=1, dtype=str, keep_default_na=False, **layout
        )
    names = [
        name or f"Unnamed: {place}"
        for place, name in enumerate(header.iloc[0].tolist())
    ]
    return _refuse_twins(path, names)


def _refuse_twins(path: Path, names: list[str]) -> list[str]:
    """Give the names back when each is there once."""
    twins = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twins:
        raise Refusal(f"{path} has two columns named {twins[0]!r}; rename one of them.")
    return names


def _read_csv(path: Path, head: bytes, text: Iterable[str]) -> pd.DataFrame:
    layout = find_layout(head)
    names = _name_columns(path, layout)
    with open_file(path) as handle:
        return read_rows(handle, path, names, text, {"header": 0, **layout})


def read_rows(
    handle: BinaryIO,
    path: Path,
    names: list[str],
    text: Iterable[str],
    layout: dict[str, Any],
) -> pd.DataFrame:
    """Read text into columns; a row that is wider than the header is refused."""
    frame: pd.DataFrame = pd.read_csv(
        handle,
        names=names,
        dtype=dict.fromkeys(text, str),
        low_memory=False,
        **layout,
    )
    if not isinstance(frame.index, pd.RangeIndex):
        raise Refusal(
            f"The rows of {path} have more fields than its header has names; mend it."
        )
    return frame
