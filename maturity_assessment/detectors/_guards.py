"""The conditions that a call stands under, and whether they hold unless somebody asks."""

import ast
from typing import Any

from maturity_assessment.scan.python import UNKNOWN, Call
from maturity_assessment.scan.repository import Repository

OFF = (False, None, 0, "", "none", "None", "false", "disabled")


def guards_of(repository: Repository, path: str) -> tuple[tuple[int, int, str], ...]:
    """Give the plain conditions of a file: first and last line of what they guard, the name."""
    found: list[tuple[int, int, str]] = []
    for node in ast.walk(repository.python.tree(path)):
        if isinstance(node, ast.If) and node.body:
            test = node.test
            if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
                parts = test.values
            else:
                parts = [test]
            last = node.body[-1].end_lineno or node.body[-1].lineno
            found += [
                (node.body[0].lineno, last, ast.unparse(one))
                for one in parts
                if isinstance(one, (ast.Name, ast.Attribute))
            ]
    return tuple(found)


def defaults_of(repository: Repository, path: str) -> dict[str, Any]:
    """Give what switches are unless told otherwise: variables, parameters, options."""
    found: dict[str, Any] = {}
    module = repository.python.modules[path]
    for (_, name), values in module.assigned.items():
        found.setdefault(name.rpartition(".")[2], values[0][1])
    for node in ast.walk(repository.python.tree(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            arguments = node.args.args[len(node.args.args) - len(node.args.defaults) :]
            pairs = [
                *zip(arguments, node.args.defaults),
                *zip(node.args.kwonlyargs, node.args.kw_defaults),
            ]
            for argument, default in pairs:
                if isinstance(default, ast.Constant):
                    found.setdefault(argument.arg, default.value)
    for call in module.calls:
        if call.name.endswith("add_argument"):
            for flag in call.texts():
                if flag.startswith("--"):
                    found[flag.lstrip("-").replace("-", "_")] = option(call)
    return found


def option(call: Call) -> Any:
    """Give the default of one option of a command line."""
    if call.keywords.get("action") == "store_true":
        return False
    if call.keywords.get("action") == "store_false":
        return True
    return call.keywords.get("default")


def off_by_default(repository: Repository, call: Call) -> bool:
    """Whether a call stands under a switch that is off unless somebody asks for it."""
    if repository.python.modules[call.path].notebook:
        return False
    for first, last, name in repository.keep("guards", call.path, guards_of):
        if first <= call.line <= last:
            key = name.rpartition(".")[2]
            value = lookup(repository, call, key)
            if value is not UNKNOWN and any(
                value is one or value == one for one in OFF
            ):
                return True
    return False


def lookup(repository: Repository, call: Call, name: str) -> Any:
    """Give the default of a switch: in its file, else where options are read."""
    own = repository.keep("defaults", call.path, defaults_of)
    if name in own:
        return own[name]
    for path, module in repository.python.modules.items():
        if path != call.path and any(
            one.name.endswith("add_argument") for one in module.calls
        ):
            other = repository.keep("defaults", path, defaults_of)
            if name in other and not module.notebook:
                return other[name]
    return UNKNOWN
