"""Test functions by what they exercise: data, or a model."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from maturity_assessment.evidence import Evidence, Strength
from maturity_assessment.scan.once import once
from maturity_assessment.scan.python import Call, Definition, Module
from maturity_assessment.scan.repository import Repository

from ._models import calls_by_function
from ._tests import find_tests, is_check, is_test

DATA = "data"
MODEL = "model"
Place = tuple[Module, Definition]
Near = tuple[tuple[Place, ...], tuple[Place, ...]]  # helpers, fixtures
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


@once
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
