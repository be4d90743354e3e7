"""Comparisons of a model's metric that have a consequence: what a gate is made of.

A comparison counts where the metric, or a variable that was assigned from one, stands on a
side of `<`, `<=`, `>` or `>=`, directly in a condition, in a variable that the condition asks,
or in a function of the project whose answer the condition asks. Its consequence is that the
run ends (it raises, exits or cancels), or that a registration, promotion or deployment
happens in one branch only.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from maturity_assessment.scan.once import once
from maturity_assessment.scan.python import Module, Name
from maturity_assessment.scan.repository import Repository

from .._places import source_modules
from .comparisons import Body, bodies_named, expand, find_comparing, read_body
from .consequences import has_consequence
from .flags import asking, find_flags
from .judges import Court, find_judges, names_of
from .words import DECIDES, METRIC, PLAIN, with_rival

__all__ = [
    "METRIC",
    "PLAIN",
    "Body",
    "Verdict",
    "expand",
    "find_judges",
    "find_verdicts",
    "read_body",
]

BRANCHES = ("*.BranchPythonOperator", "*.ShortCircuitOperator")


@dataclass(frozen=True)
class Verdict:
    """One comparison with its consequence; `rival` is whether another model is the measure."""

    path: str
    line: int
    function: str
    rival: bool


@once
def find_verdicts(repository: Repository) -> tuple[Verdict, ...]:
    """Give every comparison with a consequence in the project's source."""
    judges = find_judges(repository)
    names = names_of(repository, judges) if judges else set()
    found: list[Verdict] = []
    for module in source_modules(repository):
        court = Court(repository, module, judges)
        for body in bodies_of(repository, module, names):
            found += verdicts_of(repository, court, body)
    return tuple([*found, *deciding(repository, judges), *flagged(repository)])


def bodies_of(
    repository: Repository, module: Module, names: set[str]
) -> Iterator[Body]:
    """Give the functions of a module that compare metrics, or call what does by its name."""
    comparing = find_comparing(repository, module.path)
    known = {body.name for body in comparing}
    calling = {
        call.function
        for call in module.calls
        if names and call.name.rpartition(".")[2] in names
    }
    yield from comparing
    for one in bodies_named(module, calling - known):
        yield read_body(repository, module, one)


def verdicts_of(repository: Repository, court: Court, body: Body) -> Iterator[Verdict]:
    """Give the conditions of a function on a comparison that have a consequence."""
    module = court.module
    for node in body.nodes:
        if isinstance(node, (ast.If, ast.Assert)):
            said = court.judged(node.test, body.assigned)
            if said and has_consequence(
                repository, module, node, body.name, body.nodes
            ):
                yield Verdict(module.path, node.lineno, body.name, with_rival(said))


def deciding(repository: Repository, judges: dict[str, bool]) -> Iterator[Verdict]:
    """Give the judging functions that decide for a pipeline: a branch, or a trigger to deploy."""
    branches = {
        one.dotted.rpartition(".")[2]
        for call in repository.python.calls(*BRANCHES, without=("test",))
        for one in [call.keywords.get("python_callable")]
        if isinstance(one, Name)
    }
    for key, rival in judges.items():
        path, _, name = key.partition(":")
        one = repository.python.modules[path].definitions.get(name)
        if one is None:
            continue
        branch = any(
            re.search(r"task\.(branch|short_circuit)$", d) for d in one.decorators
        )
        if branch or one.short in branches or DECIDES.search(one.short):
            yield Verdict(path, one.line, name, rival)


def flagged(repository: Repository) -> Iterator[Verdict]:
    """Give conditions on an answer that another module keeps, such as `is_model_accepted`."""
    flags = find_flags(repository)
    for module in source_modules(repository) if flags else []:
        if any(name in repository.read(module.path) for name in flags):
            for body, node, asked in asking(repository, module, set(flags)):
                name = f"{body.name} model"
                if has_consequence(repository, module, node, name, body.nodes):
                    rival = any(flags[flag] for flag in asked)
                    yield Verdict(module.path, node.lineno, body.name, rival)
