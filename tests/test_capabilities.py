"""The capability model and the template say the same, both ways."""

from fnmatch import fnmatch
from graphlib import TopologicalSorter

import pytest
from conftest import LEVELS, BakedProject

from maturity_assessment import capabilities
from maturity_assessment import ladder as picture

MODEL = capabilities.read_model()
CAPABILITIES = capabilities.read_capabilities()
Ladder = dict[str, BakedProject]


def find_patterns(up_to: int) -> set[str]:
    """Give the patterns of the files that deliver the capabilities up to a level."""
    delivered = [c.deliver("flight_delays") for c in CAPABILITIES if c.level <= up_to]
    return {pattern for patterns in delivered for pattern in patterns}


def is_named(file: str, patterns: set[str]) -> bool:
    """Tell whether a pattern names the file; a star stays within one folder."""
    depth = file.count("/")
    same_depth = [pattern for pattern in patterns if pattern.count("/") == depth]
    return any(fnmatch(file, pattern) for pattern in same_depth)


@pytest.mark.parametrize("level", LEVELS)
def test_every_capability_up_to_the_level_has_its_files(
    ladder: Ladder, level: str
) -> None:
    files = ladder[level].files()
    promised = find_patterns(int(level))
    assert [p for p in promised if not any(is_named(f, {p}) for f in files)] == []


@pytest.mark.parametrize("level", LEVELS)
def test_no_file_of_a_higher_capability_is_there(ladder: Ladder, level: str) -> None:
    above = find_patterns(4) - find_patterns(int(level))
    assert [file for file in ladder[level].files() if is_named(file, above)] == []


@pytest.mark.parametrize("level", LEVELS)
def test_every_file_belongs_to_a_capability_or_to_the_plumbing(
    ladder: Ladder, level: str
) -> None:
    plumbing = {p.replace("<package>", "flight_delays") for p in MODEL["plumbing"]}
    known = find_patterns(int(level)) | plumbing
    assert [file for file in ladder[level].files() if not is_named(file, known)] == []


def test_a_capability_shows_too_only_in_files_that_are_there_and_not_its_own(
    ladder: Ladder,
) -> None:
    files = ladder[LEVELS[-1]].files()
    for one in CAPABILITIES:
        own = set(one.deliver("flight_delays"))
        for place in set(one.show("flight_delays")) - own:
            named = [file for file in files if is_named(file, {place})]
            assert [file for file in named if not is_named(file, own)], place


def test_every_offered_level_delivers_all_its_capabilities_or_says_why_not() -> None:
    offered = [c for c in CAPABILITIES if str(c.level) in LEVELS]
    assert [c.id for c in offered if bool(c.files) == bool(c.outside)] == []


def test_a_capability_depends_only_on_ones_that_are_listed() -> None:
    ids = {capability.id for capability in CAPABILITIES}
    assert [c.id for c in CAPABILITIES if not set(c.depends_on) <= ids] == []


def test_dependencies_lead_in_no_circle() -> None:
    edges = {c.id: c.depends_on for c in CAPABILITIES}
    assert len(list(TopologicalSorter(edges).static_order())) == len(edges)


def test_every_dimension_is_assessed() -> None:
    assessed = capabilities.read_assessed().values()
    assert {c.dimension for c in assessed} == set(MODEL["dimensions"])


def test_an_id_is_listed_once() -> None:
    ids = [capability.id for capability in CAPABILITIES]
    assert sorted(set(ids)) == sorted(ids)


def test_the_readme_shows_the_model_as_it_is() -> None:
    assert capabilities.main(["--check"]) == 0, "run `make docs`"


def test_the_picture_shows_the_model_as_it_is() -> None:
    assert picture.PICTURE.read_text("utf-8") == picture.draw(), "run `make docs`"
