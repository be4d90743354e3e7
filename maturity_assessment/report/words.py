"""Small words that every report shares: marks, shares, places, plurals."""

from typing import Any

from . import Document

MARKS = {
    "evidenced": "+",
    "partly evidenced": "~",
    "claimed": "!",
    "declared": "!",
    "waived": "w",
    "absent": "-",
    "open": "?",
    "not applicable": "n",
}
LEGEND = (
    "+ shown  ~ in part  ! claimed  w waived  - absent  ? not known  n not applicable"
)
RULE = (
    "Present counts 1, partial 0.5, absent 0; a level holds when its gates and all "
    "below hold."
)


def percent(share: float | None) -> str:
    """Write a share from 0 to 1; a dash where nothing counts."""
    return "-" if share is None else f"{round(share * 100)} %"


def place(evidence: dict[str, Any]) -> str:
    """Name a file with its line, if it has one."""
    line = f":{evidence['line']}" if evidence["line"] else ""
    return f"{evidence['path']}{line}"


def plural(count: int, one: str) -> str:
    """Count things: 1 day, 2 days, 3 capabilities."""
    many = f"{one[:-1]}ies" if one.endswith("ty") else f"{one}s"
    return f"{count:,} {one if count == 1 else many}"


def describe(document: Document) -> str:
    """Say in one line what was read and by which ruler."""
    about = document["repository"]
    commit = f"commit {about['commit'][:10]}" if about["commit"] else "no commit"
    read = plural(about["files"], "file")
    scope = about["scope"].replace("_", " ")
    return f"{scope}, {read}, {commit}, {document['date']}, ruler {document['ruler']}"


def evidenced(document: Document) -> str:
    """Say how much of the result evidence carries."""
    share = document["share"]
    if share is None:
        return "Nothing counts yet."
    if share == 1:
        return "All that counts rests on evidence, nothing on claims."
    return f"{percent(share)} of what counts rests on evidence, the rest on claims."


def find_rule(document: Document, level: int) -> str:
    """Give the rule of a level of the headline's model."""
    levels = document["views"]["microsoft"]["levels"]
    return next((entry["rule"] for entry in levels if entry["level"] == level), "")


def say_next(document: Document) -> str:
    """Name the next level; nothing at the top."""
    above = document["level"]["evidence"] + 1
    levels = document["views"]["microsoft"]["levels"]
    names = [entry["name"] for entry in levels if entry["level"] == above]
    return f"level {above}, {names[0]}" if names else ""


def why_not(capability: dict[str, Any]) -> str:
    """Give the first reason why a capability does not count in full."""
    reasons = [reason for one in capability["evidence"] for reason in one["reasons"]]
    return str((reasons or capability["remarks"] or [capability["why"]])[0])
