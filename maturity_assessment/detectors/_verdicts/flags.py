"""Answers of comparisons that are kept under a name, such as `is_model_accepted`."""

import ast
import re
from collections.abc import Iterator

from maturity_assessment.scan.python import Module
from maturity_assessment.scan.repository import Repository

from .._places import source_modules
from .comparisons import Body, find_comparing, read_body
from .judges import Court
from .words import FLAG, with_rival


def find_flags(repository: Repository) -> dict[str, bool]:
    """Give the names under which the answers of comparisons are kept, and if with a rival."""
    found: dict[str, bool] = {}
    for module in source_modules(repository):
        court = Court(repository, module, {})
        for body in find_comparing(repository, module.path):
            for name, rival in flags_of(court, body):
                found[name] = rival or found.get(name, False)
    return found


def flags_of(court: Court, body: Body) -> Iterator[tuple[str, bool]]:
    """Give the flags that one function sets, and if with a rival."""
    for node in body.nodes:
        pairs: list[tuple[str, ast.expr]] = []
        if isinstance(node, ast.keyword) and node.arg:
            pairs = [(node.arg, node.value)]
        elif isinstance(node, ast.Assign):
            pairs = [(ast.unparse(one), node.value) for one in node.targets]
        for name, value in pairs:
            said = court.judged(value, body.assigned) if FLAG.search(name) else ""
            if said:
                yield name.rpartition(".")[2], with_rival(said)


def asking(
    repository: Repository, module: Module, flags: set[str]
) -> Iterator[tuple[Body, ast.If, set[str]]]:
    """Give the conditions of a module that ask for flags, with the names of these."""
    trees = repository.python.trees
    for one in (None, *module.functions):
        text = trees.text(one) if one else repository.read(module.path)
        if "if" not in text or not any(flag in text for flag in flags):
            continue
        body = read_body(repository, module, one)
        for node in body.nodes:
            if isinstance(node, ast.If):
                asked = flags & set(re.findall(r"\w+", ast.unparse(node.test)))
                if asked:
                    yield body, node, asked
