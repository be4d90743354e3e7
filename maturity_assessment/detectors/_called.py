"""Which functions a run calls, of all that it may go through.

The graph reaches every method of a class that a run refers to, and what a module does when it
is the program. To say that a workflow trains, that must also be asked for by name somewhere on
the way: a service that only loads a `Model` trains nothing, though `Model.train` is there.
"""

import ast
from collections.abc import Iterable

from maturity_assessment.scan.python import Definition
from maturity_assessment.scan.python.syntax import is_main_guard
from maturity_assessment.scan.repository import Repository

from ._nodes import walk

Node = tuple[str, str]
# Who asks for a function by a name that is no reference, or for all of a class.
DYNAMIC = frozenset(
    "getattr Fire methodcaller globals locals import_module instantiate".split()
)
PLAIN_BASES = ("object", "abc.ABC", "ABC")
PLAIN_DECORATORS = ("staticmethod", "classmethod", "property")


def called(
    repository: Repository, starts: Iterable[Node], reached: set[Node]
) -> set[Node]:
    """Give what is reached, without the plain functions that nothing on the way asks for."""
    begun = set(starts)
    plain = {one for one in reached - begun if is_plain(repository, one)}
    live, fresh = reached - plain, reached - plain
    names: set[str] = set()
    while fresh:
        for node in fresh:
            names |= names_in(repository, node, node in begun)
        if names & DYNAMIC:
            return reached
        fresh = {one for one in plain if one[1].rpartition(".")[2] in names} - live
        live |= fresh
    return live


def is_plain(repository: Repository, node: Node) -> bool:
    """Whether only the project itself would call a function: no framework, and no protocol."""
    path, name = node
    module = repository.python.modules.get(path)
    one = module.definitions.get(name) if module else None
    if module is None or one is None or one.kind != "function":
        return False
    owner = module.definitions.get(name.rpartition(".")[0])
    return is_undecorated(one) and not one.short.startswith("__") and is_own(owner)


def is_undecorated(one: Definition) -> bool:
    """Whether nothing registers a function somewhere."""
    return all(decorator in PLAIN_DECORATORS for decorator in one.decorators)


def is_own(owner: Definition | None) -> bool:
    """Whether no class of a library is behind the one in which a function is defined."""
    return owner is None or all(base in PLAIN_BASES for base in owner.bases)


def names_in(repository: Repository, node: Node, is_program: bool) -> set[str]:
    """Give the last parts of what a function, or a module's body, refers to."""
    path, function = node
    module = repository.python.modules.get(path)
    used = module.references.get(function, ()) if module else ()
    names = {one.rpartition(".")[2] for one in used}
    if function or is_program:
        return names
    return names - repository.keep("guarded", path, read_guarded)


def read_guarded(repository: Repository, path: str) -> set[str]:
    """Give the names that a module's body uses only where the module is the program."""
    guarded: set[str] = set()
    other: set[str] = set()
    for statement in repository.python.tree(path).body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        is_guard = isinstance(statement, ast.If) and is_main_guard(statement.test)
        names = names_of(statement)
        guarded, other = (
            (guarded | names, other) if is_guard else (guarded, other | names)
        )
    return guarded - other


def names_of(node: ast.AST) -> set[str]:
    """Give the names and attributes in a node."""
    found = {one.id for one in walk(node) if isinstance(one, ast.Name)}
    return found | {one.attr for one in walk(node) if isinstance(one, ast.Attribute)}
