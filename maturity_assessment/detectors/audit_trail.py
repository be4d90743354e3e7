"""A record of decisions about models that only grows: what, why, by whom, on what evidence.

Code that an entry point reaches appends each promotion, rejection or retraining with its reason.
The log of a service is none, and what a cloud records of calls to itself is partial.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._findings import conclude, weaken
from ._resources import cite_resources

ADVICE = (
    "Append each decision with its reason, who took it, and the figures it rests on."
)
PRONE = "High: a record is known by its name and what is written into it."

NAMED = re.compile(
    r"(^|[\W_])(audit\w*|trail|decision_?(log|record|store)s?|decisions)([\W_]|$)", re.I
)
WRITES = re.compile(
    r"(^|\.|_)(append|record|insert\w*|write\w*|log_\w+|add|put_item|execute|save)$",
    re.I,
)
WHY = re.compile(r"\b(reason|why|rationale|justification|evidence)\b", re.I)
WHO = re.compile(
    r"\b(by|who|user|actor|approver|approved_by|author|decided_by)\b", re.I
)


def detect(repository: Repository) -> Finding:
    """Look at modules of such a name."""
    found = [*records(repository)]
    types = ("aws_cloudtrail", "AWS::CloudTrail::Trail", "google_logging_project_sink")
    found += cite_resources(repository, *types, strength=Strength.WEAK)
    return conclude(
        "audit_trail",
        found,
        present="Decisions about models are recorded with their reasons.",
        partial="The platform records who called it; decisions about models are not recorded.",
        absent="Decisions about models are not recorded.",
    )


def records(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of functions that add to a record of decisions."""
    for one in repository.python.definitions(kind="function", without=("test",)):
        place = f"{one.path.removesuffix('.py')}.{one.name}"
        if not NAMED.search(place) or not WRITES.search(one.short):
            continue
        text = repository.read(one.path)
        if not (WHY.search(text) and WHO.search(text)):
            continue
        reached = repository.python.operational(one.path, one.name)
        strength = Strength.STRONG if reached else Strength.WEAK
        yield repository.cite(
            one.path, one.line, "ast", weaken(repository, one.path, strength)
        )
