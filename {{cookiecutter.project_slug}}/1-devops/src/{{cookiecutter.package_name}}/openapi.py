"""Document what a service is asked and what it answers, with the table's own columns."""

from typing import Any

from .contract import (
    MOST_ROWS,
    Answer,
    Faults,
    Problem,
    make_example_row,
    make_row,
)
from .table import Table

ROW = {"$ref": "#/components/schemas/Row"}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    413: {"model": Problem, "description": "The body is too large"},
    415: {"model": Problem, "description": "The body is not JSON"},
    422: {"model": Faults, "description": "The body is not rows of this table"},
}


def describe_prediction(table: Table, most_rows: int = MOST_ROWS) -> dict[str, Any]:
    """Give the arguments with which FastAPI documents a route that predicts."""
    return {
        "response_model": Answer,
        "response_model_exclude_none": True,
        "responses": PROBLEMS,
        "openapi_extra": {"requestBody": describe_body(table, most_rows)},
    }


def describe_body(table: Table, most_rows: int = MOST_ROWS) -> dict[str, Any]:
    """Describe what is asked: one row or many, with an example of each."""
    rows = {"type": "array", "items": ROW, "minItems": 1, "maxItems": most_rows}
    row = make_example_row(table)
    examples = {"one row": {"value": row}, "many rows": {"value": [row, row]}}
    content = {"schema": {"anyOf": [ROW, rows]}, "examples": examples}
    return {"required": True, "content": {"application/json": content}}


def describe_rows(described: dict[str, Any], table: Table) -> None:
    """Put the real columns into the documentation of an application that is complete."""
    shape = make_row(table).model_json_schema(by_alias=True)
    described["components"]["schemas"]["Row"] = shape | {"title": "Row"}
