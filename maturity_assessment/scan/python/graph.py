"""What a run that starts somewhere can reach: over calls, references and imports."""

from collections import defaultdict, deque
from collections.abc import Iterable

from .entries import is_registered
from .records import Definition, Module
from .resolve import Resolver

Node = tuple[str, str]  # path of the file, qualified name; empty for the module's body

NOWHERE: set[Node] = set()


class Graph:
    """The functions of a repository, and which of them a run may go through.

    A function counts as reached once something that is reached refers to it, not only
    where it calls it; with a class all of its methods are. That errs on the side of
    reaching too much, which is what evidence may do and a claim that code is dead may not.
    """

    def __init__(self, modules: dict[str, Module], resolver: Resolver) -> None:
        self.modules = modules
        self.resolver = resolver
        self._next: dict[Node, set[Node]] = {}
        self._inner: dict[str, dict[str, set[Node]]] = {}
        self._meant: dict[str, dict[str, set[Node]]] = {}  # by file, then by name

    def reach(self, starts: Iterable[Node]) -> set[Node]:
        """Give every function that runs starting at these may go through."""
        seen = set(starts)
        waiting = deque(seen)
        while waiting:
            for node in self.following(waiting.popleft()):
                if node not in seen:
                    seen.add(node)
                    waiting.append(node)
        return seen

    def following(self, node: Node) -> set[Node]:
        """Give what one function or module refers to."""
        if node not in self._next:
            module = self.modules.get(node[0])
            self._next[node] = self._follow(module, node[1]) if module else set()
        return self._next[node]

    def _follow(self, module: Module, function: str) -> set[Node]:
        found: set[Node] = {(module.path, "")}
        folder = module.path.rpartition("/")[0]
        if not function:
            found |= self._imported(module, folder)
            found |= {
                (module.path, name)
                for name, one in module.definitions.items()
                if is_registered(one)
            }
        definition = module.definitions.get(function)
        if definition is not None:
            found |= self._nested(module, definition)
        meant = self._meant.setdefault(module.path, {})
        for dotted in module.references.get(function, ()):
            if dotted not in meant:
                meant[dotted] = self._named(dotted, module, folder)
            found |= meant[dotted]
        return found

    def _nested(self, module: Module, definition: Definition) -> set[Node]:
        """Give what is defined inside: methods of a class, functions in a function."""
        if module.path not in self._inner:
            inner: dict[str, set[Node]] = defaultdict(set)
            self._inner[module.path] = inner
            for name in module.definitions:
                outer = name.rpartition(".")[0]
                while outer:
                    inner[outer].add((module.path, name))
                    outer = outer.rpartition(".")[0]
        return self._inner[module.path].get(definition.name, set())

    def _imported(self, module: Module, folder: str) -> set[Node]:
        found: set[Node] = set()
        for dotted in module.imports:
            path, _ = self.resolver.split(dotted, folder)
            if path and not path.endswith("/"):
                found.add((path, ""))
        return found

    def _named(self, dotted: str, module: Module, folder: str) -> set[Node]:
        """Give the definitions that a reference means."""
        if not dotted or "." not in dotted and dotted not in module.definitions:
            return NOWHERE
        definition = module.definitions.get(dotted.removeprefix(f"{module.name}."))
        definition = definition or self.resolver.definition(dotted, folder)
        if definition is None:
            return NOWHERE
        found: set[Node] = {(definition.path, definition.name), (definition.path, "")}
        owner = definition.name.rpartition(".")[0]
        if owner:
            found.add((definition.path, owner))
        if definition.kind == "class":
            found |= self._bases(definition)
        return found

    def _bases(self, definition: Definition) -> set[Node]:
        folder = definition.path.rpartition("/")[0]
        found: set[Node] = set()
        for base in definition.bases:
            one = self.resolver.definition(base, folder)
            if one is not None:
                found.add((one.path, one.name))
        return found


def by_module(nodes: Iterable[Node]) -> dict[str, set[str]]:
    """Group functions by the file that they are in."""
    found: dict[str, set[str]] = defaultdict(set)
    for path, name in nodes:
        found[path].add(name)
    return found
