"""Find the files to score and what each of them holds, before anything is computed."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ..refusal import Refusal
from ..table import Table
from . import text

PARQUET = b"PAR1"
ENDINGS = (".parquet", ".pq", ".csv", ".tsv", ".gz")


@dataclass(frozen=True)
class Source:
    """One file: `layout` is that of a CSV, `groups` the rows of each row group of Parquet."""

    path: Path
    schema: pa.Schema
    layout: text.Layout | None = None
    groups: tuple[int, ...] = ()

    def describe(self) -> dict[str, Any]:
        """Give what changes when the file does."""
        known = self.path.stat()
        return {
            "path": str(self.path.resolve()),
            "bytes": known.st_size,
            "changed": known.st_mtime_ns,
            "schema": hashlib.sha256(str(self.schema).encode()).hexdigest(),
        }


def find(path: Path, table: Table) -> list[Source]:
    """Open each file of a path, in the order of their names, and check its columns."""
    sources = [_open(file) for file in list_files(path)]
    for source in sources:
        check_columns(source.schema.names, table, source.path)
    return sources


def list_files(path: Path) -> list[Path]:
    """Give the file, or those of a folder; names that begin with . or _ are not data."""
    if not path.is_dir():
        return [path]
    found = [
        file
        for file in sorted(path.rglob("*"), key=str)
        if file.suffix in ENDINGS and file.is_file()
        if not any(part[0] in "._" for part in file.relative_to(path).parts)
    ]
    if not found:
        raise Refusal(f"{path} holds no file that ends with {', '.join(ENDINGS)}.")
    return found


def check_columns(names: list[str], table: Table, path: Path | str) -> None:
    """Refuse a file that lacks an input, or has one twice."""
    missing = [name for name in table.features if name not in names]
    if missing:
        raise Refusal(
            f"{path} has no column {', '.join(map(repr, missing[:5]))}; add it, or package "
            "a model that does not need it."
        )
    twins = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twins:
        raise Refusal(f"{path} has two columns named {twins[0]!r}; rename one of them.")


def _open(path: Path) -> Source:
    if _is_parquet(path):
        try:
            with pq.ParquetFile(path) as file:
                known = file.metadata
                groups = [
                    known.row_group(i).num_rows for i in range(known.num_row_groups)
                ]
                return Source(path, file.schema_arrow, groups=tuple(groups))
        except (pa.ArrowException, OSError) as error:
            raise refuse(path, error) from error
    return _open_text(path)


def _is_parquet(path: Path) -> bool:
    """Tell Parquet by how it begins; a path that is no file is for level 0 to refuse."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(PARQUET)) == PARQUET


def _open_text(path: Path) -> Source:
    from .. import source  # pylint: disable=import-outside-toplevel # pandas is slow

    names = source.list_columns(path)
    separator = str(source.find_layout(source.read_head(path))["sep"])
    with source.open_file(path) as handle:
        begin = text.find_begin(handle.read(text.BLOCK_BYTES), separator)
    schema = pa.schema([(name, pa.string()) for name in names])
    return Source(path, schema, text.Layout(names, separator, begin))


def refuse(path: Path | str, error: Exception) -> Refusal:
    """Say that a file is damaged or no table, with the library's reason."""
    reason = " ".join(str(error).split()).rstrip(".")[:200]
    return Refusal(f"{path} is not a table that can be read: {reason}.")


def find_id_kind(sources: list[Source], table: Table) -> pa.DataType | None:
    """Give the type of the ids, text where files differ; None where there are none."""
    if table.id is None:
        return None
    having = [source for source in sources if table.id in source.schema.names]
    if having and len(having) < len(sources):
        without = next(source for source in sources if source not in having)
        raise Refusal(
            f"{without.path} has no column {table.id!r} while other files do; add it."
        )
    kinds = {_find_plain(source.schema.field(table.id).type) for source in having}
    if any(pa.types.is_nested(kind) for kind in kinds):
        raise Refusal(f"Column {table.id!r} holds lists; give each row a plain id.")
    return next(iter(kinds)) if len(kinds) == 1 else pa.string() if kinds else None


def _find_plain(kind: pa.DataType) -> pa.DataType:
    return _find_plain(kind.value_type) if pa.types.is_dictionary(kind) else kind


def count_rows(sources: list[Source]) -> Iterator[int]:
    """Give the rows of each Parquet file; those of a CSV are not known before it is read."""
    yield from (sum(source.groups) for source in sources)
