"""What hangs on a condition: the run ends, or something is registered or deployed."""

import ast
import re

from maturity_assessment.scan.python import Module
from maturity_assessment.scan.repository import Repository

from .._nodes import EXITS, walk
from .words import ACTS, PLACE, PLAIN

ENDS = (*EXITS, "pytest.fail")
STOPS = (".cancel", ".abort", ".fail")
SAYS = re.compile(r"(log|print|info|debug|warn)\w*$")
LAST = 6  # lines: where a function that ends in an error raises it


def has_consequence(
    repository: Repository,
    module: Module,
    condition: ast.If | ast.Assert,
    name: str,
    nodes: list[ast.AST],
) -> bool:
    """Whether a branch ends the run, or is the only one that registers or deploys.

    `name` is that of the function and `nodes` are its own.
    """
    place = f"{module.path} {name}"
    if isinstance(condition, ast.Assert):
        return bool(PLACE.search(place))
    branches = (condition.body, condition.orelse)
    if PLACE.search(place) or PLAIN.search(ast.unparse(condition.test)):
        if any(ends(repository, module, body) for body in branches):
            return True
    if acts(condition.body) != acts(condition.orelse):
        return True
    leaving = (ast.Return, ast.Continue)
    leaves = any(isinstance(one, leaving) for body in branches for one in body)
    return leaves and acts_after(condition, nodes)


def acts_after(condition: ast.If, nodes: list[ast.AST]) -> bool:
    """Whether what follows a condition registers, promotes or deploys something."""
    end = condition.end_lineno or condition.lineno
    calls = [one for one in nodes if isinstance(one, ast.Call) and one.lineno > end]
    return any(ACTS.search(ast.unparse(one.func)) for one in calls)


def acts(body: list[ast.stmt]) -> bool:
    """Whether statements register, promote or deploy something."""
    called = [
        ast.unparse(node.func)
        for statement in body
        for node in walk(statement)
        if isinstance(node, ast.Call)
    ]
    return any(ACTS.search(one) and not SAYS.search(one) for one in called)


def ends(repository: Repository, module: Module, body: list[ast.stmt]) -> bool:
    """Whether statements end the run, themselves or in a function that they call."""
    for statement in body:
        for node in walk(statement):
            if isinstance(node, ast.Raise) and node.exc is not None:
                # The answer to one request says nothing of the model.
                return "HTTPException" not in ast.unparse(node.exc)
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                if called in ENDS or called.endswith(STOPS):
                    return True
                if raises(repository, module, called):
                    return True
    return False


def raises(repository: Repository, module: Module, called: str) -> bool:
    """Whether a function of the project does nothing but end in an error."""
    first, _, rest = called.partition(".")
    name = module.aliases.get(first, first)
    name = f"{name}.{rest}" if rest else name
    folder = module.path.rpartition("/")[0]
    target = module.definitions.get(called)
    target = target or repository.python.resolver.definition(name, folder)
    if target is None or target.kind != "function":
        return False
    lines = repository.python.modules[target.path].raises.get(target.name, [])
    return any(line >= target.end - LAST for line in lines)
