"""Runbooks: what to look at and what to do when something goes wrong, written down before.

A page counts with instructions in it. An alarm that names a page which is not there, and a list
of whom to call, are partial.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._findings import conclude
from ._resources import cite_resources, cite_yaml

ADVICE = "Write a page for each alarm: where to look, what to do, whom to tell."
PRONE = "Medium: pages are known by their names; those kept elsewhere are not seen."

PAGES = (
    "**/runbooks/*.md",
    "**/runbook/*.md",
    "**/playbooks/*.md",
    "*runbook*.md",
    "*runbook*.rst",
    "*playbook*.md",
    "*incident*.md",
    "*on?call*.md",
    "*oncall*.md",
    "*postmortem*.md",
    "**/runbooks/*.rst",
)
SHORTEST = 300  # characters
STEPS = re.compile(r"^\s*(\d+[.)]|[-*]|```|#{2,})\s*\S*", re.M)


def detect(repository: Repository) -> Finding:
    """Look at pages, and for less at alarms that name one."""
    return conclude(
        "incident_process",
        [*pages(repository), *mentions(repository)],
        present="Runbooks say what to do when something goes wrong.",
        partial="Alarms reach somebody, but no page here says what to do.",
        absent="Nothing says what to do when something goes wrong.",
    )


def pages(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of pages with instructions."""
    for path in repository.find(*PAGES, shared=True):
        text = repository.read(path)
        short = len(text) < SHORTEST or len(STEPS.findall(text)) < 3
        reasons = ("it gives no instructions",) if short else ()
        yield repository.cite(path, 1, "text", Strength.MEDIUM, reasons)


def mentions(repository: Repository) -> Iterator[Evidence]:
    """Make weak evidence of alarms that name a page, and of services that call somebody."""
    yield from cite_yaml(repository, "runbook_url", ".", strength=Strength.WEAK)
    yield from cite_yaml(
        repository, "runbook", ".", inside="groups", strength=Strength.WEAK
    )
    yield from cite_resources(
        repository, "pagerduty_*", "opsgenie_*", strength=Strength.WEAK
    )
