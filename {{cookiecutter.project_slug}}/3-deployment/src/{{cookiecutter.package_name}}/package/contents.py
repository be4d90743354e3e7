"""Write what a package says of its model besides the model itself."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml

from ..contract import make_row
from ..files import write_json
from ..refusal import Refusal
from ..scoring import manifest
from ..table import Table, read_table

# The names that mlflow gives the types of its signatures.
TYPES = {
    "number": "double",
    "boolean": "double",
    "category": "string",
    "date": "datetime",
}


def write(
    folder: Path, table: Table, classes: list[str], about: dict[str, Any], card: str
) -> None:
    """Write the table, its schema and signature, what is known of the model, and its card."""
    write_table(folder / manifest.TABLE, table)
    schema = make_row(table).model_json_schema(by_alias=True)
    write_json(folder / manifest.SCHEMA, schema | {"title": "Row"})
    write_json(folder / manifest.SIGNATURE, sign(table, classes))
    write_json(folder / manifest.ABOUT, about)
    (folder / manifest.CARD).write_text(card, "utf-8")


def write_table(path: Path, table: Table) -> None:
    """Write a description that reads back as the same table."""
    said = {name: value for name, value in asdict(table).items() if value}
    said["columns"] = [
        {
            name: value
            for name, value in column.items()
            if value is not None and value is not False  # a least value of 0 is said
        }
        for column in said["columns"]
    ]
    text = yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=100)
    path.write_text(text, "utf-8")
    if read_table(path) != table:
        raise Refusal("The description of the table cannot be written down as YAML.")


def sign(table: Table, classes: list[str]) -> dict[str, Any]:
    """Describe inputs and output as the signature of the registered model does."""
    inputs = [
        {"name": c.name, "type": TYPES[c.kind], "required": not c.missing}
        for c in table.columns
    ]
    answer = "double" if table.task == "regression" else "string"
    output = {"name": table.target, "type": answer, "required": True}
    return {"inputs": inputs, "outputs": [output], "classes": classes}
