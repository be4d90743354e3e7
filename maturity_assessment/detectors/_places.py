"""Where a piece of Python stands: whether something runs it, and how far it counts."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from maturity_assessment.evidence import Evidence, Strength
from maturity_assessment.scan.python import Call, Module
from maturity_assessment.scan.python.resolve import LIBRARIES
from maturity_assessment.scan.repository import Repository

SHOWN = ("docs", "example", "generated")
# Calls at the top of a file that do something rather than prepare it.
WORK = re.compile(
    r"^(parse_args|get_context|main|run\w*|fit|train\w*|read_\w+|load\w*|predict|evaluate\w*|start_run"
    r"|init|log_\w+|save\w*|dump|to_csv)$"
)


@lru_cache(maxsize=8)
def imported_files(repository: Repository) -> frozenset[str]:
    """Give the files that another one, no test and no notebook, imports."""
    found: set[str] = set()
    for path, module in repository.python.modules.items():
        if module.notebook or "test" in repository.files[path].classes:
            continue
        folder = path.rpartition("/")[0]
        for dotted in module.imports:
            target, _ = repository.python.resolver.split(dotted, folder)
            found.add(target)
    return frozenset(found)


@lru_cache(maxsize=8)
def idle_scripts(repository: Repository) -> dict[str, str]:
    """Give the scripts that only idle commands run, each with the first reason."""
    reasons: dict[str, str] = {}
    alive: set[str] = set()
    for leaf in repository.commands.all:
        if leaf.script and leaf.reasons:
            reasons.setdefault(leaf.script, leaf.reasons[0])
        elif leaf.script:
            alive.add(leaf.script)
    return {path: why for path, why in reasons.items() if path not in alive}


def strength_at(
    repository: Repository, path: str, function: str, strict: bool = False
) -> Strength:
    """Say how far a place counts: strong where an entry point reaches it.

    A module that is imported or run, though this function is not seen to be, is medium;
    with `strict` that is weak. Tests, notebooks and examples are weak.
    """
    classes = repository.files[path].classes
    module = repository.python.modules.get(path)
    if "test" in classes or module is None or module.notebook or classes & set(SHOWN):
        return Strength.WEAK
    if repository.python.operational(path, function):
        return Strength.STRONG
    if strict or "notebook" in classes:
        return Strength.WEAK
    alive = repository.python.operational(path) or path in imported_files(repository)
    return Strength.MEDIUM if alive or is_script(repository, path, function) else Strength.WEAK


def is_script(repository: Repository, path: str, function: str) -> bool:
    """Whether a file works when it is run, without a main guard, and reaches the function.

    Platforms run such files by a path that only a setting names.
    """
    module = repository.python.modules[path]
    works = [
        call
        for call in module.calls
        if not call.function and WORK.search(call.name.rpartition(".")[2])
    ]
    return bool(works) and (path, function) in repository.python.graph.reach({(path, "")})


def cite_at(  # pylint: disable=too-many-arguments
    repository: Repository,
    path: str,
    line: int,
    function: str,
    *reasons: str,
    strict: bool = False,
    weak: bool = False,
) -> Evidence:
    """Make evidence of a line of Python; `weak` holds its strength down."""
    strength = strength_at(repository, path, function, strict)
    idle = idle_scripts(repository).get(path)
    if idle and path not in imported_files(repository):
        reasons = (*reasons, f"only a command runs it that does nothing: {idle}")
    module = repository.python.modules[path]
    where = repository.python.line(path, line)
    kind = "notebook" if module.notebook else "ast"
    strength = Strength.WEAK if weak else strength
    excerpt = "" if where else function or "code"
    return repository.cite(path, where, kind, strength, reasons, excerpt)


def cite_use(
    repository: Repository,
    call: Call,
    *reasons: str,
    strict: bool = False,
    weak: bool = False,
) -> Evidence:
    """Make evidence of a call."""
    return cite_at(
        repository,
        call.path,
        call.line,
        call.function,
        *reasons,
        strict=strict,
        weak=weak,
    )


def cite_uses(
    repository: Repository, *patterns: str, without: Iterable[str] = ("test",)
) -> Iterator[Evidence]:
    """Make evidence of every call that fits a pattern."""
    for call in repository.python.calls(*patterns, without=tuple(without)):
        if not is_own(repository, call):
            yield cite_use(repository, call)


def is_own(repository: Repository, call: Call) -> bool:
    """Whether a call is of a module of the project that bears a library's name."""
    first = call.name.partition(".")[0]
    if first in LIBRARIES:
        return False
    folder = call.path.rpartition("/")[0]
    return bool(repository.python.resolver.module_of(first, folder))


def source_modules(repository: Repository) -> Iterator[Module]:
    """Give the modules that are neither tests nor notebooks."""
    for path, module in repository.python.modules.items():
        if not module.notebook and "test" not in repository.files[path].classes:
            yield module
