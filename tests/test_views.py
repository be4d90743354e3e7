"""Published models are views of the same findings, and never more than they can say."""

import json

import pytest
from scans import DAY, scan
from test_scoring import CI, LADDER

from maturity_assessment import models
from maturity_assessment.capabilities import read_assessed
from maturity_assessment.questionnaire.answers import Answer, Answers, Reply
from maturity_assessment.scoring.assessment import Assessment, assess
from maturity_assessment.scoring.views import (
    checklist,
    governance,
    invert,
    matrix,
    test_score,
)
from maturity_assessment.scoring.views.checklist import Truth

MODELS = [path.stem for path in sorted(models.HERE.glob("*.yaml"))]
EVERYTHING = tuple(c.id for c in read_assessed().values() if c.detectable)


def look(*present: str, **statements: dict[str, Reply]) -> Assessment:
    """Assess a scan with some capabilities and answers to statements."""
    return assess(scan(*present), Answers(statements=statements), DAY)


def truth(assessment: Assessment, number: int) -> Truth:
    """Give what is said of one statement of Marvelous MLOps."""
    lines = (line for part in checklist.view(assessment).parts for line in part.lines)
    return next(line.truth for line in lines if line.number == number)


def test_the_test_score_has_28_tests_and_its_weakest_section_counts() -> None:
    found = test_score.view(look("data_validation", *CI))
    assert [len(section.tests) for section in found.sections] == [7] * 4
    assert found.score == min(section.total for section in found.sections) == 0.0
    assert found.mean > found.score
    assert found.band == "a research project rather than a production system"


def test_a_test_counts_half_while_only_half_of_it_is_there() -> None:
    tests = {
        t.id: t for s in test_score.view(look("tests_data")).sections for t in s.tests
    }
    assert tests["Data7"].points == 0.5
    both = test_score.view(look("tests_data", "ci_tests")).sections[0].tests[6]
    assert both.points == 1.0
    assert tests["Monitor5"].points is None


def test_a_test_that_no_capability_shows_is_answered_and_marked() -> None:
    said = look(ml_test_score={"Monitor5": Reply.AUTOMATED, "Data4": Reply.BY_HAND})
    tests = {t.id: t for s in test_score.view(said).sections for t in s.tests}
    assert (tests["Monitor5"].points, tests["Monitor5"].declared) == (1.0, True)
    assert tests["Data4"].points == 0.5


def test_the_bands_are_the_authors() -> None:
    model = models.read("ml_test_score")
    names = [test_score.name_band(model, p) for p in (0, 0.5, 1, 1.5, 3, 5, 5.5)]
    assert names[1] == names[2] and len(set(names)) == 6


def test_the_checklist_has_60_statements_in_order() -> None:
    parts = checklist.view(look()).parts
    numbers = [line.number for part in parts for line in part.lines]
    assert numbers == list(range(1, 61))


def test_a_statement_is_true_likely_in_part_not_seen_or_to_be_asked() -> None:
    found = look("iac", "tests_unit", "readme", "license")
    assert truth(found, 9) is Truth.TRUE
    assert truth(found, 4) is Truth.LIKELY
    assert truth(found, 32) is Truth.PART
    assert truth(found, 25) is Truth.FALSE
    assert truth(found, 11) is Truth.ASK


def test_an_answer_decides_a_statement_and_is_marked() -> None:
    said = {"11": Reply.AUTOMATED, "13": Reply.NO}
    found = look(marvelousmlops=said)
    assert (truth(found, 11), truth(found, 13)) == (Truth.DECLARED, Truth.DENIED)


def test_a_statement_about_people_is_declared_by_their_answers() -> None:
    said = Answers({"kpis": Answer(Reply.BY_HAND)})
    assert truth(assess(scan(), said, DAY), 1) is Truth.DECLARED
    denied = Answers({"kpis": Answer(Reply.NO), "ownership": Answer(Reply.BY_HAND)})
    found = assess(scan(), denied, DAY)
    assert (truth(found, 1), truth(found, 2)) == (Truth.ASK, Truth.ASK)


def test_no_repository_is_mature_by_its_files_alone() -> None:
    assert not checklist.view(look(*EVERYTHING)).mature
    numbers = {str(number): Reply.AUTOMATED for number in range(1, 47)}
    assert checklist.view(look(*EVERYTHING, marvelousmlops=numbers)).mature


def test_the_matrix_has_a_cell_for_each_principle_and_object() -> None:
    found = matrix.view(look(*EVERYTHING))
    assert len(found.cells) == 6
    filled = [c for row in found.cells.values() for c in row.values() if c.capabilities]
    assert len(filled) == 18
    assert all(cell.evidence == 1 for cell in filled if cell.evidence is not None)


def test_a_cell_that_nothing_speaks_of_is_not_a_zero() -> None:
    unseen = ("data_versioning", "feature_store")
    found = matrix.view(assess(scan(unseen=unseen), day=DAY))
    assert found.cells["versioning"]["data"].evidence is None
    assert found.cells["testing"]["data"].evidence == 0


def test_governance_never_says_compliant() -> None:
    items = governance.view(look())
    assert all(item.standings for item in items)
    text = json.dumps([models.read(name) for name in MODELS], default=str).lower()
    assert "compliant" not in text and "certified" not in text


@pytest.mark.parametrize(
    "name, levels", [("google", (0, 0, 1, 2, 2)), ("aws", (0, 0, 1, 2, 2))]
)
def test_our_ladder_climbs_in_the_other_models_too(
    name: str, levels: tuple[int, ...]
) -> None:
    extra = ("data_validation", "environments", "drift_monitoring")
    above = [() if n < 2 else extra[:1] if n < 3 else extra for n in range(5)]
    found = [
        assess(scan(*LADDER[n], *above[n]), day=DAY).levels[name] for n in range(5)
    ]
    assert tuple(level.evidence for level in found) == levels


def test_a_level_that_no_repository_shows_is_never_reached() -> None:
    found = look(*EVERYTHING).levels["aws"]
    assert (found.evidence, found.possible) == (2, 2)
    assert "portfolio" in found.blockers[0]


@pytest.mark.parametrize("name", MODELS)
def test_every_model_says_what_is_ours_and_how_far_it_was_read(name: str) -> None:
    model = models.read(name)
    assert model["provenance"] in ("read", "excerpt")
    assert bool(models.warn(model)) == (model["provenance"] == "excerpt")
    assert model["judgement"]
    assert all(model[field] for field in ("id", "name", "title"))


def test_every_crosswalk_names_something_that_its_model_has() -> None:
    tests = {t for s in models.read("ml_test_score")["sections"].values() for t in s}
    sections = models.read("marvelousmlops")["sections"]
    numbers = {str(n) for section in sections for n in section["statements"]}
    cells = models.read("matrix")
    places = {f"{row}.{column}" for row in cells["rows"] for column in cells["columns"]}
    assert set(invert("mts")) <= tests
    assert set(invert("marvelous")) <= numbers
    assert set(invert("matrix")) <= places
    assert set(invert("gov")) == set(models.read("governance")["items"])
