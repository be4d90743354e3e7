"""The functions that compare metrics and answer, and the conditions that ask them."""

import ast

from maturity_assessment.scan.once import once
from maturity_assessment.scan.python import Module
from maturity_assessment.scan.repository import Repository

from .._nodes import walk
from .._places import source_modules
from .comparisons import LENGTH, Assigned, Body, find_comparing, measure
from .words import LOOP, PLACE, PLAIN, with_rival

HOPS = 2  # variables that lie between a condition and its comparison


@once
def find_judges(repository: Repository) -> dict[str, bool]:
    """Give the functions that compare metrics and answer: `path:name` -> whether with a rival."""
    found: dict[str, bool] = {}
    for module in source_modules(repository):
        for body in find_comparing(repository, module.path):
            if is_judge(module, body):
                rival = any(map(with_rival, body.compared))
                found[f"{module.path}:{body.name}"] = rival
    return found


def is_judge(module: Module, body: Body) -> bool:
    """Whether a function's answer hangs on its comparisons."""
    if not body.name or LOOP.search(body.name):
        return False
    returns = (one for one in body.nodes if isinstance(one, ast.Return))
    if not any(one.value is not None for one in returns):
        return False
    place = f"{module.path} {body.name}"
    return bool(PLACE.search(place) or PLAIN.search(" ".join(body.compared)))


def names_of(repository: Repository, judges: dict[str, bool]) -> set[str]:
    """Give the names that functions go by, those that imports give them included."""
    names = {key.partition(":")[2].rpartition(".")[2] for key in judges}
    renamed = {
        (alias, target.rpartition(".")[2])
        for module in repository.python.modules.values()
        for alias, target in module.aliases.items()
        if alias != target.rpartition(".")[2]
    }
    while more := {alias for alias, last in renamed if last in names} - names:
        names |= more
    return names


class Court:  # pylint: disable=too-few-public-methods
    """What the judges of a project say, asked from one of its modules."""

    def __init__(
        self, repository: Repository, module: Module, judges: dict[str, bool]
    ) -> None:
        self.resolver = repository.python.resolver
        self.module = module
        self.judges = judges
        self.folder = module.path.rpartition("/")[0]

    def judged(self, test: ast.expr, assigned: Assigned, hops: int = HOPS) -> str:
        """Give the text of the comparison that a condition comes to, nothing where it is none."""
        nodes = walk(test)
        for node in nodes:
            found = self._said(node, assigned)
            if found:
                return found
        for node in nodes:
            if isinstance(node, (ast.Name, ast.Attribute)) and hops:
                name = ast.unparse(node)
                inner = value_of(assigned, name)
                found = self.judged(inner, assigned, hops - 1) if inner else ""
                if found:
                    return f"{name} {found}"
        return ""

    def _said(self, node: ast.AST, assigned: Assigned) -> str:
        """Give the text of one comparison, or of one call of a judge."""
        if isinstance(node, ast.Compare):
            return measure(node, assigned)
        if not isinstance(node, ast.Call):
            return ""
        rival = self._ask(ast.unparse(node.func))
        if rival is None:
            return ""
        return f"{ast.unparse(node)} {'champion' if rival else 'metric'}"

    def _ask(self, dotted: str) -> bool | None:
        """Say whether a called function judges with a rival; None where it judges nothing."""
        first, _, rest = dotted.partition(".")
        name = self.module.aliases.get(first, first)
        name = f"{name}.{rest}" if rest else name
        own = self.module.definitions.get(dotted.removeprefix("self."))
        if own is None and first == "self":
            methods = self.module.definitions.items()
            own = next((d for n, d in methods if n.endswith(f".{rest}")), None)
        target = own or self.resolver.definition(name, self.folder)
        return self.judges.get(f"{target.path}:{target.name}") if target else None


def value_of(assigned: Assigned, name: str) -> ast.expr | None:
    """Give what a variable is assigned, nothing where that is long."""
    value = assigned.get(name)
    return value if value and len(ast.unparse(value)) <= LENGTH else None
