"""The parts of a page, written as HTML that needs nothing else, or as Markdown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

from ..card import markdown
from .style import CSS

GOOD, WARN, BAD = "good", "warn", "bad"


@dataclass(frozen=True)
class Tile:
    """One figure at a glance; `tone` colours it."""

    title: str
    value: str
    below: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Todo:
    """Something to do, how urgent it is, and the page that says more."""

    tone: str
    title: str
    text: str
    runbook: str = ""


@dataclass(frozen=True)
class Grid:
    """A table; columns whose place is in `numbers` stand on the right.

    With a `long` column each row becomes a paragraph on a telephone.
    """

    header: list[str]
    rows: list[list[str]]
    numbers: frozenset[int] = frozenset()
    long: int | None = None


@dataclass(frozen=True)
class Heat:
    """Shares from 0 to 1 in cells that are the darker the more it is; `None` is not known.

    `marked` are cells that passed a threshold.
    """

    columns: list[str]
    names: list[str]
    cells: list[list[float | None]]
    marked: set[tuple[int, int]] = field(default_factory=set)


@dataclass(frozen=True)
class Section:
    """A title, sentences, pictures and tables; three `third` ones stand side by side."""

    title: str
    text: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    heat: Heat | None = None
    third: bool = False


@dataclass(frozen=True)
class Page:
    """All of it, from the top."""

    title: str
    pill: tuple[str, str]
    below: str
    tiles: list[Tile]
    todos: list[Todo]
    sections: list[Section]
    footer: str


def write_html(page: Page) -> str:
    """Write the page as one file: no script, no request, no font of its own."""
    tone, pill = page.pill
    tiles = "".join(map(_write_tile, page.tiles))
    sections = "".join(map(_write_section, page.sections))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>{escape(page.title)}</title>
<style>{CSS}</style>
</head>
<body><main>
<header><h1>{escape(page.title)}</h1><span class="pill {tone}">{escape(pill)}</span></header>
<p class="muted">{escape(page.below)}</p>
<div class="tiles">{tiles}</div>
<div class="grid">{_write_todos(page.todos)}{sections}</div>
<footer>{_say(page.footer)}</footer>
</main></body>
</html>
"""


def _write_tile(tile: Tile) -> str:
    return (
        f'<div class="tile"><span>{escape(tile.title)}</span>'
        f'<b class="{tile.tone}">{escape(tile.value)}</b>'
        f"<span>{_say(tile.below)}</span></div>"
    )


def _write_todos(todos: Sequence[Todo]) -> str:
    if not todos:
        return ""
    items = "".join(
        f'<li class="{item.tone}"><b class="{item.tone}">{escape(item.title)}</b>'
        f"<span>{_say(item.text)}{_link(item.runbook)}</span></li>"
        for item in todos
    )
    return f'<section><h2>What to do next</h2><ul class="todo">{items}</ul></section>'


def _link(runbook: str) -> str:
    """Point at a page of docs/runbooks, as it lies beside reports/."""
    return f' <a href="../{runbook}">{runbook}</a>' if runbook else ""


def _write_section(section: Section) -> str:
    kind = ' class="third"' if section.third else ""
    text = "".join(f"<p><small>{_say(line)}</small></p>" for line in section.text)
    figures = "".join(f"<figure>{drawn}</figure>" for drawn in section.figures)
    heat = _write_heat(section.heat) if section.heat else ""
    grids = "".join(map(_write_grid, section.grids))
    body = (
        f'<div class="beside">{figures}{grids}</div>'
        if figures and grids
        else figures + grids
    )
    return (
        f"<section{kind}><h2>{escape(section.title)}</h2>{text}{body}{heat}</section>"
    )


def _say(text: str) -> str:
    """Write a sentence; what stands between backticks is a command."""
    parts = escape(text).split("`")
    return "".join(
        f"<code>{part}</code>" if place % 2 else part
        for place, part in enumerate(parts)
    )


def _write_grid(grid: Grid) -> str:
    def cell(tag: str, place: int, text: str) -> str:
        kind = ' class="number"' if place in grid.numbers else ""
        kind = ' class="long"' if place == grid.long else kind
        return f"<{tag}{kind}>{escape(text)}</{tag}>"

    head = "".join(cell("th", place, text) for place, text in enumerate(grid.header))
    rows = (
        "".join(cell("td", place, text) for place, text in enumerate(row))
        for row in grid.rows
    )
    return _wrap(head, rows, "" if grid.long is None else "stack")


def _wrap(head: str, rows: Iterable[str], kind: str = "") -> str:
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return (
        f'<div class="scroll"><table class="{kind}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _write_heat(heat: Heat) -> str:
    head = "<th></th>" + "".join(
        f'<th class="cell">{escape(name)}</th>' for name in heat.columns
    )
    rows = (
        f'<td class="name">{escape(name)}</td>'
        + "".join(
            _write_cell(value, (place, at) in heat.marked)
            for at, value in enumerate(heat.cells[place])
        )
        for place, name in enumerate(heat.names)
    )
    return _wrap(head, rows, "heat")


def _write_cell(value: float | None, marked: bool) -> str:
    if value is None:
        return '<td class="cell muted">–</td>'
    text = f"<b>{value:.0%}</b>" if marked else f"{value:.0%}"
    # Half of the rows moved is as dark as it gets; a square root shows small ones, too.
    shade = min(1.0, value / 0.5) ** 0.5 * 0.75
    return (
        f'<td class="cell" style="background:rgb(var(--heat)/{shade:.2f})">{text}</td>'
    )


def write_markdown(page: Page) -> str:
    """Write the page for a mail or a repository; pictures are left out."""
    parts = [f"# {markdown.escape(page.title)}", markdown.escape(page.below)]
    parts += [_list(page.tiles)] if page.tiles else []
    if page.todos:
        parts += ["## What to do next", "\n".join(map(_write_todo, page.todos))]
    for section in page.sections:
        parts.append(f"## {markdown.escape(section.title)}")
        parts += [_escape(line) for line in section.text]
        parts += [_grid(grid) for grid in section.grids]
    return "\n\n".join([*parts, _escape(page.footer)]) + "\n"


def _escape(text: str) -> str:
    """Write a sentence; what stands between backticks stays a command."""
    return markdown.escape(text).replace("\\`", "`")


def _list(tiles: Sequence[Tile]) -> str:
    return "\n".join(
        f"- {markdown.escape(tile.title)}: **{markdown.escape(tile.value)}** "
        f"{_escape(tile.below)}".rstrip()
        for tile in tiles
    )


def _write_todo(item: Todo) -> str:
    link = f" See [{item.runbook}](../{item.runbook})." if item.runbook else ""
    return f"- **{markdown.escape(item.title)}** {_escape(item.text)}{link}"


def _grid(grid: Grid) -> str:
    rows = [[markdown.escape(text) for text in row] for row in grid.rows]
    return markdown.grid([markdown.escape(name) for name in grid.header], rows)
