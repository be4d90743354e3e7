"""Text of a file in whatever encoding it has, and without what a template engine adds."""

import codecs
import re

MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
# A mark never holds the start of another one: thousands that are not closed take no longer.
BLOCK = re.compile(
    r"\{%(?:[^%{]++|%(?!\})|\{(?!%))*%\}|\{#(?:[^#{]++|#(?!\})|\{(?!#))*#\}"
)
VALUE = re.compile(r"\{\{((?:[^{}]++|\}(?!\})|\{(?!\{))*)\}\}")
ALONE = re.compile(
    rf"^[ \t]*+(?:{BLOCK.pattern}|{VALUE.pattern})(?:[^\n]*[%#}}]\}})?[ \t]*+$",
    re.M,
)


class NotText(ValueError):
    """The content is that of a picture, an archive or the like."""


def decode(content: bytes) -> str:
    """Decode a file: by its byte-order mark, else as UTF-8, else byte by byte.

    Raises NotText where it holds a NUL and no mark explains it.
    """
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    if b"\0" in content[:8192]:
        raise NotText("not text")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def is_templated(text: str) -> bool:
    """Whether a template engine is to fill the text in first."""
    return "{{" in text or "{%" in text


def blank(found: re.Match[str]) -> str:
    """Leave nothing but the line ends, so that every line keeps its number."""
    return "\n" * found[0].count("\n")


def name(found: re.Match[str]) -> str:
    """Give the last name in a placeholder, in its place."""
    words = re.findall(r"[A-Za-z_]\w*", found[1].split("|")[0])
    return (words[-1] if words else "templated") + blank(found)


def fill(text: str) -> str:
    """Make plain text of a Jinja or Go template: tags vanish, placeholders become a word."""
    text = ALONE.sub(blank, text)
    return VALUE.sub(name, BLOCK.sub(blank, text))
