"""The tests of a repository: which files hold some, and what they exercise."""

from dataclasses import dataclass
from functools import lru_cache

from maturity_assessment.scan.once import once
from maturity_assessment.scan.python import Module
from maturity_assessment.scan.repository import Repository

ASSERTING = (
    "pytest.raises",
    "pytest.warns",
    "*.assert_*",
    "*.assert[A-Z]*",
    "*.testing.assert_*",
)
STARTS = (
    "subprocess.",
    "sh.",
    "os.system",
    "pexpect.",
    "typer.testing",
    "click.testing",
)


@dataclass(frozen=True)
class TestFile:
    """One file of tests: where it checks something, and which files of the project it uses."""

    path: str
    checks: tuple[int, ...]  # lines
    uses: tuple[str, ...]  # paths of the project's own modules
    starts: bool = False  # whether it starts the project as a process

    __test__ = False  # its name is no test for pytest to collect


@once
def find_tests(repository: Repository) -> tuple[TestFile, ...]:
    """Give every Python file that holds tests, also outside a folder of tests."""
    found: list[TestFile] = []
    for path, module in repository.python.modules.items():
        name = path.rpartition("/")[2].lower()
        classes = repository.files[path].classes
        if (
            module.notebook
            or module.broken
            or name == "conftest.py"
            or "test" not in classes
        ):
            continue
        if any(is_test(one.short) for one in module.definitions.values()):
            found.append(read_test(repository, module))
    return tuple(found)


def is_test(name: str) -> bool:
    """Whether a runner collects a function of this name."""
    return name.startswith("test") or name.startswith("Test")


def read_test(repository: Repository, module: Module) -> TestFile:
    """Read one file of tests, with the fixtures of the conftest files that hold for it."""
    checks = [line for lines in module.asserts.values() for line in lines]
    checks += [call.line for call in module.calls if is_check(call.name)]
    modules = [module]
    folder = module.path
    while folder:
        folder = folder.rpartition("/")[0]
        beside = repository.python.modules.get(f"{folder}/conftest.py".lstrip("/"))
        modules += [beside] if beside is not None else []
    uses = {path for one in modules for path in used_modules(repository, one)}
    starts = any(name.startswith(STARTS) for name in module.imports) or any(
        call.name.startswith(STARTS) for call in module.calls
    )
    return TestFile(module.path, tuple(sorted(checks)), tuple(sorted(uses)), starts)


@lru_cache(maxsize=50_000)
def is_check(name: str) -> bool:
    """Whether a call checks something: an assertion of unittest, numpy, pandas or pytest."""
    last = name.rpartition(".")[2]
    if name in ("pytest.raises", "pytest.warns", "pytest.fail"):
        return True
    return last.startswith("assert") and len(last) > len("assert")


def used_modules(repository: Repository, module: Module, hops: int = 2) -> set[str]:
    """Give the project's own files that a module imports, through helpers of tests too."""
    folder = module.path.rpartition("/")[0]
    found: set[str] = set()
    for dotted in module.imports:
        path, _ = repository.python.resolver.split(dotted, folder)
        other = repository.python.modules.get(path)
        if other is None or path == module.path:
            continue
        if "test" in repository.files[path].classes:
            found |= used_modules(repository, other, hops - 1) if hops else set()
        elif other.definitions or other.statements:
            found.add(path)
    return found
