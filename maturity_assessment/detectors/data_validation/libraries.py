"""Checks that libraries make, and whether their result has a consequence."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from maturity_assessment.evidence import Evidence
from maturity_assessment.scan.python import Call, Called
from maturity_assessment.scan.repository import Repository

from .._places import cite_at, cite_use, is_own, source_modules
from .stops import asked, pass_on, stops
from .words import RAISING, TELLING


def by_library(repository: Repository) -> Iterator[Evidence]:
    """Give the checks that libraries make, weak where their result has no consequence."""
    for call in repository.python.calls(*RAISING):
        if not is_own(repository, call):
            yield cite_use(repository, call, strict=True)
    for call in [*repository.python.calls(*TELLING), *great_expectations(repository)]:
        if is_own(repository, call):
            continue
        reasons = [
            f"`{name}=True`: it is skipped"
            for name in ("skip_check", "skip")
            if is_on(repository.python.value(call, call.keywords.get(name)))
        ]
        yield cite_use(
            repository, call, *reasons, strict=True, weak=not heeded(repository, call)
        )
    for module in source_modules(repository):
        for one in module.definitions.values():
            if any(
                re.search(r"pandera\.\S*check_(types|input|output|io)$", d)
                for d in one.decorators
            ):
                yield cite_at(repository, module.path, one.line, one.name, strict=True)


def is_on(value: Any) -> bool:
    """Whether a value is true, or a parameter of a pipeline whose default is."""
    if isinstance(value, Called):
        return value.keywords.get("default_value") is True
    return value is True


def great_expectations(repository: Repository) -> list[Call]:
    """Give the runs of checkpoints and validators in files that import the library."""
    calls = repository.python.calls("*.validate", "*.checkpoint.run", "*.run")
    return [
        call
        for call in calls
        if any(
            n.startswith("great_expectations")
            for n in repository.python.modules[call.path].imports
        )
        and ("checkpoint" in call.name.lower() or call.name.endswith(".validate"))
    ]


def heeded(repository: Repository, call: Call) -> bool:
    """Whether something may stop after a check whose result must be looked at.

    A step of a pipeline stops it by itself; else the function, or one that calls it, must
    raise, assert or exit under a condition.
    """
    if re.search(
        r"(QualityCheckStep|ExampleValidator|Operator|CheckConfig)$", call.name
    ):
        return True
    module = repository.python.modules[call.path]
    if stops(repository, module, call.function):
        return True
    if any(map(partial(asked, repository), pass_on(repository, call.function))):
        return True
    callers = [
        (other, name)
        for other in source_modules(repository)
        for name, used in other.references.items()
        if call.function
        and any(
            one.rpartition(".")[2] == call.function.rpartition(".")[2] for one in used
        )
    ]
    return any(stops(repository, other, name) for other, name in callers)
