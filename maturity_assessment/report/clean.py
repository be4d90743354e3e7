"""Text from a scanned repository is not to be trusted: nothing in it may act on a reader."""

import unicodedata
from typing import Any

# Control and format characters hide text, turn it around or speak to a terminal; lone
# surrogates cannot be written at all.
UNWANTED = ("Cc", "Cf", "Cs", "Zl", "Zp")


def clean(text: str) -> str:
    """Put a mark for every character that a reader could not see as it is."""
    return "".join(
        " " if c in "\t\n\r" else "\N{REPLACEMENT CHARACTER}" if is_unwanted(c) else c
        for c in text
    )


def is_unwanted(character: str) -> bool:
    """Tell whether a character is more than something to look at."""
    return unicodedata.category(character) in UNWANTED


def clean_all(value: Any) -> Any:
    """Clean every text in plain values."""
    if isinstance(value, str):
        return clean(str(value))
    if isinstance(value, dict):
        return {clean(str(key)): clean_all(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [clean_all(entry) for entry in value]
    return value
