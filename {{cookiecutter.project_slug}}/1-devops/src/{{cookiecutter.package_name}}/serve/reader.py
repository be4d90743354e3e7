"""Read the body of a request into the table that the model asks for."""

from typing import Annotated, Any

import pandas as pd
from pydantic import Field, TypeAdapter, ValidationError

from ..contract import MOST_ROWS, Unreadable, make_row
from ..table import Table


class Reader:
    """Reads the body of a request: one row or a list of rows."""

    def __init__(self, table: Table) -> None:
        self.row = make_row(table)
        # Already read here: the pattern of the table's own file does not matter.
        self._dates = table.of_kind("date")
        length = Field(min_length=1, max_length=MOST_ROWS, fail_fast=True)
        self._one: TypeAdapter[Any] = TypeAdapter(self.row)
        self._many: TypeAdapter[Any] = TypeAdapter(
            Annotated[list[self.row], length]  # type: ignore[arg-type, name-defined]
        )

    def read(self, body: bytes) -> pd.DataFrame:
        """Give the rows under their own column names, or raise `Unreadable`."""
        try:
            if body.lstrip()[:1] == b"[":
                rows = self._many.validate_json(body)
            else:
                rows = [self._one.validate_json(body)]
        except ValidationError as error:
            raise Unreadable(error) from error
        columns = {
            field.alias: [getattr(row, name) for row in rows]
            for name, field in self.row.model_fields.items()
        }
        frame = pd.DataFrame(columns, dtype=object)
        return frame.astype(dict.fromkeys(self._dates, "datetime64[us]"))
