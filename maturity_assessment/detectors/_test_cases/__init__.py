"""Test functions by what they exercise: data, or a model."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from maturity_assessment.evidence import Evidence, Strength
from maturity_assessment.scan.python import Definition, Module
from maturity_assessment.scan.repository import Repository

from .._tests import find_tests, is_test
from .places import Place, calls_of, checks_something, gather
from .subjects import DATA, MODEL, exercises

__all__ = ["DATA", "MODEL", "Case", "cite_cases", "find_cases"]

PREDICTS = re.compile(
    r"/(\w*predict\w*|infer\w*|invocations|score|classify|forecast)\b"
)


@dataclass(frozen=True)
class Case:
    """One test function: where it is, whether it never runs."""

    path: str
    line: int
    skipped: bool


def find_cases(repository: Repository, kind: str) -> list[Case]:
    """Give one test of each file that exercises data, or a model, and checks something.

    It is the first that runs, and only without any the first that is skipped.
    """
    files = [repository.python.modules[one.path] for one in find_tests(repository)]
    found = [find_case(repository, module, kind) for module in files]
    return [case for case in found if case is not None]


def find_case(repository: Repository, module: Module, kind: str) -> Case | None:
    """Look at the tests of a file until one of the kind runs."""
    skipped: Case | None = None
    for one in module.definitions.values():
        if one.kind == "function" and is_test(one.short):
            if is_case(repository, (module, one), kind):
                case = Case(module.path, one.line, is_skipped(repository, module, one))
                if not case.skipped:
                    return case
                skipped = skipped or case
    return skipped


def is_case(repository: Repository, test: Place, kind: str) -> bool:
    """Whether a test checks something and exercises the kind, helpers and fixtures included."""
    direct, fixtures = gather(repository, test)
    every = [*direct, *fixtures]
    if not any(checks_something(repository, *place) for place in every):
        return False
    folder = test[0].path.rpartition("/")[0]

    def touches(places: list[Place], asked: str) -> bool:
        return any(touch(repository, folder, one, kind, asked) for one in places)

    if kind == MODEL:
        return touches(every, MODEL) or asks_service(repository, *test)
    # A test that asks a model for answers needs data too, and is no test of it.
    return (
        touches(direct, DATA) or touches(fixtures, DATA) and not touches(every, MODEL)
    )


def touch(
    repository: Repository, folder: str, place: Place, kind: str, asked: str
) -> bool:
    """Whether what a function names, seen from a folder of tests, is what is asked for."""
    module, one = place
    known = repository.keep(f"{kind} touches {asked}", folder, make_table)
    key = (module.path, one.name)
    if key not in known:
        if kind == DATA:
            # To name a table's columns is not to exercise the code that makes it.
            names = {call.name for call in calls_of(repository, module, one)}
        else:
            names = module.references.get(one.name, set())
        known[key] = any(exercises(repository, folder, name, asked) for name in names)
    return known[key]


def make_table(_repository: Repository, _path: str) -> dict[tuple[str, str], bool]:
    """Make an empty table, to be filled in by what is asked."""
    return {}


def is_skipped(repository: Repository, module: Module, test: Definition) -> bool:
    """Whether a test never runs, or not where its data or its model is missing."""
    owner = module.definitions.get(test.name.rpartition(".")[0])
    decorators = [*test.decorators, *(owner.decorators if owner else ())]
    if any(
        one.endswith(("mark.skip", "unittest.skip", "mark.xfail")) for one in decorators
    ):
        return True
    lines = repository.lines(module.path)
    above = " ".join(lines[max(0, test.line - 6) : test.line])
    inside = " ".join(lines[test.line - 1 : test.end])
    conditional = any(one.endswith("skipif") for one in decorators)
    return (
        conditional
        and "exist" in above
        or "pytest.skip(" in inside
        and "exist" in inside
    )


def asks_service(repository: Repository, module: Module, test: Definition) -> bool:
    """Whether a test asks an address for a prediction, and nothing of that is faked."""
    asked = any(
        PREDICTS.search(text)
        for call in calls_of(repository, module, test)
        if call.name.endswith((".post", ".get"))
        for text in call.texts()
    )
    if not asked or set(test.parameters) & {"mocker", "monkeypatch", "mock_model"}:
        return False
    fakes = ("unittest.mock", "mock", "pytest_mock")
    return not any(name.startswith(fakes) for name in module.imports)


def cite_cases(repository: Repository, cases: list[Case]) -> Iterator[Evidence]:
    """Make evidence of the first test of each file, those that run before those that do not."""
    kept: dict[str, Case] = {}
    for case in sorted(cases, key=lambda one: one.skipped):
        kept.setdefault(case.path, case)
    for case in kept.values():
        strength = Strength.WEAK if case.skipped else Strength.STRONG
        yield repository.cite(case.path, case.line, "ast", strength)
