"""Where a piece of Python stands: whether something runs it, and how far it counts."""

import re
from collections.abc import Iterable, Iterator

from maturity_assessment.evidence import Evidence, Strength
from maturity_assessment.scan.once import once
from maturity_assessment.scan.python import Call, Module
from maturity_assessment.scan.python.resolve import LIBRARIES
from maturity_assessment.scan.repository import Repository

MADE = re.compile(r"version|_pb2|generated|secret|config|settings|local|_version", re.I)
SHOWN = ("docs", "example", "generated")
# Calls at the top of a file that do something rather than prepare it.
WORK = re.compile(
    r"^(parse_args|get_context|main|run\w*|fit|train\w*|read_\w+|load\w*|predict"
    r"|evaluate\w*|start_run"
    r"|init|start|serve|add_job|log_\w+|save\w*|dump|to_csv)$"
)


@once
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


def missing_import(repository: Repository, path: str) -> str:
    """Give the first module of its own package that a file imports and that is not there.

    Only relative imports tell for certain; what a build makes is left out.
    """
    module, folder = repository.python.modules[path], path.rpartition("/")[0]
    for one in module.relative if not (module.notebook or module.broken) else []:
        base = folder.split("/") if folder else []
        base = base[: len(base) - one.level + 1]
        inner = "/".join([*base, *one.base.split(".")]).strip("/")
        for name in one.names if not one.base else [""]:
            if not MADE.search(name or inner) and not is_there(repository, inner, name):
                return name or inner
    return ""


def is_there(repository: Repository, inner: str, name: str) -> bool:
    """Whether a package has a module, or something else, of a name."""
    modules = repository.python.modules
    wanted = f"{inner}/{name}".strip("/") if name else inner
    if f"{wanted}.py" in modules or f"{wanted}/__init__.py" in modules:
        return True
    if any(
        one.startswith(f"{wanted}/") or one.startswith(f"{wanted}.")
        for one in repository.files
    ):
        return True
    init = modules.get(f"{inner}/__init__.py") if name else None
    if init is None:
        return False
    known = {*init.aliases, *init.definitions, *(key for _, key in init.assigned)}
    return (
        name in known
        or name.startswith("__")
        or any(one.startswith("*") for one in init.aliases)
    )


@once
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
    if "notebook" in classes and is_job(repository, path):
        return Strength.MEDIUM
    if strict or "notebook" in classes:
        return Strength.WEAK
    alive = repository.python.operational(path) or path in imported_files(repository)
    return (
        Strength.MEDIUM
        if alive or is_script(repository, path, function)
        else Strength.WEAK
    )


@once
def job_notebooks(repository: Repository) -> frozenset[str]:
    """Give the names of the notebooks that the jobs of a platform run, as settings name them."""
    found: set[str] = set()
    for path in repository.find("*.yml", "*.yaml", "*.json", "*.tf", without=("docs",)):
        if repository.files[path].size < 200_000:
            text = repository.read(path) if "notebook" in repository.read(path) else ""
            pattern = r"notebook_?path[\"']?\s*[:=]\s*[\"']?([\w./${}-]+)"
            found |= {
                one.rpartition("/")[2].partition(".")[0]
                for one in re.findall(pattern, text)
            }
    return frozenset(found)


def is_job(repository: Repository, path: str) -> bool:
    """Whether a file in a folder of notebooks is a script that a platform's job runs."""
    return path.rpartition("/")[2].partition(".")[0] in job_notebooks(repository)


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
    return bool(works) and (path, function) in repository.python.graph.reach(
        {(path, "")}
    )


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
    gone = repository.keep("missing import", path, missing_import)
    # What cannot be imported does not run.
    strength = Strength.WEAK if weak or gone else strength
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


def cite_mentions(repository: Repository, *patterns: str) -> Iterator[Evidence]:
    """Make evidence of functions that name a library's function without calling it."""
    compiled = [
        re.compile(re.escape(one).replace(r"\*", ".*") + "$")
        for one in patterns
        if one[0] != "*"
    ]
    for module in source_modules(repository):
        if not any(
            one.match(f"{name}.") or one.match(name)
            for name in module.imports
            for one in compiled
        ):
            continue
        for function, names in module.references.items():
            found = next(
                (n for n in sorted(names) if any(one.match(n) for one in compiled)), ""
            )
            if found:
                definition = module.definitions.get(function)
                line = definition.line if definition else first_import(module, found)
                yield cite_at(repository, module.path, line, function)


def first_import(module: Module, name: str) -> int:
    """Give the line of the import that a name comes from."""
    return next(
        (line for one, line in module.imports.items() if name.startswith(one)), 1
    )


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
