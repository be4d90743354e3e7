"""The road map puts first what helps most, and names the command that does it."""

import json
from pathlib import Path

import pytest
from scans import DAY, scan
from test_scoring import CI, LADDER

from maturity_assessment import roadmap
from maturity_assessment.questionnaire.answers import Answer, Answers, Reply
from maturity_assessment.render import TEMPLATE
from maturity_assessment.roadmap import Item, Origin
from maturity_assessment.scoring.assessment import assess


def plan(
    *present: str, origin: Origin | None = None, unseen: tuple[str, ...] = ()
) -> dict[str, Item]:
    """Give the road map of a scan by capability, in its order."""
    found = assess(scan(*present, unseen=unseen), day=DAY)
    return {item.capability: item for item in roadmap.build(found, origin)}


def now(items: dict[str, Item]) -> list[str]:
    """Give what is to be done now."""
    return [name for name, item in items.items() if item.group == "Now"]


@pytest.mark.parametrize("level", range(5))
def test_nothing_stands_before_what_it_depends_on(level: int) -> None:
    items = plan(*LADDER[level])
    ranked = list(items)
    for name, item in items.items():
        assert all(ranked.index(below) < ranked.index(name) for below in item.after)


def test_now_leads_to_the_next_level_and_no_further() -> None:
    assert now(plan()) == ["tests_unit", "ci_tests"]
    todo = now(plan(*LADDER[2]))
    assert "cd_deploy" in todo and "drift_monitoring" not in todo


def test_what_the_next_level_needs_brings_what_that_depends_on() -> None:
    items = plan(*CI)
    assert items["pipeline_orchestration"].after == ("dependency_pinning",)
    assert items["dependency_pinning"].reason == "On the way to level 2"


@pytest.mark.parametrize("level", range(4))
def test_doing_what_stands_under_now_brings_the_next_level(level: int) -> None:
    todo = now(plan(*LADDER[level]))
    assert assess(scan(*LADDER[level], *todo), day=DAY).level.evidence > level


def test_the_highest_level_still_has_something_to_do() -> None:
    assert len(now(plan(*LADDER[4]))) == 3


def test_what_is_there_or_cannot_be_told_is_not_on_the_map() -> None:
    items = plan(*CI)
    assert "ci_tests" not in items and "roles" not in items
    assert "experiment_tracking" not in plan(*CI, unseen=("experiment_tracking",))


def test_what_people_deny_is_on_the_map_and_what_they_affirm_is_not() -> None:
    said = {"roles": Answer(Reply.NO), "kpis": Answer(Reply.AUTOMATED)}
    items = roadmap.build(assess(scan(), Answers(said), DAY))
    names = [item.capability for item in items]
    assert "roles" in names and "kpis" not in names


def test_priority_is_usefulness_times_weight_by_effort() -> None:
    for item in plan(*CI).values():
        expected = item.usefulness * item.weight / item.effort
        assert item.priority == pytest.approx(expected, abs=0.01)


def test_a_project_of_ours_is_told_the_command(tmp_path: Path) -> None:
    kept = {"maturity_level": "2", "package_name": "flights", "project_slug": "x"}
    (tmp_path / ".cookiecutter.json").write_text(json.dumps(kept), "utf-8")
    origin = roadmap.read_origin(tmp_path)
    items = plan(*LADDER[2], origin=origin)
    assert (
        items["drift_monitoring"].command == f"make upgrade PROJECT={tmp_path} LEVEL=4"
    )
    assert "src/flights/drift/*.py" in items["drift_monitoring"].files
    assert "bring back these files" in items["readme"].command


@pytest.mark.parametrize(
    ("level", "cloud", "command"),
    [
        (2, "none", "make upgrade PROJECT=. LEVEL=3 CLOUD=aws"),
        (4, "none", "make upgrade PROJECT=. LEVEL=4 CLOUD=aws"),
        (4, "gcp", "bring back these files, which the project was generated with"),
    ],
)
def test_a_project_without_a_cloud_is_told_to_choose_one(
    level: int, cloud: str, command: str
) -> None:
    origin = roadmap.Origin(".", level, "flights", cloud)
    assert plan(*LADDER[2], origin=origin)["iac"].command == command


def test_any_other_project_is_told_the_layer_and_its_files() -> None:
    item = plan()["drift_monitoring"]
    assert "layer 4-operations" in item.command
    assert "src/<package>/drift/*.py" in item.files
    layers = [roadmap.name_layer(level) for level in range(5)]
    assert all(
        (TEMPLATE / "{{cookiecutter.project_slug}}" / n).is_dir() for n in layers
    )


@pytest.mark.parametrize("text", ["{", "[]", '{"maturity_level": "high"}', "\xff"])
def test_answers_that_cannot_be_read_are_those_of_a_stranger(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / ".cookiecutter.json").write_text(text, "latin-1")
    assert roadmap.read_origin(tmp_path) is None
    assert roadmap.read_origin(tmp_path / "nowhere") is None
