"""A badge: the level, and how much of it evidence carries."""

import json
from html import escape

from . import Document
from .words import percent

COLOURS = ["#8a8f98", "#c98a1b", "#3b7dc4", "#2f8f5b", "#1f6f43"]
LABEL, CHARACTER, EDGE = "MLOps", 6.6, 12


def say(document: Document) -> str:
    """Give the words of the badge."""
    level = document["level"]
    start = "ready for level" if level["ready"] else "level"
    return f"{start} {level['evidence']} | {percent(document['share'])} evidenced"


def render_endpoint(document: Document) -> str:
    """Give the JSON that badge services read from an endpoint."""
    content = {
        "schemaVersion": 1,
        "label": LABEL,
        "message": say(document),
        "color": COLOURS[document["level"]["evidence"]],
    }
    return json.dumps(content, indent=2) + "\n"


def render(document: Document) -> str:
    """Draw the badge as SVG."""
    message = say(document)
    left = round(len(LABEL) * CHARACTER) + EDGE
    right = round(len(message) * CHARACTER) + EDGE
    width, colour = left + right, COLOURS[document["level"]["evidence"]]
    text = 'y="14" text-anchor="middle" textLength'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" '
        f'aria-label="{LABEL}: {escape(message)}">\n'
        f"<title>{LABEL}: {escape(message)}</title>\n"
        f'<clipPath id="edge"><rect width="{width}" height="20" rx="3"/></clipPath>\n'
        f'<g clip-path="url(#edge)"><rect width="{left}" height="20" fill="#454b54"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{colour}"/></g>\n'
        '<g fill="#fff" font-family="Verdana, DejaVu Sans, sans-serif" font-size="11">'
        f'<text x="{left / 2}" {text}="{left - EDGE}">{LABEL}</text>'
        f'<text x="{left + right / 2}" {text}="{right - EDGE}">{escape(message)}</text></g>\n'
        "</svg>\n"
    )
