"""Documents for the tests of the reports: a plain one, and one full of traps."""

import json
from pathlib import Path
from typing import Any

from scans import DAY, HOSTILE, find, make, scan, step

from maturity_assessment import report, roadmap
from maturity_assessment.evidence import Evidence, Note, Scan, Status, Strength
from maturity_assessment.questionnaire.answers import (
    Answer,
    Answers,
    Excuse,
    Reply,
    Waiver,
)
from maturity_assessment.report.document import build
from maturity_assessment.scoring.assessment import NOBODY, assess

BASE = "https://github.com/acme/flights/blob/abc/"
SCHEMA = Path(report.__file__).parent.parent / "schema" / "report.schema.json"


def document(
    *present: str, answers: Answers = NOBODY, **others: Any
) -> report.Document:
    """Give the document of a scan in which some capabilities are present."""
    assessment = assess(scan(*present, **others), answers, DAY)
    return build(assessment, roadmap.build(assessment), BASE)


def echo_only() -> report.Document:
    """Give a document with one step that looks like a test and is none."""
    place = step(".github/workflows/ci.yml", 12, 'echo "tests"', "It only prints.")
    found = find("ci_tests", Status.ABSENT, (place,))
    assessment = assess(scan(ci_tests=found), NOBODY, DAY)
    return build(assessment, roadmap.build(assessment), BASE)


def hostile() -> report.Document:
    """Give a document in which every text that comes from outside is hostile."""
    escape = f"{HOSTILE}\x1b[31m\u202e`|]( @everyone"
    place = Evidence(f"src/{escape}.py", 3, "ast", escape, Strength.STRONG, (escape,))
    whole = Evidence(f"\udcff{escape}", 0, "file", escape)
    found = find("ci_tests", Status.PARTIAL, (place, whole))
    notes = (Note(escape, escape),)
    answers = Answers(
        {"roles": Answer(Reply.BY_HAND, escape, escape)},
        {"iac": Waiver(Excuse.NOT_DETECTED, escape, DAY, escape)},
    )
    base = make({"ci_tests": found}).findings
    dirty = Scan(escape, "end_to_end", base, notes, 1, escape, escape)
    assessment = assess(dirty, answers, DAY)
    origin = roadmap.Origin(escape, 0, escape)
    return build(assessment, roadmap.build(assessment, origin), BASE)


def read_schema() -> dict[str, Any]:
    """Read the published schema of the JSON report."""
    schema: dict[str, Any] = json.loads(SCHEMA.read_text("utf-8"))
    return schema
