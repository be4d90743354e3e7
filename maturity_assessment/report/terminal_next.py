"""The lower half of the terminal report: what is in the way, what to do, other models, notes."""

from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from . import Document
from .words import RULE, find_rule, plural, say_next

NOTES = 8


def title(console: Console, text: str) -> None:
    """Draw the title of a part."""
    console.print()
    console.print(
        Rule(Text(text, style="bold"), align="left", characters="-", style="")
    )


def draw_blockers(console: Console, document: Document) -> None:
    """Draw what is in the way of the next level, and its rule."""
    above = say_next(document)
    if not above:
        return
    title(console, f"In the way of {above}")
    for blocker in document["level"]["blockers"]:
        console.print(Padding(Text(f"- {blocker}"), (0, 0, 0, 1)))
    rule = find_rule(document, document["level"]["evidence"] + 1)
    console.print(Text(f"Rule: {rule}. {RULE}", style="dim"))


def draw_roadmap(console: Console, document: Document) -> None:
    """Draw what to do now, and how much there is after it."""
    items = document["roadmap"]
    if not items:
        return
    title(console, "What to do")
    for item in (one for one in items if one["group"] == "Now"):
        days = plural(item["effort"], "day")
        console.print(
            Text.assemble(
                (item["capability"], "bold"), f"  {item['title']}, about {days}"
            )
        )
        console.print(Padding(Text(say_how(item)), (0, 0, 0, 2)))
    later = [one["capability"] for one in items if one["group"] == "Next"]
    if later:
        console.print(Text(f"Next: {', '.join(later)}."))


def say_how(item: dict[str, Any]) -> str:
    """Give the command or the files, and the lesson if there is one."""
    files = f": {', '.join(item['files'])}" if item["files"] else ""
    said = item["command"] + ("" if item["command"].startswith("make ") else files)
    lessons = [f"{w} {item[w]}" for w in ("lesson", "exercise") if item[w]]
    return ", ".join([said, *lessons])


def draw_views(console: Console, document: Document) -> None:
    """Draw a line for each published model."""
    views = document["views"]
    title(console, "Through published models")
    for name in ("microsoft", "google", "aws"):
        view = views[name]
        met = [entry["name"] for entry in view["levels"] if entry["met"]][-1]
        console.print(Text(f"{view['name']}: {view['level']}, {met} (rule: ours)"))
    score = views["ml_test_score"]
    console.print(
        Text(f"{score['name']}: {score['score']:g} (weakest), {score['band']}")
    )
    parts = views["marvelousmlops"]["parts"]
    true, all_ = sum(p["true"] for p in parts), sum(len(p["lines"]) for p in parts)
    console.print(
        Text(f"Marvelous MLOps: {true} of {all_} statements shown or declared")
    )


def draw_notes(console: Console, document: Document) -> None:
    """Draw what was not read, and why."""
    notes = document["notes"]
    if not notes:
        return
    title(console, f"Not read, or not wholly: {len(notes)}")
    for note in notes[:NOTES]:
        console.print(Text(f"{note['path']}: {note['why']}", overflow="fold"))
    if len(notes) > NOTES:
        console.print(Text(f"... and {len(notes) - NOTES} more; see --format json."))
