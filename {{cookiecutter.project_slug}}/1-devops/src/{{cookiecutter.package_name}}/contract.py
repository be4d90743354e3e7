"""What a service accepts and what it answers, made from conf/table.yaml.

Nothing here needs pandas: a service that runs without it keeps the same contract.
"""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
    create_model,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from .table import Column, Table

MOST_ROWS = 10_000
MOST_BYTES = 16_000_000


def read_date(text: str) -> datetime:
    """Read ISO 8601 as `make data` does: a time zone is turned into UTC and left out."""
    try:
        date = datetime.fromisoformat(text)
        return date.astimezone(UTC).replace(tzinfo=None) if date.tzinfo else date
    except (ValueError, OverflowError) as error:
        raise PydanticCustomError(
            "date_type", "Input should be a date, as 2013-03-01T17:45:00"
        ) from error


class _TextOrNumber:
    """Lets text and numbers pass as they are: the category 1 is the category "1".

    Written as pydantic's core knows it, which is twice as fast as a function of ours.
    Source: https://docs.pydantic.dev/latest/concepts/types/#customizing-validation-with-__get_pydantic_core_schema__
    """

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> CoreSchema:
        choices = [
            core_schema.str_schema(strict=True),
            core_schema.int_schema(strict=True),
            core_schema.float_schema(strict=True, allow_inf_nan=False),
        ]
        return core_schema.custom_error_schema(
            core_schema.union_schema([*choices], mode="left_to_right"),
            custom_error_type="name_type",
            custom_error_message="Input should be text or a number",
        )


NAME_SCHEMA = WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "number"}]})
Name = Annotated[_TextOrNumber, NAME_SCHEMA]
Date = Annotated[
    str,
    Field(strict=True, json_schema_extra={"format": "date-time"}),
    AfterValidator(read_date),
]
KINDS: dict[str, Any] = {
    "number": Annotated[float, Field(strict=True, allow_inf_nan=False)],
    "boolean": Annotated[bool, Field(strict=True)],
    "category": Name,
    "date": Date,
}


class ModelName(BaseModel):
    """Which model answers; the version is the start of the SHA-256 of its file."""

    name: str
    version: str


class Prediction(BaseModel):
    """What the model says of one row; `chances` only where the target is a class."""

    id: Name | None = None
    prediction: str | float
    chances: dict[str, float] | None = None


class Answer(BaseModel):
    """One prediction for each row, in the order of the rows."""

    model: ModelName
    predictions: list[Prediction]


class Problem(BaseModel):
    """What is wrong, in one sentence."""

    detail: str


class Fault(BaseModel):
    """What is wrong at one place, such as ["body", 3, "wind speed"]."""

    loc: list[str | int]
    msg: str
    type: str


class Faults(BaseModel):
    """What is wrong with the first row that cannot be read."""

    detail: list[Fault]


class Unreadable(Exception):
    """A body that is not rows of this table; `faults` says where and why."""

    def __init__(self, error: ValidationError) -> None:
        super().__init__(str(error))
        found = error.errors(
            include_url=False, include_context=False, include_input=False
        )
        self.faults = Faults(
            detail=[
                Fault(loc=["body", *item["loc"]], msg=item["msg"], type=item["type"])
                for item in found
            ]
        )


def list_fields(table: Table) -> dict[str, tuple[Any, Any]]:
    """Give the type of each value that a row may have, and what is said of it.

    The id comes back with the prediction. A time that is no input may be sent, too.
    """
    fields = {column.name: _describe(column) for column in table.columns}
    for name, kind in ((table.time, Date), (table.id, Name)):
        if name and name not in fields:
            fields[name] = (kind | None, Field(default=None, alias=name, title=name))
    return fields


def make_row(table: Table) -> type[BaseModel]:
    """Make the model of one row; safe inner names carry any column name as their alias."""
    named: dict[str, Any] = {
        f"column_{place}": field
        for place, field in enumerate(list_fields(table).values())
    }
    return create_model("Row", __config__=ConfigDict(extra="forbid"), **named)


def _describe(column: Column) -> tuple[Any, Any]:
    """Give the type of a column and what the documentation says of it."""
    said: dict[str, Any] = {"alias": column.name, "title": column.name}
    said["examples"] = [make_example(column)]
    if column.min is not None and column.max is not None:
        said["description"] = f"Plausible from {column.min} to {column.max}."
    kind = KINDS[column.kind]
    if column.missing:
        return kind | None, Field(default=None, **said)
    return kind, Field(**said)


def make_example(column: Column) -> Any:
    """Give a value that the column may have."""
    if column.kind == "boolean":
        return True
    if column.kind == "category":
        return (column.categories or ["a"])[0]
    if column.kind == "date":
        return read_date(str(column.min or "2013-03-01")).isoformat()
    ends = [float(end) for end in (column.min, column.max) if end is not None]
    return round(sum(ends) / len(ends), 6) if ends else 0


def make_example_row(table: Table) -> dict[str, Any]:
    """Give a row that the service accepts."""
    return {column.name: make_example(column) for column in table.columns}
