"""Whether something stops: a check under a condition, or a caller that heeds its answer."""

import ast
import re
from collections.abc import Iterator

from maturity_assessment.scan.python import Module
from maturity_assessment.scan.python.trees import Trees
from maturity_assessment.scan.repository import Repository

from .._nodes import EXITS, own_nodes, statements, walk
from .._places import source_modules
from .words import GENERAL

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
    """Whether a branch ends the run as failed: it raises or exits, and not with success."""
    for statement in body:
        for node in walk(statement):
            if isinstance(node, ast.Raise) and node.exc is not None:
                return True
            if isinstance(node, ast.Call) and isinstance(node.func, NAMES):
                if ast.unparse(node.func) in EXITS and not is_success(node):
                    return True
    return False


def is_success(exit_: ast.Call) -> bool:
    """Whether the program ends as if all were well, so that what comes next goes on."""
    codes = [one.value for one in exit_.args if isinstance(one, ast.Constant)]
    return not exit_.args or codes in ([0], [None])


def words_of(node: ast.expr) -> set[str]:
    """Give the words of an expression."""
    return set(re.findall(r"\w+", ast.unparse(node)))


def asked(repository: Repository, check: str) -> bool:
    """Whether a caller stops where the answer of a function is bad."""
    trees = repository.python.trees
    return any(
        asked_in(trees, module, check)
        for module in source_modules(repository)
        if check in repository.read(module.path)
    )


def asked_in(trees: Trees, module: Module, check: str) -> bool:
    """Whether a module ends the run on what a function answers, or on what keeps its answer."""
    functions = {one.name: one for one in module.functions}
    bodies: list[ast.AST] = [
        trees.function(one) for one in functions.values() if check in trees.text(one)
    ]
    if any(
        check in used
        for scope, names in module.references.items()
        for used in names
        if scope not in functions
    ):
        bodies.append(trees.whole(module.path))
    return any(ends_on(body, check) for body in bodies)


def ends_on(body: ast.AST, check: str) -> bool:
    """Whether a condition on a function's answer, or on what was assigned it, ends the run."""
    answers = {check}
    for node in statements(body):
        if isinstance(node, ast.If):
            if answers & words_of(node.test) and ends(node.body + node.orelse):
                return True
        elif isinstance(node, ast.Assign) and check in words_of(node.value):
            answers |= set().union(*map(words_of, node.targets)) - {"self"}
    return False


def pass_on(repository: Repository, check: str) -> Iterator[str]:
    """Give a function that checks, and those that return what it answers, by their names."""
    check = check.rpartition(".")[2]
    if check in GENERAL:
        return
    yield check
    trees = repository.python.trees
    for module in source_modules(repository):
        for one in module.functions if check in repository.read(module.path) else []:
            if check in trees.text(one) and returns(trees.function(one), check):
                yield one.short


def returns(function: ast.AST, check: str) -> bool:
    """Whether a function returns the answer of another, or what it made of it."""
    answers = {check}
    nodes = [one for one in own_nodes(function) if isinstance(one, ast.stmt)]
    for node in sorted(nodes, key=lambda one: one.lineno):
        if isinstance(node, ast.Assign) and answers & words_of(node.value):
            answers |= set().union(*map(words_of, node.targets))
        if isinstance(node, ast.Return) and node.value is not None:
            if answers & words_of(node.value):
                return True
    return False
