"""What a line of the journal holds: lists, each a record, that the database takes as they are."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic_core import from_json

from ..names import name_class

LOG = logging.getLogger(__name__)

FIELDS = {
    "prediction": "id request time model arm inputs prediction chances latency".split(),
    "shadow": "id request model time prediction chances latency error".split(),
    "label": "id time label".split(),
}
# A record is its kind, then its fields. What the database keeps as JSON is a text in it
# already: to look names up and to write JSON anew was most of the work of moving it.
JSON = {"inputs", "chances"}
PLACES_OF_JSON = {
    kind: [place for place, name in enumerate(names, start=1) if name in JSON]
    for kind, names in FIELDS.items()
}
# NULL would make two records without a request different from each other.
NEVER_NULL = {"id", "request", "model"}


def make(
    kind: str, known: Sequence[Mapping[str, Any]], write: Callable[[Any], bytes]
) -> list[list[Any]]:
    """Make the list of each record; `write` writes JSON."""
    fields, places = FIELDS[kind][1:], PLACES_OF_JSON[kind]
    rows = []
    for record in known:
        row = [kind, name_class(record["id"]), *map(record.get, fields)]
        for place in places:
            if row[place] is not None:
                row[place] = write(row[place]).decode()
        rows.append(row)
    return rows


def parse(lines: str, source: str) -> list[Any]:
    """Read whole lines; those of the source that are no JSON are left out, and said."""
    try:
        found: list[Any] = from_json(f"[{lines.rstrip().replace(chr(10), ',')}]")
        return found
    except ValueError:
        return _parse_one_by_one(lines, source)


def _parse_one_by_one(lines: str, source: str) -> list[Any]:
    """Leave out the lines that are no JSON: a power cut can leave a hole in a file."""
    # Not splitlines: it would also cut at a separator inside of a text.
    written = lines.rstrip("\n").split("\n")
    known = [_parse_line(line) for line in written]
    if None in known:
        lost = known.count(None)
        LOG.warning("%d lines of %s cannot be read and are left out", lost, source)
    return [record for some in known for record in some or ()]


def _parse_line(line: str) -> list[Any] | None:
    """Give the records of a line, also with half a character, which the quick way refuses."""
    try:
        found: list[Any] = json.loads(f"[{line}]")
        return found
    except ValueError:
        return None


def sort(found: list[Any]) -> dict[str, list[list[Any]]]:
    """Give the values of each record by its kind; what is no record is passed over."""
    rows: dict[str, list[list[Any]]] = {kind: [] for kind in FIELDS}
    for record in found:
        kind, row = _read(record)
        if len(row) != len(FIELDS.get(kind, ())) or not row:
            continue
        if None in row:
            named = zip(FIELDS[kind], row, strict=True)
            row = ["" if v is None and n in NEVER_NULL else v for n, v in named]
        rows[kind].append(row)
    return rows


def _read(record: Any) -> tuple[str, list[Any]]:
    """Give kind and values; once a record was an object, and who sends one may do so still."""
    if isinstance(record, list) and record:
        return str(record[0]), record[1:]
    if isinstance(record, dict):
        kind = str(record.get("kind"))
        return kind, [record.get(name) for name in FIELDS.get(kind, ())]
    return "", []


def adapt(value: Any) -> Any:
    """Make a value one that SQLite takes: JSON as text, whole characters, numbers in range."""
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return float(value)
    return value
