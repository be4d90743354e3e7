"""The report as one HTML file: no request to anywhere, nothing from the repository runs."""

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from . import Document, radar, words
from .delta import Delta

HERE = Path(__file__).parent / "page"
STATES = {
    "evidenced": ("shown", "Shown"),
    "partly evidenced": ("part", "In part"),
    "claimed": ("claim", "Claimed"),
    "declared": ("claim", "Declared"),
    "waived": ("claim", "Waived"),
    "absent": ("absent", "Absent"),
    "open": ("open", "Not known"),
    "not applicable": ("open", "Not applicable"),
}
TRUTHS = {
    "true": "shown",
    "likely": "part",
    "in part": "part",
    "not seen": "absent",
    "declared": "claim",
    "denied": "absent",
    "to be asked": "open",
}


def render(document: Document, delta: Delta | None = None) -> str:
    """Fill the page; every value is escaped but for the style sheet and the radar."""
    style = (HERE / "style.css").read_text("utf-8")
    return (
        prepare()
        .get_template("report.html")
        .render(
            document=document,
            delta=delta,
            style=Markup(style),
            radar=Markup(radar.draw(document["dimensions"])),
            by_id={entry["id"]: entry for entry in document["capabilities"]},
        )
    )


def mark_code(text: str) -> Markup:
    """Show what stands between backticks as code; all of it is escaped first."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def prepare() -> Environment:
    """Set up the templates of the pages."""
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "percent": words.percent,
        "plural": words.plural,
        "place": words.place,
        "code": mark_code,
        "width": width,
        "shade": shade,
    }
    environment.globals |= {
        "STATES": STATES,
        "TRUTHS": TRUTHS,
        "RULE": words.RULE,
        "words": words,
    }
    return environment


def width(share: float | None) -> str:
    """Give a share as a length in CSS."""
    return f"{round((share or 0) * 100)}%"


def shade(share: float | None) -> str:
    """Give the class of a cell's colour, in five steps; none where nothing is known."""
    return "none" if share is None else f"s{min(4, int(share * 4 + 0.5))}"
