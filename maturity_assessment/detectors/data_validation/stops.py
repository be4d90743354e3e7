"""Whether something stops: a check under a condition, or a caller that heeds its answer."""

import ast
import re

from maturity_assessment.scan.python import Definition, Module
from maturity_assessment.scan.python.trees import Trees
from maturity_assessment.scan.repository import Repository

from .._nodes import EXITS, statements, walk
from .._places import source_modules

NAMES = (ast.Name, ast.Attribute)


def stops(repository: Repository, module: Module, function: str) -> bool:
    """Whether a function raises, asserts or exits under a condition, outside of a handler."""
    if module.notebook:
        return False
    if module.asserts.get(function):
        return True
    trees, definition = repository.python.trees, module.definitions.get(function)
    first, last = (definition.line, definition.end) if definition else (1, 10**9)
    tree: ast.AST
    if definition is not None and definition.kind == "function":
        tree = trees.function(definition)
    else:
        tree = trees.whole(module.path)
    return any(
        first <= one.lineno <= last and ends(one.body + one.orelse)
        for one in statements(tree)
        if isinstance(one, ast.If)
    )


def ends(body: list[ast.stmt]) -> bool:
    """Whether a branch ends the run: it raises or exits."""
    for statement in body:
        for node in walk(statement):
            if isinstance(node, ast.Raise) and node.exc is not None:
                return True
            if isinstance(node, ast.Call) and isinstance(node.func, NAMES):
                if ast.unparse(node.func) in EXITS:
                    return True
    return False


def words_of(node: ast.expr) -> set[str]:
    """Give the words of an expression."""
    return set(re.findall(r"\w+", ast.unparse(node)))


def asked(repository: Repository, one: Definition) -> bool:
    """Whether a caller stops where the answer of a check is bad."""
    for module in source_modules(repository):
        if one.short in repository.read(module.path):
            if asked_in(repository.python.trees, module, one.short):
                return True
    return False


def asked_in(trees: Trees, module: Module, name: str) -> bool:
    """Whether a module ends the run on what a function answers, or on what keeps its answer."""
    functions = {one.name: one for one in module.functions}
    bodies: list[ast.AST] = [
        trees.function(one) for one in functions.values() if name in trees.text(one)
    ]
    if any(
        name in used
        for scope, names in module.references.items()
        for used in names
        if scope not in functions
    ):
        bodies.append(trees.whole(module.path))
    return any(ends_on(body, name) for body in bodies)


def ends_on(body: ast.AST, name: str) -> bool:
    """Whether a condition on a function's answer, or on what was assigned it, ends the run."""
    answers = {name}
    for node in statements(body):
        if isinstance(node, ast.If):
            if answers & words_of(node.test) and ends(node.body + node.orelse):
                return True
        elif isinstance(node, ast.Assign) and name in ast.unparse(node.value):
            answers |= set().union(*map(words_of, node.targets)) - {"self"}
    return False
