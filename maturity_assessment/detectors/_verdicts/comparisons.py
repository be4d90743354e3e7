"""The functions of a module that compare metrics, and the text of what they compare."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from maturity_assessment.scan.once import once
from maturity_assessment.scan.python import Definition, Module
from maturity_assessment.scan.python.syntax import is_order
from maturity_assessment.scan.repository import Repository

from .._nodes import own_nodes, walk
from .words import LOOP, METRIC, speaks_of_metrics

Assigned = dict[str, ast.expr]  # by the variable, as it is written
SEVERAL = (ast.Tuple, ast.List)
LENGTH = 400  # characters of what a variable is assigned
SIZES = re.compile(r"\blen\(|\.shape|\.empty|version_info|\bargc?\b")


@dataclass
class Body:
    """A function, or the body of a module under no name, with the nodes that are its own."""

    name: str
    node: ast.AST
    nodes: list[ast.AST] = field(default_factory=list)

    @cached_property
    def assigned(self) -> Assigned:
        """What its variables are assigned."""
        return read_assigned(self.nodes)

    @cached_property
    def compared(self) -> list[str]:
        """The texts of its comparisons of metrics."""
        nodes = [one for one in self.nodes if isinstance(one, ast.Compare)]
        texts = [measure(one, self.assigned) for one in nodes if is_order(one)]
        return [text for text in texts if text]


def read_body(
    repository: Repository, module: Module, function: Definition | None
) -> Body:
    """Read one function, or the body of a module."""
    python = repository.python
    node: ast.AST
    if function is None:
        node = python.trees.whole(module.path)
    else:
        node = python.trees.function(function)
    return Body(function.name if function else "", node, own_nodes(node))


def bodies_named(module: Module, names: set[str]) -> Iterator[Definition | None]:
    """Give the functions of a module by their names, first its body where one is empty."""
    if "" in names:
        yield None
    yield from (one for one in module.functions if one.name in names)


@once
def find_comparing(repository: Repository, path: str) -> list[Body]:
    """Give the functions of a file that compare metrics."""
    module, trees = repository.python.modules[path], repository.python.trees
    found: list[Body] = []
    for one in bodies_named(module, module.compares):
        text = trees.text(one) if one else repository.read(path)
        if speaks_of_metrics(text):
            body = read_body(repository, module, one)
            found += [body] if body.compared else []
    return found


def measure(node: ast.Compare, assigned: Assigned) -> str:
    """Give the text of a comparison of metrics, variables filled in, else nothing."""
    if not is_order(node) or is_range(node, assigned):
        return ""
    bare = ast.unparse(node)
    if LOOP.search(bare) or SIZES.search(bare):
        return ""
    said = expand(node, assigned)
    return f"{bare} {said}" if METRIC.search(said) else ""


def is_range(node: ast.Compare, assigned: Assigned) -> bool:
    """Whether a comparison only checks that what was passed in lies in a range."""
    if len(node.ops) > 1:
        return True
    sides = [node.left, *node.comparators]
    bare = [one for one in sides if isinstance(one, (ast.Name, ast.Attribute))]
    if not bare or any(ast.unparse(one) in assigned for one in bare):
        return False
    numbers = [one.value for one in sides if isinstance(one, ast.Constant)]
    return any(isinstance(one, (int, float)) and one in (0, 1, 100) for one in numbers)


def assignments(nodes: list[ast.AST]) -> Iterator[tuple[str, ast.expr]]:
    """Give what variables are assigned in a function."""
    for node in nodes:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                names = target.elts if isinstance(target, SEVERAL) else [target]
                yield from ((ast.unparse(one), node.value) for one in names)
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)):
            if node.value is not None:
                yield ast.unparse(node.target), node.value
        elif isinstance(node, ast.For):
            yield ast.unparse(node.target), node.iter


def read_assigned(nodes: list[ast.AST]) -> Assigned:
    """Give what each variable is assigned last, a constant only where it is all there is."""
    found: Assigned = {}
    for name, value in assignments(nodes):
        # `passed = False` for the worst case does not say how it is judged.
        if not (isinstance(value, ast.Constant) and name in found):
            found[name] = value
    return found


def text_of(assigned: Assigned, name: str) -> str:
    """Give what a variable is assigned, as source text."""
    return ast.unparse(assigned[name])[:LENGTH]


def expand(node: ast.expr, assigned: Assigned) -> str:
    """Give an expression's text with what its variables were assigned."""
    said = [ast.unparse(node)]
    for one in walk(node):
        if isinstance(one, ast.Name) and one.id in assigned:
            value = text_of(assigned, one.id)
            words = re.findall(r"\w+", value)
            said.append(value)
            said += [text_of(assigned, word) for word in words if word in assigned]
    return " ".join(said)[:2000]
