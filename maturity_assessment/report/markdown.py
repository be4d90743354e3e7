"""A comment for a pull request: first what changed, then the rest, folded away."""

import re
from typing import Any

from . import Document
from .delta import Delta
from .words import (
    MARKS,
    RULE,
    describe,
    evidenced,
    find_rule,
    percent,
    place,
    plural,
    say_next,
    why_not,
)

# By this line a later run finds the comment that it replaces.
MARK = "<!-- mlops-maturity -->"
SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~<>&-])")
LONGEST = 60_000
WORDS = {"+": "shown", "~": "in part", "!": "claimed", "-": "absent", "?": "not known"}


def quote(text: str) -> str:
    """Write foreign text so that nothing in it is Markdown, HTML or a mention."""
    escaped = SPECIAL.sub(r"\\\1", text).replace("\\<", "&lt;").replace("\\>", "&gt;")
    return escaped.replace("\\&", "&amp;").replace("@", "@\N{ZERO WIDTH SPACE}")


def code(text: str) -> str:
    """Write foreign text as code on one line of a table."""
    return f"`{text.replace('`', chr(39)).replace('|', chr(0xA6))}`"


def render(document: Document, delta: Delta | None = None) -> str:
    """Write the comment; it is cut where a forge would refuse its length."""
    lines = [MARK, f"## MLOps maturity: {quote(document['headline'])}", ""]
    lines += write_delta(delta) if delta else []
    lines += [f"{document['level']['name']}. {evidenced(document)}", ""]
    lines += write_blockers(document)
    lines += write_now(document)
    lines += write_dimensions(document)
    lines += write_capabilities(document)
    lines += [f"<sub>{quote(describe(document))}. {quote(RULE)}</sub>"]
    return cut("\n".join(lines)) + "\n"


def cut(text: str) -> str:
    """Leave out the lines that do not fit, and say so."""
    if len(text) <= LONGEST:
        return text
    return text[: text.rindex("\n", 0, LONGEST)] + "\n\n(cut here: it is too long)"


def write_delta(delta: Delta) -> list[str]:
    """Say what changed since the target of the pull request."""
    if delta.rulers:
        return ["The base was measured by another ruler: nothing to compare.", ""]
    if not delta.changes and delta.before == delta.after:
        return ["**No change** in any capability.", ""]
    lines = [f"**Level {quote(str(delta.before))} before, {delta.after} now.**", ""]
    for change in delta.changes:
        sign = "better" if change.better else "**worse**"
        lines.append(f"- {sign}: {code(change.capability)} {quote(change.before)}")
        lines[-1] += f" → {quote(change.after)}"
    return [*lines, ""]


def write_blockers(document: Document) -> list[str]:
    """Say what is in the way of the next level."""
    above = say_next(document)
    if not above:
        return []
    blockers = [f"- {quote(blocker)}" for blocker in document["level"]["blockers"]]
    rule = find_rule(document, document["level"]["evidence"] + 1)
    lines = [f"**In the way of {quote(above)}**", "", *blockers, ""]
    return [*lines, f"<sub>Rule: {quote(rule)}</sub>", ""]


def write_now(document: Document) -> list[str]:
    """List what to do now."""
    items = [item for item in document["roadmap"] if item["group"] == "Now"]
    if not items:
        return []
    lines = ["**Do now**", ""]
    for item in items:
        days = plural(item["effort"], "day")
        lines.append(
            f"- {code(item['capability'])} {quote(item['title'])}, about {days}"
        )
    return [*lines, ""]


def fold(title: str, lines: list[str]) -> list[str]:
    """Fold lines away under a title."""
    return [f"<details><summary>{title}</summary>", "", *lines, "", "</details>", ""]


def write_dimensions(document: Document) -> list[str]:
    """Write a table of the dimensions."""
    rows = ["| dimension | evidence | with claims |", "|---|---:|---:|"]
    for one in document["dimensions"]:
        shares = f"{percent(one['evidence'])} | {percent(one['claimed'])}"
        rows.append(f"| {one['id']} {quote(one['name'])} | {shares} |")
    return fold("Dimensions", rows)


def write_capabilities(document: Document) -> list[str]:
    """Write a table of the capabilities with the place of the first evidence."""
    rows = ["| capability | stands | where, or why not |", "|---|---|---|"]
    for entry in document["capabilities"]:
        rows.append(
            f"| {code(entry['id'])} | {entry['state']} | {write_place(entry)} |"
        )
    return fold(plural(len(document["capabilities"]), "capability"), rows)


def write_place(entry: dict[str, Any]) -> str:
    """Name where a capability was seen, and what takes away from it."""
    first = entry["evidence"][0] if entry["evidence"] else None
    where = ""
    if first:
        where = code(place(first))
        where = f"[{where}]({first['link']})" if first["link"] else where
    doubtful = MARKS[entry["state"]] in "~!wn" or (first and first["reasons"])
    return f"{where} {quote(why_not(entry))}".strip() if doubtful else where
