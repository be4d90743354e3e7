"""Write Markdown that stays whole whatever a column is called."""

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any


def escape(text: object) -> str:
    """Take the meaning from Markdown's signs; a name stays on one line.

    An underscore inside a word means nothing and stays readable.
    """
    flat = " ".join(str(text).split())
    flat = re.sub(r"([\\`*|<>\[\]~#$!])", r"\\\1", flat)
    flat = flat.replace("&", "&amp;")
    return re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", flat)


def number(value: Any, digits: int = 4) -> str:
    """Write a number for people; nothing known is a dash."""
    if value is None or math.isnan(value):
        return "–"
    if isinstance(value, int) or abs(value) >= 10_000:
        return f"{value:,.0f}"
    return f"{value:.{digits}f}" if abs(value) < 100 else f"{value:.1f}"


def interval(ends: Sequence[float] | None, digits: int = 3) -> str:
    """Write an interval from its two ends."""
    if ends is None:
        return "–"
    return " to ".join(number(float(end), digits) for end in ends)


def grid(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table; the first column is text, the others are numbers on the right."""
    marks = ["---", *(["---:"] * (len(header) - 1))]
    lines = [header, marks, *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def name(metric: str) -> str:
    """Write a metric's name for people."""
    special = {"auc": "AUC", "brier": "Brier score", "r2": "R²", "macro_f1": "macro F1"}
    return special.get(metric, metric.replace("_", " "))


def count(things: int, one: str) -> str:
    """Count in words that agree: 1 column, 2 columns."""
    return f"{things:,} {one}" + ("" if things == 1 else "s")
