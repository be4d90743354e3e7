"""Name classes and categories in one way, however their values are written."""

import re

WHOLE = re.compile(r"[+-]?\d+\.0")


def name_class(value: object) -> str:
    """Write a class or category as text; 1, 1.0 and "1.0" are the same one."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value)
    return text[:-2] if WHOLE.fullmatch(text) else text
