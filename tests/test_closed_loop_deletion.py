"""Without the files of one capability it is gone, and with it only what depends on it.

Which files those are says the model: what delivers it, and where it shows too. What depends
on it is never listed here:

- by files: what has one in common with it, or none left;
- by code: what imports something deleted, through others too, does not run; what has no command
  of its own does nothing where a caller is deleted;
- by the model: what has in `depends_on` something that fell.
"""

import shutil
import tempfile
from functools import cache
from pathlib import Path
from statistics import median

import pytest
from conftest import LEVELS, BakedProject
from test_capabilities import is_named
from test_closed_loop_levels import CAPABILITIES, find_present, look
from test_structure import imported_modules

from maturity_assessment.capabilities import Capability
from maturity_assessment.scan import scan

PACKAGE = "flight_delays"
BY_ID = {one.id: one for one in CAPABILITIES}
# Each capability in a project of its own level, and in one of the highest.
CASES = [
    pytest.param(one, level, id=f"{one.id}-{level}")
    for one in CAPABILITIES
    for level in sorted({str(one.level), LEVELS[-1]})
]
# Each place where the model says that a capability shows too.
OTHER_PLACES = [
    pytest.param(one, place, id=f"{one.id}-{place}")
    for one in CAPABILITIES
    for place in one.show(PACKAGE)[len(one.files) :]
]
Ladder = dict[str, BakedProject]
Files = frozenset[str]


@cache
def list_files(project: BakedProject) -> Files:
    """Give every file of an untouched project."""
    return frozenset(project.files())


@cache
def pick(project: BakedProject, *patterns: str) -> Files:
    """Give the files of a project that a pattern names."""
    return frozenset(f for f in list_files(project) if is_named(f, set(patterns)))


@cache
def read_imports(project: BakedProject) -> dict[str, Files]:
    """Give each module of the package with those of the package that it imports."""
    files = set(list_files(project))
    return {
        file: frozenset(imported_modules(project, file, files)) - {file}
        for file in files
        if file.startswith("src/") and file.endswith(".py")
    }


def break_code(project: BakedProject, gone: Files) -> Files:
    """Give the modules that cannot be imported when files are gone."""
    imports = read_imports(project)
    broken = gone & imports.keys()
    while more := {f for f, needed in imports.items() if needed & broken} - broken:
        broken |= more
    return broken


def find_callers(project: BakedProject, own: Files) -> Files:
    """Give what imports some modules, where these have no command of their own to run."""
    if any("\ndef main(" in project.read(file) for file in own if file.endswith(".py")):
        return frozenset()
    imports = read_imports(project)
    return frozenset(f for f, needed in imports.items() if needed & own) - own


def find_hit(project: BakedProject, gone: Capability) -> set[str]:
    """Name the capability that is deleted, and what loses files or code with it."""
    files = pick(project, *gone.show(PACKAGE))
    broken, hit = break_code(project, files), {gone.id}
    for one in CAPABILITIES:
        own = pick(project, *one.deliver(PACKAGE))
        shared = {*one.files} & {*gone.files, *gone.also}
        stopped = own & broken or find_callers(project, own) & files
        if own and (shared or own <= files or stopped):
            hit.add(one.id)
    return hit


def find_dependents(names: set[str], among: set[str]) -> set[str]:
    """Name those among some that by the model depend on these, directly or not."""
    found = names & among
    while more := {one for one in among if found & {*BY_ID[one].depends_on}} - found:
        found |= more
    return found


def find_allowed(project: BakedProject, gone: Capability) -> set[str]:
    """Name what may fall with a capability as long as nothing else has fallen."""
    there = {one.id for one in CAPABILITIES if pick(project, *one.deliver(PACKAGE))}
    direct = {one.id for one in CAPABILITIES if gone.id in one.depends_on}
    return (find_hit(project, gone) | direct) & there - {gone.id}


@cache
def scan_without(project: BakedProject, gone: Files) -> set[str]:
    """Name what is present in a copy of a project that lacks some files."""
    assert gone
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(project.path, Path(folder) / "project")
        for file in gone:
            (copy / file).unlink()
        return find_present(scan(copy))


@pytest.mark.slow
@pytest.mark.parametrize(("capability", "level"), CASES)
def test_without_its_files_a_capability_is_gone_and_only_what_depends_on_it(
    ladder: Ladder, capability: Capability, level: str
) -> None:
    project = ladder[level]
    before = find_present(look(project.path))
    after = scan_without(project, pick(project, *capability.show(PACKAGE)))
    lost = before - after
    assert capability.id in lost
    # What still stands passes nothing on to what depends on it.
    assert lost - find_dependents(find_hit(project, capability), lost) == set()
    assert after - before == set()


@pytest.mark.slow
@pytest.mark.parametrize(("capability", "place"), OTHER_PLACES)
def test_where_a_capability_shows_too_it_shows_without_its_files(
    ladder: Ladder, capability: Capability, place: str
) -> None:
    project = ladder[LEVELS[-1]]
    others = pick(project, *capability.show(PACKAGE)) - pick(project, place)
    own = pick(project, *capability.deliver(PACKAGE))
    assert capability.id in scan_without(project, others | own)


def test_most_capabilities_may_take_few_others_with_them(ladder: Ladder) -> None:
    sizes = [len(find_allowed(ladder[str(one.level)], one)) for one in CAPABILITIES]
    assert median(sizes) <= 2
    assert max(sizes) < len(CAPABILITIES) / 4


@pytest.mark.parametrize("name", ["license", "readme", "hyperparameter_search", "iac"])
def test_what_nothing_depends_on_takes_nothing_with_it(
    ladder: Ladder, name: str
) -> None:
    assert find_allowed(ladder[LEVELS[-1]], BY_ID[name]) == set()
