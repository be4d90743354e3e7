"""List every registered model: what it is made of, how good it was, since when it answered."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..card.markdown import escape, grid, name, number
from ..events import FOLDER, store
from ..files import REPORTS, replace, write_json
from ..history import show_time
from ..table import Table, read_table
from .registered import Registered, find_start, read_manifest

JSON, TEXT = REPORTS / "inventory.json", REPORTS / "inventory.md"
COUNT = """
SELECT model, count(*), min(time), max(time),
    sum(EXISTS (SELECT 1 FROM labels WHERE labels.id = answered.id))
FROM answered GROUP BY model
"""


@dataclass(frozen=True)
class Use:
    """What a version answered: rows, those with a label, and the first and last time."""

    rows: int
    labelled: int
    first: float
    last: float


def count_use(folder: Path = FOLDER) -> dict[str, Use]:
    """Count the predictions of each version in the event log."""
    try:
        with store.reading(folder) as log:
            found = log.execute(COUNT).fetchall()
    except sqlite3.Error:
        return {}
    return {
        str(model): Use(rows, known or 0, first, last)
        for model, rows, first, last, known in found
    }


def describe(known: Registered, uses: dict[str, Use], table: Table) -> dict[str, Any]:
    """Give all that is known of one version; what is not, is None."""
    manifest, use = read_manifest(known), uses.get(known.version)
    metric = table.headline[0]
    measured = known.tags.get(metric, known.metrics.get(f"validation_{metric}"))
    return {
        "version": known.version,
        "aliases": known.aliases,
        "run_id": known.run_id,
        "registered": known.created,
        "data_sha256": known.tags.get("data_sha256"),
        "git_commit": known.tags.get("git_commit"),
        "code_sha256": known.tags.get("code_sha256"),
        "metric": metric,
        "value": None if measured is None else float(measured),
        "package": manifest and manifest["kind"],
        "answers_since": find_start(known),
        "rows_answered": use.rows if use else 0,
        "rows_labelled": use.labelled if use else 0,
        "last_answer": use.last if use else None,
    }


def show(found: Iterable[dict[str, Any]], table: Table) -> str:
    """Write the inventory for people."""
    header = [
        "Version",
        "Called",
        "Registered",
        "Data",
        "Commit",
        name(table.headline[0]),
        "Package",
        "Began to answer",
        "Rows answered",
        "With a label",
    ]
    rows = [
        [
            item["version"],
            escape(", ".join(item["aliases"]) or "–"),
            show_time(item["registered"]),
            _cut(item["data_sha256"]),
            _cut(item["git_commit"]),
            number(item["value"]),
            item["package"] or "none",
            show_time(item["answers_since"]) if item["answers_since"] else "never",
            number(item["rows_answered"]),
            number(item["rows_labelled"]),
        ]
        for item in found
    ]
    text = (
        f"Every registered version of {escape(table.target)}, the oldest first; times are in "
        "UTC. A hash is cut to its first signs, inventory.json has all of it."
    )
    return f"# Model inventory\n\n{text}\n\n{grid(header, rows)}\n"


def _cut(value: str | None) -> str:
    return f"`{value[:10]}`" if value and value != "none" else "–"


def write(_version: str | None = None) -> tuple[list[str], list[Path]]:
    """Write reports/inventory.*; gives what to say of it, and their paths."""
    from . import registry  # pylint: disable=import-outside-toplevel # it takes seconds

    table, uses = read_table(), count_use()
    found = [describe(known, uses, table) for known in registry.list_versions()]
    write_json(JSON, found)
    text = show(found, table)
    replace(TEXT, lambda draft: draft.write_text(text, "utf-8"))
    told = [
        f"version {item['version']:<4}{', '.join(item['aliases']):<12}{item['metric']} "
        f"{number(item['value'])}, {item['rows_answered']:,} rows answered"
        for item in found
    ]
    return told or ["no version is registered yet"], [TEXT, JSON]
