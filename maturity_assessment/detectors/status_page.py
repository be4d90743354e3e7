"""A page that shows how the model in production is doing, made by a command or served.

It tells at least two of: traffic, latency, errors, drift, performance, predictions. A page that
explains the data or the training is another thing; a dashboard of raw metrics is partial.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._broken import lacks
from ._entries import named
from ._findings import conclude, weaken

ADVICE = (
    "Make one page that says how the model is doing and what to do next, for everybody."
)
PRONE = "High: a page is known by its name and its topics."

WORDS = r"status|dashboard|monitor\w*|health_report|overview"
NAMED = re.compile(rf"(^|[\W_])({WORDS})([\W_]|$)", re.I)
TOPICS = re.compile(
    r"(traffic|latency|errors|drift|performance|accuracy|requests|feedback)", re.I
)
WRITES = re.compile(
    r"(^|\.)(write\w*|replace|to_html|save_html|save|render_template|TemplateResponse)$"
)
PAGES = ("streamlit", "dash", "gradio", "panel", "evidently.ui", "nicegui", "bokeh")


def detect(repository: Repository) -> Finding:
    """Look at pages that are made or served under such a name, and at dashboards."""
    return conclude(
        "status_page",
        [*made(repository), *dashboards(repository)],
        present="A page shows how the model in production is doing.",
        partial="There is a dashboard of raw metrics.",
        absent="No page shows how the model in production is doing.",
    )


def made(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of pages with topics of operation."""
    for one in named(repository, WORDS):
        nodes = one.nodes(repository)
        files = {path for path, _ in nodes}
        served = any(
            name.split(".")[0] in PAGES
            for path in files
            for name in repository.python.modules[path].imports
        )
        near = {path for path in files if path == one.path or NAMED.search(path)}
        written = any(writes_page(repository, path) for path in near)
        topics = {
            word.lower()
            for path, name in nodes
            for word in TOPICS.findall(f"{path} {name}")
        }
        if (served or written) and len(topics) > 1:
            why = lacks(repository, one.path)
            strength = weaken(repository, one.path, Strength.STRONG)
            yield repository.cite(
                one.path, one.line, "ast", strength, [why] if why else []
            )


def writes_page(repository: Repository, path: str) -> bool:
    """Whether a module writes a page of HTML, or fills in a template of one."""
    names = [call.name for call in repository.python.modules[path].calls]
    writes = any(WRITES.search(name) for name in names)
    return writes and ".html" in repository.read(path)


def dashboards(repository: Repository) -> Iterator[Evidence]:
    """Make weak evidence of dashboards of Grafana and the clouds."""
    for path in repository.find(
        "**/grafana/**/*.json", "*dashboard*.json", "**/dashboards/*.json"
    ):
        if '"panels"' in repository.head(path, 200_000):
            yield repository.cite(path, 1, "config", Strength.WEAK)
