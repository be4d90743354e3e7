"""The locks hold what was asked for, agree with each other, and name a hash for every file."""

import re
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest
from environments import HOUSE, LAYERS
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

NEEDS = sorted((HOUSE / LAYERS).glob("*/requirements/*.in"))
# What a part of a project needs, such as its image.
PARTS = sorted((HOUSE / LAYERS).glob("*/requirements/*/*.in"))
STEPS = list(zip(NEEDS, NEEDS[1:]))
OURS = HOUSE / "requirements.txt"
LOCKS = [OURS, *(need.with_suffix(".txt") for need in [*NEEDS, *PARTS])]


class Entry(NamedTuple):
    """One package of a lock: `pandas==3.0.6 ; python_version < '3.15'` and its hashes."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


def read_lock(path: Path) -> set[Entry]:
    """Give the entries of a lock; a line that is none of their parts is an error."""
    entries = set()
    for text in path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        if not text.startswith("#"):
            need, *hashes = re.split(r"\s+--hash=", text)
            asked = Requirement(need)
            (pin,) = asked.specifier
            assert pin.operator == "==" and not asked.url, text
            name = canonicalize_name(asked.name)
            entries.add(Entry(name, pin.version, str(asked.marker), tuple(hashes)))
    return entries


def read_needs(path: Path) -> list[Requirement]:
    """Give what a .in file asks for."""
    lines = path.read_text(encoding="utf-8").splitlines()
    asked = (line.split(" #")[0].strip() for line in lines)
    return [Requirement(line) for line in asked if line and not line.startswith("#")]


def find_missing(needs: list[Requirement], lock: set[Entry]) -> list[str]:
    """Give the needs that no entry of the lock meets."""
    return [
        str(need)
        for need in needs
        if not any(
            entry.name == canonicalize_name(need.name)
            and need.specifier.contains(entry.version, prereleases=True)
            for entry in lock
        )
    ]


def pins(path: Path) -> set[tuple[str, str]]:
    """Give the packages of a lock with their versions."""
    return {(entry.name, entry.version) for entry in read_lock(path)}


def name_of(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("path", LOCKS, ids=name_of)
def test_every_package_has_hashes(path: Path) -> None:
    for entry in read_lock(path):
        assert entry.hashes
        assert all(re.fullmatch("sha256:[0-9a-f]{64}", text) for text in entry.hashes)


@pytest.mark.parametrize("path", LOCKS, ids=name_of)
def test_no_lock_names_an_address_or_a_folder(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    assert "file:" not in text
    assert "\n-" not in text


@pytest.mark.parametrize("path", NEEDS, ids=name_of)
def test_a_lock_holds_what_its_level_and_those_below_need(path: Path) -> None:
    lock = read_lock(path.with_suffix(".txt"))
    for need in NEEDS[: NEEDS.index(path) + 1]:
        assert not find_missing(read_needs(need), lock)


@pytest.mark.parametrize("lower, higher", STEPS, ids=name_of)
def test_a_level_keeps_the_versions_of_the_level_below(
    lower: Path, higher: Path
) -> None:
    # The markers may differ: a package for Windows only can become one for all.
    assert pins(lower.with_suffix(".txt")) < pins(higher.with_suffix(".txt"))


@pytest.mark.parametrize("lower, higher", STEPS, ids=name_of)
def test_a_level_installs_nothing_of_the_level_above(lower: Path, higher: Path) -> None:
    asked = {canonicalize_name(need.name) for need in read_needs(higher)}
    assert not asked & {entry.name for entry in read_lock(lower.with_suffix(".txt"))}


@pytest.mark.parametrize("path", PARTS, ids=name_of)
def test_a_part_has_what_it_needs_in_the_versions_of_its_level(path: Path) -> None:
    lock = read_lock(path.with_suffix(".txt"))
    assert not find_missing(read_needs(path), lock)
    (level,) = path.parent.parent.glob("[0-9]-*.txt")
    # What the level has not, such as a driver for the server's database, is the part's own.
    versions = dict(pins(level))
    assert versions.keys() & dict(pins(path.with_suffix(".txt"))).keys()
    assert {
        name: version
        for name, version in pins(path.with_suffix(".txt"))
        if versions.get(name, version) != version
    } == {}


def test_our_own_lock_holds_what_pyproject_asks_for() -> None:
    content = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))
    groups = content["dependency-groups"].values()
    asked = [
        *content["project"]["dependencies"],
        *(one for group in groups for one in group),
    ]
    needs = [Requirement(need) for need in asked if isinstance(need, str)]
    assert not find_missing(needs, read_lock(OURS))


def test_a_need_that_is_not_met_is_found() -> None:
    lock = {Entry("pandas", "3.1.0", "None", ("sha256:0",))}
    assert find_missing([Requirement("pandas<3.1")], lock) == ["pandas<3.1"]
    assert find_missing([Requirement("Dvc")], lock) == ["Dvc"]
    assert not find_missing([Requirement("Pandas>=3")], lock)
