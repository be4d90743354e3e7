"""What the parser's nodes are: what each holds, and what some of them say."""

import ast
from collections.abc import Iterator
from typing import Any

Function = ast.FunctionDef | ast.AsyncFunctionDef
LEAVES = (ast.Constant, ast.MatchSingleton)  # they hold a value and no node
# What holds no node of interest: contexts, operators, and fields that are texts.
NO_CHILDREN = frozenset(
    "ctx op ops id attr arg kind name names type_comment lineno conversion module level"
    " type_ignores rest kwd_attrs is_async simple asname".split()
)
CHILDREN: dict[type, tuple[str, ...]] = {
    one: tuple(name for name in one._fields if name not in NO_CHILDREN)
    for one in vars(ast).values()
    if isinstance(one, type) and issubclass(one, ast.AST)
}
CHILDREN |= dict.fromkeys(LEAVES, ())
LAST_FIRST = {one: names[::-1] for one, names in CHILDREN.items()}
STATEMENTS = {
    one: tuple(
        name
        for name in ("body", "orelse", "finalbody", "handlers", "cases")
        if name in names and not issubclass(one, ast.expr)
    )
    for one, names in CHILDREN.items()
}
ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
# What holds statements, or is one: all the rest is expressions.
BLOCKS = (
    *(one for one in CHILDREN if issubclass(one, (ast.stmt, ast.excepthandler))),
    ast.match_case,
    ast.withitem,
)


def is_order(node: ast.Compare) -> bool:
    """Whether a comparison asks which side is larger."""
    return any(isinstance(one, ORDER) for one in node.ops)


def find_docstring(node: Function | ast.ClassDef) -> tuple[int, int]:
    """Give the first and last line of a docstring on lines of its own, else zeros."""
    first = node.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    last = first.end_lineno or first.lineno
    alone = all(one.lineno > last for one in node.body[1:2])
    if documented and alone and first.lineno > node.lineno:
        return first.lineno, last
    return (0, 0)


def statements(tree: ast.Module) -> Iterator[ast.stmt]:
    """Give every statement, however deep: no expression holds an import."""
    waiting: list[Any] = [tree]
    while waiting:
        node = waiting.pop()
        for name in STATEMENTS[node.__class__]:
            waiting += getattr(node, name)
        if isinstance(node, ast.stmt):
            yield node


def is_ordinary_method(node: ast.stmt) -> bool:
    """Whether a class can be read without it first: not so fields and the constructor."""
    return isinstance(
        node, (ast.FunctionDef, ast.AsyncFunctionDef)
    ) and node.name not in (
        "__init__",
        "__post_init__",
        "setup",
    )


def is_preamble(node: ast.stmt) -> bool:
    """Whether a statement of a module does nothing by itself."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    return isinstance(node, (ast.Import, ast.ImportFrom, ast.Pass))


def is_act(node: ast.stmt) -> bool:
    """Whether a statement of a module is a call, or a loop or block around others."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, (ast.Call, ast.Await))
    return isinstance(node, (ast.For, ast.While, ast.With))


def is_main_guard(test: ast.expr) -> bool:
    """Whether a condition is `__name__ == "__main__"`."""
    if not isinstance(test, ast.Compare):
        return False
    sides = [test.left, *test.comparators]
    names = {one.id for one in sides if isinstance(one, ast.Name)}
    texts = {one.value for one in sides if isinstance(one, ast.Constant)}
    return "__name__" in names and "__main__" in texts
