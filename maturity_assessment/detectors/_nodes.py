"""Ways through a syntax tree: the same as those of `ast`, at about half of their cost."""

import ast

# Fields that hold names, numbers or marks such as `Load`, which are shared by all trees.
PLAIN = frozenset(
    "arg asname attr conversion ctx id is_async kind kwd_attrs level module op ops rest"
    " simple type_comment".split()
)
NAMES_OF_BLOCKS = frozenset("body orelse handlers finalbody cases".split())
# Calls that end the program.
EXITS = ("sys.exit", "exit", "quit", "os._exit")
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


KINDS = [
    one
    for one in vars(ast).values()
    if isinstance(one, type) and issubclass(one, ast.AST)
]
EMPTY = (ast.Constant, ast.MatchSingleton)
# The fields of each kind that may hold nodes.
FIELDS = {
    kind: tuple(one for one in kind._fields if one not in PLAIN and kind not in EMPTY)
    for kind in KINDS
}

BLOCKS = {
    kind: tuple(one for one in kind._fields if one in NAMES_OF_BLOCKS) for kind in KINDS
}


def children(node: ast.AST) -> list[ast.AST]:
    """Give the nodes directly in a node in their order, marks such as `Load` left out."""
    found: list[ast.AST] = []
    for name in FIELDS[node.__class__]:
        value = getattr(node, name, None)
        if isinstance(value, ast.AST):
            found.append(value)
        elif isinstance(value, list):
            found += [one for one in value if isinstance(one, ast.AST)]
    return found


def walk(node: ast.AST) -> list[ast.AST]:
    """Give a node and all in it, level by level."""
    found = [node]
    for one in found:  # which grows while it is gone through
        if FIELDS[one.__class__]:
            found += children(one)
    return found


def statements(tree: ast.AST) -> list[ast.AST]:
    """Give a tree and the statements in it, with what holds some, level by level."""
    found = [tree]
    for one in found:  # which grows while it is gone through
        for name in BLOCKS[one.__class__]:
            found += getattr(one, name)
    return found


def own_nodes(scope: ast.AST) -> list[ast.AST]:
    """Give the nodes of a function, level by level, without those of scopes inside."""
    found = children(scope)
    for node in found:
        if FIELDS[node.__class__] and not isinstance(node, SCOPES):
            found += children(node)
    return found
