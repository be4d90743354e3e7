"""Patterns of paths: `*.yml` is a name anywhere, `conf/*.yml` a path, `**/` any folders."""

import re
from functools import lru_cache

PARTS = re.compile(r"\*\*/|\*\*|\*|\?|\[[^\]]+\]|[^*?\[]+|\[")
MEANINGS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def translate(part: str) -> str:
    """Write one part of a pattern as a regular expression."""
    if part in MEANINGS:
        return MEANINGS[part]
    return part if part.startswith("[") and len(part) > 1 else re.escape(part)


@lru_cache(maxsize=2000)
def compile_glob(pattern: str) -> re.Pattern[str]:
    """Compile a pattern for whole paths; upper and lower case are the same."""
    anywhere = "" if "/" in pattern else "(?:.*/)?"
    body = "".join(translate(part) for part in PARTS.findall(pattern.lstrip("/")))
    return re.compile(f"{anywhere}{body}$", re.IGNORECASE)


def matches(path: str, *patterns: str) -> bool:
    """Whether a path fits one of the patterns."""
    return any(compile_glob(pattern).match(path) for pattern in patterns)
