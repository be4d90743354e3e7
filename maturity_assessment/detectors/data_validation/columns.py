"""Conditions that stop where the columns of a table are not those wanted."""

import ast
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence
from maturity_assessment.scan.python import Definition, Module
from maturity_assessment.scan.repository import Repository

from .._places import cite_at, source_modules
from .._verdicts import Body, expand, read_body
from .stops import ends
from .words import ASKED, COLUMNS, ELSEWHERE

ENDINGS = ("raise", "exit", "quit")  # without any of them a text ends nothing


def by_columns(repository: Repository) -> Iterator[Evidence]:
    """Give the conditions that stop where the columns of a table are not those wanted."""
    for module in source_modules(repository):
        near = "/".join(module.path.split("/")[-2:])
        if ".columns" not in repository.read(module.path) or ELSEWHERE.search(near):
            continue
        for one in suspects(repository, module):
            body = read_body(repository, module, one)
            weak = bool(ASKED.search(f"{near} {body.name}"))
            for line in stops_on_columns(body):
                yield cite_at(
                    repository, module.path, line, body.name, strict=True, weak=weak
                )


def suspects(repository: Repository, module: Module) -> Iterator[Definition | None]:
    """Give the functions that name columns and may end the run, and the module's body."""
    trees = repository.python.trees
    for one in (None, *module.functions):
        text = trees.text(one) if one else trees.outside(module)
        if ".columns" in text and any(word in text for word in ENDINGS):
            yield one


def stops_on_columns(body: Body) -> Iterator[int]:
    """Give the lines of the conditions on columns after which a function raises or exits."""
    for node in body.nodes:
        if isinstance(node, ast.If) and ends(node.body):
            if COLUMNS.search(expand(node.test, body.assigned)):
                yield node.lineno
