"""Test functions by what they exercise: data, or a model."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from maturity_assessment.evidence import Evidence, Strength
from maturity_assessment.scan.python import Call, Definition, Module
from maturity_assessment.scan.repository import Repository

from ._models import calls_by_function
from ._tests import find_tests, is_check, is_test

DATA = "data"
MODEL = "model"
Helpers = dict[str, Definition | None]  # by the names that a file has for them
HOPS = 2  # helpers and fixtures between a test and the code that it exercises

OWN = {
    DATA: re.compile(
        r"(?:^|[._])(data|dataset|dataloader|data_?module|preprocess\w*|feature"
        r"|featuri[sz]\w*|transforms?"
        r"|transformations?|clean\w*|ingest\w*|etl|tokeni[sz]\w*|augment\w*|imput\w*"
        r"|\w+_data|data_\w+"
        r"|\w*dataset\w*|\w*preprocess\w*|\w*data_?module\w*|\w*data_?loader\w*"
        r"|\w*features?|feature_\w+"
        r"|split_\w+|\w+_split|load_(data|csv|table|parquet|images?)\w*|read_(csv|table"
        r"|parquet)\w*)s?(?:[._]|$)",
        re.I,
    ),
    MODEL: re.compile(
        r"(?:^|[._])((re)?train(ing|er)?|train_\w+|(re)?fit|fit_\w+|predict\w*"
        r"|\w+_predict(ions?)?|infer|inference|run_inference"
        r"|(load|get|build|create|make|init|setup)_(\w+_)?(models?|classifier|regressor"
        r"|network|predictor|pipeline)"
        r"|forward|backward|\w*(Classifier|Regressor|Predictor|Detector|Trainer|LitModule"
        r"|LightningModule|Estimator)"
        r"|\w*(Net|Network|Model|Module|Forecaster|Recommender|Encoder|Decoder))(?:[._]|$)"
    ),
}
LIBRARY = {
    DATA: re.compile(
        r"(\.expect_\w+|^pandas\.read_\w+|^polars\.(read|scan)_\w+|^datasets\.load_\w+"
        r"|^pandera\.\S*"
        r"|great_expectations\.\S*|tensorflow_data_validation\.\S*|deepchecks\.\S*"
        r"|\.run_checkpoint)$"
    ),
    MODEL: re.compile(
        r"\.(fit|predict|predict_proba|fit_predict|fit_generator|load_model|transcribe)$"
    ),
}
# Classes that are called a model and are only rows of a table or of a request.
RECORDS = re.compile(
    r"(BaseModel|peewee|sqlalchemy|db\.Model|Base|Enum|Schema|BaseSettings|SQLModel"
    r"|models\.Model)$"
)
PLACES = re.compile(r"(^|\.)(train(ing|er)?|inference|predict(or|ion)?)\.")
PREDICTS = re.compile(
    r"/(\w*predict\w*|infer\w*|invocations|score|classify|forecast)\b"
)


@dataclass(frozen=True)
class Case:
    """One test function: where it is, what it exercises, whether it never runs."""

    path: str
    line: int
    exercises: str
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
            exercised = read_test(repository, module, one, kind)
            if exercised:
                aside = is_skipped(repository, module, one)
                case = Case(module.path, one.line, exercised, aside)
                if not aside:
                    return case
                skipped = skipped or case
    return skipped


def read_test(
    repository: Repository, module: Module, test: Definition, kind: str
) -> str:
    """Give what a test exercises, with the helpers and fixtures that it goes through."""
    folder = module.path.rpartition("/")[0]
    direct, fixtures, checks = gather(repository, module, test, kind)
    if not checks:
        return ""
    names = find_exercised(repository, folder, direct, kind)
    # A test that asks a model for answers needs data too, and is no test of it.
    models = direct | fixtures if kind == DATA else set()
    if not names and not find_exercised(repository, folder, models, MODEL):
        names = find_exercised(repository, folder, fixtures, kind)
    if not names and kind == MODEL:
        return asks_service(repository, module, test)
    return "".join(names[:1])


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


def gather(
    repository: Repository, module: Module, test: Definition, kind: str
) -> tuple[set[str], set[str], bool]:
    """Give the names that a test and its helpers use, those of fixtures, whether it checks."""
    direct: set[str] = set()
    fixtures: set[str] = set()
    checks = False
    waiting = [(module, test, direct, 0)]
    seen: set[tuple[str, str]] = set()
    while waiting:
        where, one, names, hops = waiting.pop()
        if (where.path, one.name) in seen:
            continue
        seen.add((where.path, one.name))
        if kind == DATA:
            # To name a table's columns is not to exercise the code that makes it.
            names |= {call.name for call in calls_of(repository, where, one)}
        else:
            names |= where.references.get(one.name, set())
        checks = checks or checks_something(repository, where, one)
        if hops < HOPS:
            waiting += [
                (m, d, names, hops + 1) for m, d in helpers(repository, where, one)
            ]
            waiting += [
                (m, d, fixtures, hops + 1)
                for m, d in fixtures_of(repository, where, one)
            ]
    return direct, fixtures, checks


def calls_of(repository: Repository, module: Module, one: Definition) -> list[Call]:
    """Give the calls that stand in a function."""
    return calls_by_function(repository).get((module.path, one.name), [])


def checks_something(repository: Repository, module: Module, one: Definition) -> bool:
    """Whether a function asserts or raises."""
    if module.asserts.get(one.name) or module.raises.get(one.name):
        return True
    return any(is_check(call.name) for call in calls_of(repository, module, one))


def helpers(
    repository: Repository, module: Module, one: Definition
) -> Iterator[tuple[Module, Definition]]:
    """Give the functions of tests that a test calls."""
    known: Helpers = repository.keep("helpers", module.path, lambda *_: {})
    for name in module.references.get(one.name, set()):
        if name not in known:
            known[name] = find_helper(repository, module, name)
        target = known[name]
        if target is not None:
            yield repository.python.modules[target.path], target


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
) -> Iterator[tuple[Module, Definition]]:
    """Give the fixtures that a test asks for by its parameters."""
    wanted = set(one.parameters) - {"self"}
    near = repository.keep("fixture modules", module.path, fixture_modules)
    for other in near if wanted else []:
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


def find_exercised(
    repository: Repository, folder: str, names: Iterable[str], kind: str
) -> list[str]:
    """Give those of the names in tests of a folder that are code for data, or a model."""
    known: dict[str, bool] = repository.keep(kind, folder, lambda *_: {})
    for name in names:
        if name not in known:
            known[name] = exercises(repository, folder, name, kind)
    return sorted(name for name in names if known[name])


def exercises(repository: Repository, folder: str, name: str, kind: str) -> bool:
    """Whether a name that a test in a folder refers to is code for data, or a model."""
    if LIBRARY[kind].search(name):
        return True
    if "." not in name:
        return False
    path, inside = repository.python.resolver.split(name, folder)
    if not path or not inside or "test" in classes_of(repository, path):
        return False
    target = repository.python.resolver.definition(name, folder)
    if target is not None and any(RECORDS.search(base) for base in target.bases):
        return False
    if kind == DATA:
        return is_for_data(repository, path, inside, target)
    return target is not None and is_for_model(path, target.name)


def tail_of(path: str) -> str:
    """Give the last two parts of a module's dotted name."""
    short = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return ".".join(short.split(".")[-2:])


