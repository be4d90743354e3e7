"""Find out what a table is from the table itself."""

import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

from .. import data, dates
from ..refusal import Refusal
from ..table import Column

MOST_LISTED = 500  # categories; more are still used, but not listed
MOST_CODES = 10  # different whole numbers that are taken for classes
CODE = re.compile(r"[+-]?0\d|\d{16}")  # 007 and a card's number are no amounts
COMMA = re.compile(r"[+-]?(\d+,\d+|\d{1,3}(\.\d{3})+(,\d+)?|\d{1,3}(,\d{3})+(\.\d+)?)")
# What pandas calls a column without a name, and an index that nobody named.
UNNAMED = re.compile(r"Unnamed: \d+|__index_level_\d+__")
YES = {"1", "true", "yes", "y", "t", "positive", "pos"}
NO = {"0", "-1", "false", "no", "n", "f", "negative", "neg"}


def read_kind(values: pd.Series) -> str | None:
    """Tell the kind of the values that are there; None if no model can read them."""
    kind = pd.api.types.infer_dtype(values, skipna=True)
    if kind in {"string", "mixed-integer", "mixed-integer-float"}:
        return _read_words(values.astype(str))
    plain = {
        **dict.fromkeys(("integer", "floating", "decimal"), "number"),
        **dict.fromkeys(("datetime64", "datetime", "date"), "date"),
        **dict.fromkeys(("categorical", "time"), "category"),
        "boolean": "boolean",
    }
    return plain.get(kind)


def _read_words(values: pd.Series) -> str:
    words = pd.Series(values.unique()).str.strip()
    if words.str.lower().isin(["true", "false"]).all():
        return "boolean"
    if is_number(words):
        return "number"
    return "date" if dates.guess_patterns(words) else "category"


def is_number(words: pd.Series) -> bool:
    """Whether the words are amounts; a zip code such as 01234 is none."""
    if words.str.match(CODE).any():
        return False
    return bool(pd.to_numeric(words, errors="coerce").notna().all())


def describe_column(values: pd.Series, kind: str | None = None) -> Column | str:
    """Describe an input of the model, or say why it cannot be one."""
    name, present = str(values.name), values.dropna()
    if UNNAMED.fullmatch(name):
        return "has no name"
    if present.empty:
        raise refuse_empty(name)
    kind = kind or read_kind(present)
    if kind is None:
        return "is neither number, text nor date"
    pattern = _choose_pattern(present) if kind == "date" else None
    there = data.read_column(present, kind, pattern).dropna()
    if there.empty:
        raise refuse_empty(name)
    missing = len(there) < len(values)
    if there.nunique() == 1 and not missing:
        return "is always the same"
    if kind == "category":
        return _describe_category(name, there, missing)
    if kind == "boolean":
        return Column(name, kind, missing)
    low, high = _write(there.min()), _write(there.max())
    return Column(name, kind, missing, low, high, format=pattern)


def refuse_empty(name: str) -> Refusal:
    """What to say of a column in which nothing stands."""
    return Refusal(f"Column {name!r} holds no value at all; remove it from the table.")


def find_patterns(values: pd.Series) -> list[str]:
    """The patterns that read all dates, the likeliest first."""
    if pd.api.types.is_datetime64_any_dtype(values):
        return [dates.ISO]
    return dates.guess_patterns(values)


def _choose_pattern(values: pd.Series) -> str | None:
    """The pattern to keep in conf/table.yaml; ISO 8601 need not be said."""
    found = find_patterns(values)
    return found[0] if found and found[0] != dates.ISO else None


def _describe_category(name: str, words: pd.Series, missing: bool) -> Column | str:
    """Describe a category; what differs from row to row cannot be learned from."""
    known = sorted(words.unique())
    if all(COMMA.fullmatch(word) for word in known):
        raise Refusal(
            f"Column {name!r} writes numbers with a comma or thousands with a point "
            f"({known[0]!r}); save them as 1234.5."
        )
    if len(known) > len(words) / 2:
        return "differs from row to row, as a name or free text does"
    return Column(
        name,
        "category",
        missing,
        categories=known if len(known) <= MOST_LISTED else None,
    )


def _write(value: Any) -> float | int | str:
    """Write a border as a person would: 3 rather than 3.0, a date without midnight."""
    if isinstance(value, pd.Timestamp):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    number = float(value)
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def guess_task(values: pd.Series) -> str:
    """Text, booleans and a few whole numbers are classes; other numbers are amounts."""
    if read_kind(values) != "number":
        return "classification"
    numbers = data.read_column(values, "number").dropna()
    few = numbers.nunique() <= MOST_CODES and (numbers % 1 == 0).all()
    return "classification" if few else "regression"


def order_classes(values: pd.Series) -> list[str]:
    """Sort classes; of two the last is the one to look for: yes, or else the rarer."""
    counts = values.value_counts()
    names = sort_words(counts.index)
    if len(names) != 2:
        return names
    first, last = (name.lower() for name in names)
    rarer = counts[names[0]] < counts[names[1]]
    swap = first in YES if {first, last} & YES and {first, last} & NO else rarer
    return names[::-1] if swap else names


def sort_words(words: Iterable[str]) -> list[str]:
    """Sort as people do: 2 before 10 when all are numbers."""
    words = pd.Series(sorted(words))
    numbers = pd.to_numeric(words, errors="coerce")
    return (
        words[numbers.argsort(kind="stable")].tolist()
        if numbers.notna().all()
        else words.tolist()
    )
