"""The formats that a report is offered in."""

import json
from collections.abc import Callable

from . import Document, badge, html, markdown, sarif, terminal
from .delta import Delta

Render = Callable[[Document, Delta | None], str]

FORMATS: dict[str, Render] = {
    "terminal": terminal.render,
    "json": lambda document, _: json.dumps(document, indent=2) + "\n",
    "html": html.render,
    "markdown": markdown.render,
    "badge": lambda document, _: badge.render(document),
    "endpoint": lambda document, _: badge.render_endpoint(document),
    "sarif": lambda document, _: sarif.render(document),
}
