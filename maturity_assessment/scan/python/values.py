"""What is known of a value without running anything: constants, names, calls."""

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

DEPTH = 4
ITEMS = 30


class Unknown:  # pylint: disable=too-few-public-methods
    """A value that only running the code would give."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, function or class, by its dotted name as far as imports tell it.

    `variable` is the bare name where it is one: after `x = read()` the name `x` is known as
    `read`, and `variable` still says which `x`.
    """

    dotted: str
    variable: str = ""


@dataclass(slots=True)
class Called:
    """The result of a call that stands where a value is needed."""

    name: str
    args: tuple[Any, ...]
    keywords: dict[str, Any]


NOTHING: dict[str, Any] = {}  # one for all calls that pass nothing by name
Resolve = Callable[[ast.expr], str]


def simplify(node: ast.expr | None, resolve: Resolve, depth: int = DEPTH) -> Any:
    """Give the plain value of an expression.

    That is a constant, a list or dict of plain values, a `Name`, a `Called`, or `UNKNOWN`.
    An f-string is a text with `{}` where something is filled in.
    """
    kind = node.__class__
    if kind is ast.Constant:
        return node.value  # type: ignore[union-attr]
    if node is None or depth <= 0:
        return UNKNOWN
    if kind is ast.Name:
        return make_name(resolve(node), node.id)  # type: ignore[attr-defined]
    if kind is ast.Attribute:
        return make_name(resolve(node), "")
    if kind is ast.Call:
        return Called(*simplify_call(node, resolve, depth))  # type: ignore[arg-type]
    return simplify_collection(node, resolve, depth)


@lru_cache(maxsize=50_000)
def make_name(dotted: str, bare: str) -> Any:
    """Make a name, the same few of which come by the thousand; without one it is unknown."""
    return Name(dotted, bare) if dotted else UNKNOWN


def simplify_call(
    node: ast.Call, resolve: Resolve, depth: int = DEPTH
) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
    """Give the name of a call, its arguments by place and those by name."""
    args = tuple(simplify_all(node.args, resolve, depth - 1)) if node.args else ()
    keywords = simplify_keywords(node, resolve, depth) if node.keywords else NOTHING
    return resolve(node.func), args, keywords


def simplify_all(
    nodes: Sequence[ast.expr | None], resolve: Resolve, depth: int
) -> list[Any]:
    """Give the plain values of the first few expressions."""
    found: list[Any] = []
    for one in nodes[:ITEMS]:
        if isinstance(one, ast.Constant):  # most are
            found.append(one.value)
        else:
            found.append(simplify(one, resolve, depth))
    return found


def simplify_keywords(node: ast.Call, resolve: Resolve, depth: int) -> dict[str, Any]:
    """Give the arguments that are passed by name."""
    return {
        one.arg: simplify(one.value, resolve, depth - 1)
        for one in node.keywords[:ITEMS]
        if one.arg
    }


def simplify_collection(node: ast.expr, resolve: Resolve, depth: int) -> Any:
    """Give a list, a dict, an f-string, a sum of texts or a negative number."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return simplify_all(node.elts, resolve, depth - 1)
    if isinstance(node, ast.Dict):
        keys = simplify_all(node.keys, resolve, depth - 1)
        values = simplify_all(node.values, resolve, depth - 1)
        return {
            key: value
            for key, value in zip(keys, values)
            if isinstance(key, (str, int))
        }
    if isinstance(node, ast.JoinedStr):
        parts = [
            one.value if isinstance(one, ast.Constant) else "{}" for one in node.values
        ]
        return "".join(map(str, parts))
    if isinstance(node, ast.BinOp):
        sides = simplify_all([node.left, node.right], resolve, depth - 1)
        if isinstance(node.op, (ast.Add, ast.Div)) and any(
            isinstance(s, str) for s in sides
        ):
            middle = "/" if isinstance(node.op, ast.Div) else ""
            return middle.join(s if isinstance(s, str) else "{}" for s in sides)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = simplify(node.operand, resolve, depth)
        return -value if isinstance(value, (int, float)) else UNKNOWN
    return UNKNOWN


def texts_of(value: Any) -> list[str]:
    """Give the texts of what may be one text or a list of them."""
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str)]
