"""Read the body of a request into plain rows, as the contract says and without pandas."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from ..contract import MOST_ROWS, Unreadable, list_fields
from ..table import Table

Row = dict[str, Any]


class Reader:
    """Reads one row or a list of rows; a row is a dictionary of the columns' own names.

    Dictionaries cost half of what instances of a model do, and the scorer asks for no more.
    """

    def __init__(self, table: Table, most_rows: int = MOST_ROWS) -> None:
        fields = list_fields(table).items()
        columns = {name: Annotated[kind, said] for name, (kind, said) in fields}
        row = _make_row(columns)
        length = Field(min_length=1, max_length=most_rows, fail_fast=True)
        self._read_one = _compile(row)
        self._read_many = _compile(Annotated[list[row], length])  # type: ignore[valid-type]

    def read(self, body: bytes) -> list[Row]:
        """Give the rows; a column that was left out is None. Else raise `Unreadable`."""
        try:
            if body.lstrip()[:1] == b"[":
                rows: list[Row] = self._read_many(body)
                return rows
            return [self._read_one(body)]
        except ValidationError as error:
            raise Unreadable(error) from error


def _make_row(columns: dict[str, Any]) -> Any:
    """Make the type of a row, which has no other columns than these."""
    make: Any = TypedDict  # to mypy it is no function
    row = make("Row", columns)
    row.__pydantic_config__ = ConfigDict(extra="forbid")
    return row


def _compile(kind: Any) -> Callable[[bytes], Any]:
    """Give the validator itself: its wrapper costs a tenth of a row more."""
    return TypeAdapter(kind).validator.validate_json
