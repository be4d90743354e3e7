"""Published maturity models, told in our own words.

Each file says where the model comes from and how far we know it. `provenance` is `read`
where the whole text was read; `excerpt` where only parts of it were, and then a report
says so beside every statement. What we know only from memory is not here.
"""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
NOT_READ = (
    "We have read excerpts only: take names as a pointer, not as the model's text."
)


@cache
def read(name: str) -> dict[str, Any]:
    """Read one model, such as `microsoft`."""
    content: dict[str, Any] = yaml.safe_load((HERE / f"{name}.yaml").read_text("utf-8"))
    return content


def warn(model: dict[str, Any]) -> str:
    """Say so when a model was not read in full; nothing when it was."""
    return "" if model["provenance"] == "read" else NOT_READ
