"""A fresh project is found at exactly its level: with every capability up to it, none above."""

from functools import cache
from pathlib import Path

import pytest
from conftest import LEVELS, BakedProject
from scans import DAY

from maturity_assessment.capabilities import read_assessed, read_delivered
from maturity_assessment.detectors import read_own
from maturity_assessment.evidence import Scan, Status
from maturity_assessment.scan import scan
from maturity_assessment.scoring.assessment import assess

# What our template delivers and a detector looks for.
CAPABILITIES = [one for one in read_delivered() if one.id in read_own()]


@cache
def look(project: Path) -> Scan:
    """Scan an untouched project once for all tests."""
    return scan(project)


def find_present(found: Scan) -> set[str]:
    """Name what a scan finds present."""
    return {n for n, one in found.findings.items() if one.status == Status.PRESENT}


def test_everything_assessed_that_the_template_delivers_is_looked_for() -> None:
    assessed = [one for one in read_assessed().values() if one.files]
    assert [one.id for one in assessed if one not in CAPABILITIES] == []


@pytest.mark.parametrize("level", LEVELS)
def test_every_capability_up_to_the_level_is_present_and_none_above(
    ladder: dict[str, BakedProject], level: str
) -> None:
    expected = {one.id for one in CAPABILITIES if one.level <= int(level)}
    assert find_present(look(ladder[level].path)) == expected


@pytest.mark.parametrize("level", LEVELS)
def test_a_project_is_found_at_exactly_its_level(
    ladder: dict[str, BakedProject], level: str
) -> None:
    found = assess(look(ladder[level].path), day=DAY)
    assert found.level.evidence == int(level)
