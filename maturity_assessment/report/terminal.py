"""The report in a terminal: 80 columns, and readable without colour."""

from io import StringIO
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from . import Document
from .delta import Delta
from .terminal_next import (
    draw_blockers,
    draw_notes,
    draw_roadmap,
    draw_views,
    title,
)
from .words import (
    LEGEND,
    MARKS,
    describe,
    evidenced,
    percent,
    place,
    why_not,
)

WIDTH, BAR = 80, 20
STYLES = {"+": "green", "~": "yellow", "!": "magenta", "w": "magenta", "-": "red"}


def render(document: Document, delta: Delta | None = None, colour: bool = False) -> str:
    """Draw the report, with colours if a terminal is to show them."""
    drawn = StringIO()
    console = Console(
        file=drawn,
        width=WIDTH,
        force_terminal=colour,
        color_system="standard" if colour else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    draw_head(console, document)
    if delta:
        draw_delta(console, delta)
    draw_dimensions(console, document)
    draw_capabilities(console, document)
    draw_blockers(console, document)
    draw_roadmap(console, document)
    draw_views(console, document)
    draw_notes(console, document)
    lines = drawn.getvalue().splitlines()
    return "\n".join(line.rstrip() for line in lines) + "\n"


def draw_head(console: Console, document: Document) -> None:
    """Draw the name and the headline."""
    level = document["level"]
    console.print(Text(document["repository"]["name"], style="bold"))
    console.print(Text(describe(document), style="dim"))
    console.print()
    console.print(Text(document["headline"], style="bold"))
    console.print(Text(f"{level['name']}. {evidenced(document)}"))
    if level["claims"]:
        console.print(Text(f"To be shown: {', '.join(level['claims'])}."))
    if level["several"]:
        console.print(
            Text(
                "It holds several projects: scan each with --subdir for its own level."
            )
        )


def draw_delta(console: Console, delta: Delta) -> None:
    """Draw what changed since the baseline."""
    title(console, "Since the baseline")
    if delta.rulers:
        old, new = delta.rulers
        console.print(Text(f"Not comparable: ruler {old} then, {new} now."))
        return
    console.print(Text(f"Level {delta.before} then, {delta.after} now."))
    for change in delta.changes:
        mark = "better" if change.better else "worse"
        console.print(
            Text(f"  {mark}: {change.capability}, {change.before} -> {change.after}")
        )


def draw_dimensions(console: Console, document: Document) -> None:
    """Draw a bar for each dimension: evidence in full, claims hatched."""
    title(console, "Dimensions")
    table = Table.grid(padding=(0, 1))
    for justify in ("left", "left", "left", "right", "right"):
        table.add_column(justify=justify)
    table.add_row("", "", "", Text("evidence"), Text("+ claims"))
    for one in document["dimensions"]:
        shares = (percent(one["evidence"]), percent(one["claimed"]))
        table.add_row(one["id"], Text(one["name"]), draw_bar(one), *shares)
    console.print(table)


def draw_bar(dimension: dict[str, Any]) -> Text:
    """Draw one bar; dots where nobody told anything."""
    if dimension["claimed"] is None:
        return Text("not known".center(BAR, "."), style="dim")
    full = round(dimension["evidence"] * BAR)
    claimed = max(round(dimension["claimed"] * BAR), full)
    rest = "." * (BAR - claimed)
    return Text.assemble(
        ("#" * full, "green"), ("/" * (claimed - full), "magenta"), rest
    )


def draw_capabilities(console: Console, document: Document) -> None:
    """Draw a line for each capability, with its place or with what takes away from it."""
    title(console, "Capabilities")
    console.print(Text(LEGEND, style="dim"))
    by_id = {entry["id"]: entry for entry in document["capabilities"]}
    for dimension in document["dimensions"]:
        name = f"{dimension['id']} {dimension['name']}"
        console.print(Text(name, style="bold"))
        table = Table.grid(padding=(0, 1))
        table.add_column(width=2)
        table.add_column(width=26, no_wrap=True, overflow="ellipsis")
        table.add_column(ratio=1)
        for capability in dimension["capabilities"]:
            table.add_row(*draw_capability(by_id[capability]))
        console.print(table)


def draw_capability(entry: dict[str, Any]) -> tuple[Text, Text, Text]:
    """Draw the mark, the name and where it was seen or why it does not count."""
    mark = MARKS[entry["state"]]
    places = sorted(entry["evidence"], key=lambda one: not one["operative"])
    where = place(places[0]) if places else ""
    more = f" and {len(places) - 1} more" if len(places) > 1 else ""
    said = f"{where}{more}"
    if mark in "~!w":
        said = f"{said} {why_not(entry)}".strip()
    elif mark == "-" and places:
        said = f"{said} {why_not(entry)}"
    elif mark == "n":
        said = why_not(entry)
    shown = Text(f" {mark}", style=STYLES.get(mark, ""))
    return shown, Text(entry["id"]), Text(said, overflow="fold")
