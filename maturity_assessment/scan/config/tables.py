"""TOML, INI and JSON as plain values, and the line on which something stands."""

import configparser
import json
import re
import tomllib
from typing import Any

from ..limits import WORDS

Table = dict[str, Any]
# The parser keeps every start of a dotted key: memory grows with the square of its parts.
MANY_PARTS = re.compile(
    r"(?<![\w.\"'-])(?:(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+){100}"
)


def read_toml(text: str) -> Table:
    """Read TOML. Raises ValueError, and RecursionError where it nests too deep."""
    if MANY_PARTS.search(text):
        raise ValueError("a key has more than a hundred parts")
    return tomllib.loads(text)


def read_json(text: str) -> Any:
    """Read JSON, with the comments that editors allow. Raises ValueError."""
    try:
        return json.loads(text)
    except ValueError:
        bare = re.sub(r"^[ \t]*//.*$", "", text, flags=re.M)
        return json.loads(re.sub(r",(\s*[}\]])", r"\1", bare))


def read_ini(text: str) -> Table:
    """Read INI as sections of texts. Raises ValueError."""
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise ValueError(str(error)) from error
    return {name: dict(parser.items(name)) for name in parser.sections()}


def dig(table: Any, *keys: str) -> Any:
    """Give what the keys lead to, or None; a value of another shape is no error."""
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table


def texts(value: Any) -> list[str]:
    """Give the texts of what may be one text or a list of them."""
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str)]


def line_of(text: str, *words: str) -> int:
    """The line on which the words stand one after another, each on or below the last.

    It gives the line of the last word found, and 0 where not even the first is.
    """
    place, found = 0, 0
    for word in words:
        # A key of TOML may be quoted or not, and a table may be nested in a dotted one.
        bounded = rf"(?<![\w-]){re.escape(word[:WORDS])}(?![\w-])"
        match = re.compile(bounded).search(text, place)
        if match is None:
            break
        place = match.start()
        found = text.count("\n", 0, place) + 1
    return found
