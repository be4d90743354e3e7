"""The helpers and fixtures that a test goes through, and what stands in each."""

from collections.abc import Iterator

from maturity_assessment.scan.python import Call, Definition, Module
from maturity_assessment.scan.repository import Repository

from .._models import calls_by_function
from .._tests import is_check
from .subjects import classes_of

Place = tuple[Module, Definition]
Near = tuple[tuple[Place, ...], tuple[Place, ...]]  # helpers, fixtures
HOPS = 2  # helpers and fixtures between a test and the code that it exercises


def gather(repository: Repository, test: Place) -> tuple[list[Place], list[Place]]:
    """Give a test with its helpers, and the fixtures that these ask for with theirs."""
    direct: list[Place] = []
    fixtures: list[Place] = []
    waiting = [(test, direct, 0)]
    seen: set[tuple[str, str]] = set()
    while waiting:
        place, kept, hops = waiting.pop()
        key = (place[0].path, place[1].name)
        if key not in seen:
            seen.add(key)
            kept.append(place)
            if hops < HOPS:
                below, asked = near(repository, *place)
                waiting += [(one, kept, hops + 1) for one in below]
                waiting += [(one, fixtures, hops + 1) for one in asked]
    return direct, fixtures


def near(repository: Repository, module: Module, one: Definition) -> Near:
    """Give the helpers and the fixtures of a function."""
    known = repository.keep("near", module.path, make_near)
    if one.name not in known:
        asked = fixtures_of(repository, module, one)
        known[one.name] = (tuple(helpers(repository, module, one)), tuple(asked))
    return known[one.name]


def make_near(_repository: Repository, _path: str) -> dict[str, Near]:
    """Make an empty table of what is near to each function of a file."""
    return {}


def calls_of(repository: Repository, module: Module, one: Definition) -> list[Call]:
    """Give the calls that stand in a function."""
    return calls_by_function(repository).get((module.path, one.name), [])


def checks_something(repository: Repository, module: Module, one: Definition) -> bool:
    """Whether a function asserts or raises."""
    if module.asserts.get(one.name) or module.raises.get(one.name):
        return True
    return any(is_check(call.name) for call in calls_of(repository, module, one))


def helpers(repository: Repository, module: Module, one: Definition) -> Iterator[Place]:
    """Give the functions of tests that a test calls."""
    known = repository.keep("helpers", module.path, make_helpers)
    for name in module.references.get(one.name, set()):
        if name not in known:
            known[name] = find_helper(repository, module, name)
        target = known[name]
        if target is not None:
            yield repository.python.modules[target.path], target


def make_helpers(_repository: Repository, _path: str) -> dict[str, Definition | None]:
    """Make an empty table of the helpers that names in a file mean."""
    return {}


def find_helper(repository: Repository, module: Module, name: str) -> Definition | None:
    """Give the function of tests that a name means, if it means one."""
    target = module.definitions.get(name.removeprefix(f"{module.name}."))
    if target is None and "." in name:
        folder = module.path.rpartition("/")[0]
        target = repository.python.resolver.definition(name, folder)
    if target is None or target.kind != "function":
        return None
    return target if "test" in classes_of(repository, target.path) else None


def fixtures_of(
    repository: Repository, module: Module, one: Definition
) -> Iterator[Place]:
    """Give the fixtures that a test asks for by its parameters."""
    wanted = set(one.parameters) - {"self"}
    around = repository.keep("fixture modules", module.path, fixture_modules)
    for other in around if wanted else []:
        named = repository.keep("fixtures", other.path, read_fixtures)
        found = {place: it for name in wanted for place, it in named.get(name, [])}
        for place in sorted(found):
            yield other, found[place]


def read_fixtures(
    repository: Repository, path: str
) -> dict[str, list[tuple[int, Definition]]]:
    """Give the fixtures that a module defines, with their place, by what tests call them."""
    found: dict[str, list[tuple[int, Definition]]] = {}
    for place, one in enumerate(repository.python.modules[path].definitions.values()):
        if any("fixture" in decorator for decorator in one.decorators):
            for name in (one.short, one.short.removeprefix("fixture_")):
                found.setdefault(name, []).append((place, one))
    return found


def fixture_modules(repository: Repository, path: str) -> list[Module]:
    """Give the module itself and the conftest files that hold for it."""
    module = repository.python.modules[path]
    found, folder = [module], path
    while folder:
        folder = folder.rpartition("/")[0]
        beside = repository.python.modules.get(f"{folder}/conftest.py".lstrip("/"))
        found += [beside] if beside is not None and beside is not module else []
    return found
