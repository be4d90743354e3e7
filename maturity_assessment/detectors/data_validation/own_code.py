"""Functions of the project that check tables."""

from collections.abc import Iterator

from maturity_assessment.evidence import Evidence
from maturity_assessment.scan.python import Definition
from maturity_assessment.scan.repository import Repository

from .._places import cite_at, source_modules
from .stops import asked, stops
from .words import ELSEWHERE, MODULE, NAMED, OTHER, TABLES


def by_own_code(repository: Repository) -> Iterator[Evidence]:
    """Give functions of the project that check tables; weak where they stop nothing."""
    for module in source_modules(repository):
        near = "/".join(module.path.split("/")[-2:])
        tables = any(TABLES.match(name) for name in module.imports)
        if ELSEWHERE.search(near) or not tables:
            continue
        whole = bool(MODULE.search(module.path))
        for one in module.definitions.values():
            named = bool(NAMED.search(one.short)) and not OTHER.search(one.short)
            if one.kind != "function" or not (whole or named) or trivial(one):
                continue
            halts = stops(repository, module, one.name)
            halts = halts or named and asked(repository, one.short)
            if halts or named:
                yield cite_at(
                    repository,
                    module.path,
                    one.line,
                    one.name,
                    strict=True,
                    weak=not halts,
                )


def trivial(one: Definition) -> bool:
    """Whether a function takes nothing that could be a table, or is no step of its own."""
    given = [name for name in one.parameters if name not in ("self", "cls")]
    return one.short.startswith("__") or not given and "self" not in one.parameters