def is_for_data(
    repository: Repository, path: str, inside: str, target: Definition | None
) -> bool:
    """Whether code of the project loads, shapes or describes data, by its name and place."""
    if target is not None and uses_pandera(repository, target):
        return True
    name = target.name if target is not None else inside
    return bool(OWN[DATA].search(f"{tail_of(path)}.{name}"))


def is_for_model(path: str, name: str) -> bool:
    """Whether code of the project builds, trains or asks a model, by its name and place."""
    return bool(OWN[MODEL].search(name) or PLACES.search(f"{tail_of(path)}."))


def classes_of(repository: Repository, path: str) -> frozenset[str]:
    """Give the classes of a file; none of a folder."""
    return repository.files[path].classes if path in repository.files else frozenset()


def uses_pandera(repository: Repository, target: Definition) -> bool:
    """Whether a definition's file describes tables."""
    imports = repository.python.modules[target.path].imports
    return any(name.startswith(("pandera", "great_expectations")) for name in imports)


def asks_service(repository: Repository, module: Module, test: Definition) -> str:
    """Give the address that a test asks for a prediction, nothing where that is faked."""
    asked = [
        text
        for call in calls_of(repository, module, test)
        if call.name.endswith((".post", ".get"))
        for text in call.texts()
        if PREDICTS.search(text)
    ]
    if not asked or set(test.parameters) & {"mocker", "monkeypatch", "mock_model"}:
        return ""
    fakes = ("unittest.mock", "mock", "pytest_mock")
    faked = any(name.startswith(fakes) for name in module.imports)
    return "" if faked else asked[0]


def cite_cases(repository: Repository, cases: list[Case]) -> Iterator[Evidence]:
    """Make evidence of the first test of each file, those that run before those that do not."""
    kept: dict[str, Case] = {}
    for case in sorted(cases, key=lambda one: one.skipped):
        kept.setdefault(case.path, case)
    for case in kept.values():
        strength = Strength.WEAK if case.skipped else Strength.STRONG
        yield repository.cite(case.path, case.line, "ast", strength)
