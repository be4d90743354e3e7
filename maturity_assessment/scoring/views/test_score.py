"""The ML Test Score: 28 tests, summed in four sections, of which the weakest counts."""

from dataclasses import dataclass
from typing import Any

from ... import models
from ...questionnaire.answers import Reply
from ..assessment import Assessment
from . import invert


@dataclass(frozen=True)
class Test:
    """One test: 0, 0.5 by hand or in part, 1 automated; None when nobody can tell."""

    id: str
    says: str
    points: float | None
    capabilities: tuple[str, ...]
    declared: bool = False


@dataclass(frozen=True)
class Section:
    """Seven tests and their sum, at least; `open` of them nobody can tell."""

    name: str
    tests: tuple[Test, ...]

    @property
    def total(self) -> float:
        """What its tests count together."""
        return sum(test.points or 0.0 for test in self.tests)

    @property
    def open(self) -> int:
        """How many tests neither evidence nor an answer speaks of."""
        return sum(test.points is None for test in self.tests)


@dataclass(frozen=True)
class TestScore:
    """The rubric's result; the published score is the minimum of the sections."""

    sections: tuple[Section, ...]
    score: float
    mean: float
    band: str


def view(assessment: Assessment) -> TestScore:
    """Score the 28 tests on evidence, and on answers where no capability shows a test."""
    model = models.read("ml_test_score")
    sections = tuple(
        Section(
            name, tuple(score(key, says, assessment) for key, says in tests.items())
        )
        for name, tests in model["sections"].items()
    )
    totals = [section.total for section in sections]
    least = min(totals)
    return TestScore(
        sections, least, sum(totals) / len(totals), name_band(model, least)
    )


def score(key: str, says: str, assessment: Assessment) -> Test:
    """Score one test by its capabilities, or by what was said of it."""
    capabilities = invert("mts").get(key, ())
    counts = [assessment.standings[name].evidence for name in capabilities]
    known = [count for count in counts if count is not None]
    said = assessment.answers.statements.get("ml_test_score", {}).get(key)
    if said is not None and not sum(known):
        return Test(key, says, worth(said), capabilities, declared=True)
    if not known:
        return Test(key, says, None, capabilities)
    mean = sum(known) / len(counts)
    return Test(
        key, says, 1.0 if mean == 1 else 0.5 if mean >= 0.5 else 0.0, capabilities
    )


def worth(reply: Reply) -> float | None:
    """What an answer counts: half by hand, one automated."""
    if reply in (Reply.UNKNOWN, Reply.NOT_APPLICABLE):
        return None
    return min(reply.ladder, 2) / 2


def name_band(model: dict[str, Any], points: float) -> str:
    """Give the authors' words, in ours, for a score."""
    means = [band["means"] for band in model["bands"] if points <= band["up_to"]]
    return str(means[0])
