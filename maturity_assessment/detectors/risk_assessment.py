"""A sheet of the risks of the model: each with how likely or bad it is and what is done about it.

A list in a settings file or a page of its own. A warning in a README is none.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._findings import conclude, weaken
from ._resources import read_yamls

ADVICE = "List the risks of the model with likelihood, severity and measure; review it regularly."
PRONE = "Medium: a sheet that is kept in another system is not seen."

PAGES = (
    "*risk?assessment*",
    "*risk?register*",
    "*risk?sheet*",
    "*risk?analysis*.md",
    "*risks.md",
    "*risk.md",
    "*dpia*.md",
    "*impact?assessment*",
    "*threat?model*.md",
    "*fria*.md",
)
GRADES = {"likelihood", "probability", "impact", "severity", "level", "rating"}
MEASURES = {
    "mitigation",
    "mitigations",
    "measure",
    "measures",
    "control",
    "controls",
    "response",
    "treatment",
}
SHORTEST = 300  # characters


def detect(repository: Repository) -> Finding:
    """Look at pages and at lists of risks."""
    return conclude(
        "risk_assessment",
        [*pages(repository), *lists(repository)],
        present="The risks of the model are written down with what is done about them.",
        absent="Nobody has written down the risks of the model.",
    )


def pages(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of pages about risks with something in them."""
    for path in repository.find(*PAGES, shared=True, without=("test",)):
        if not path.lower().endswith((".md", ".rst", ".txt", ".adoc")):
            continue
        text = repository.read(path)
        graded = re.search(
            r"(likelihood|severity|impact|probability|mitigat|measure)", text, re.I
        )
        reasons = (
            ()
            if len(text) >= SHORTEST and graded
            else ("it names no risk with a measure",)
        )
        yield repository.cite(path, 1, "text", Strength.MEDIUM, reasons)


def lists(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of lists whose entries grade a risk and say what is done."""
    for path, document in read_yamls(repository):
        if "risk" not in repository.read(path).lower():
            continue
        for key, value in document.walk():
            for one in value.each() if "risk" in key.lower() else []:
                keys = {name.lower() for name in one.keys()}
                if keys & GRADES and keys & MEASURES:
                    strength = weaken(repository, path, Strength.STRONG)
                    yield repository.cite(path, one.line, "config", strength)
