"""Every Python module and notebook of a repository, and what can be asked of them."""

import ast
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from .entries import console_scripts, entry_classes, entry_functions, named_in_config
from .graph import Graph, Node
from .parse import read_module
from .records import Call, Definition, Module
from .resolve import Resolver
from .trees import Trees
from .values import UNKNOWN, Called, Name

if TYPE_CHECKING:
    from ..repository import Repository

__all__ = ["UNKNOWN", "Call", "Called", "Definition", "Module", "Name", "Python"]


@cache
def compile_name(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of dotted names, in which a star stands for anything."""
    return re.compile(re.escape(pattern).replace(r"\*", ".*") + "$")


class Python:  # pylint: disable=too-many-instance-attributes
    """The Python of a repository. What is in vendored folders is not read.

    `modules` are by path; `calls(..)` finds calls by dotted name; `reached(..)` says from
    which kinds of entry point a function can be reached.
    """

    def __init__(self, repository: "Repository") -> None:
        self.repository = repository
        paths = repository.find("*.py", "*.ipynb", "*.pyw")
        self.modules: dict[str, Module] = {}
        self.trees = Trees(repository, self.modules)
        for path in paths:
            self.modules[path] = self._read(path)
        self.resolver = Resolver(repository, self.modules)
        self.graph = Graph(self.modules, self.resolver)
        self._complete_names()
        self._named = self._index_calls()
        self._by_last: dict[str, list[str]] = defaultdict(list)
        self._by_first: dict[str, list[str]] = defaultdict(list)
        for name in self._named:
            self._by_last[name.rpartition(".")[2]].append(name)
            self._by_first[name.partition(".")[0]].append(name)

    def _read(self, path: str) -> Module:
        """Read one file, and keep its syntax tree as long as there is room for trees."""
        module, tree = read_module(self.repository, path)
        if not (module.notebook or module.broken):
            self.trees.offer(path, tree)
        return module

    def _complete_names(self) -> None:
        """Follow names through the repository's own functions to what they return."""
        for module in self.modules.values():
            folder = module.path.rpartition("/")[0]
            for place, call in enumerate(module.calls):
                if "." in call.name:
                    name = self.resolver.canonical(call.name, folder)
                    if name != call.name:
                        module.calls[place] = replace(call, name=name)

    def _index_calls(self) -> dict[str, list[Call]]:
        """Group the calls by name: there are many times fewer names to try a pattern on."""
        found: dict[str, list[Call]] = defaultdict(list)
        for module in self.modules.values():
            for call in module.calls:
                found[call.name].append(call)
        return found

    # Questions

    def calls(self, *patterns: str, without: tuple[str, ...] = ()) -> list[Call]:
        """Give the calls whose dotted name fits a pattern, such as `mlflow.log_*` or `*.predict`.

        A star stands for anything, dots included. `without` names classes of files to leave
        out (`test`, `notebook`, `docs`, `example`).
        """
        fitting = {
            name: None
            for pattern in patterns
            for name in filter(compile_name(pattern).match, self._candidates(pattern))
        }
        unwanted = set(without)
        files = self.repository.files
        kept = [
            call
            for name in fitting
            for call in self._named[name]
            if not unwanted & files[call.path].classes
        ]
        return sorted(kept, key=lambda call: (call.path, call.line))

    def _candidates(self, pattern: str) -> Iterable[str]:
        """Narrow the names down by the end or the start of the pattern."""
        last = pattern.rpartition(".")[2]
        if "*" not in last:
            return self._by_last.get(last, [])
        first = pattern.partition(".")[0]
        if "*" not in first:
            return self._by_first.get(first, [])
        longest = max(pattern.split("*"), key=len)
        return [name for name in self._named if longest in name]

    def _modules(self, without: tuple[str, ...]) -> Iterator[Module]:
        """Give the modules whose files are of none of these classes."""
        files, unwanted = self.repository.files, set(without)
        for path, module in self.modules.items():
            if not unwanted & files[path].classes:
                yield module

    def calls_with(
        self, keywords: Collection[str], without: tuple[str, ...] = ()
    ) -> list[Call]:
        """Give the calls to which something is passed under one of these names."""
        wanted = frozenset(keywords)
        found = [
            call
            for module in self._modules(without)
            for call in module.calls
            if call.keywords and not wanted.isdisjoint(call.keywords)
        ]
        return sorted(found, key=lambda call: (call.path, call.line))

    def imports(self, *patterns: str) -> Iterator[tuple[Module, str, int]]:
        """Give the imports that fit a pattern: module, dotted name, line."""
        compiled = [compile_name(pattern) for pattern in patterns]
        for module in self.modules.values():
            for dotted, line in module.imports.items():
                if any(one.match(dotted) for one in compiled):
                    yield module, dotted, line

    def definitions(
        self, *patterns: str, kind: str = "", without: tuple[str, ...] = ()
    ) -> list[Definition]:
        """Give the functions and classes whose qualified name fits a pattern."""
        compiled = [compile_name(pattern) for pattern in patterns]
        return [
            one
            for module in self._modules(without)
            for one in module.definitions.values()
            if kind in ("", one.kind)
            and (not compiled or any(c.match(one.name) for c in compiled))
        ]

    def tree(self, path: str) -> ast.Module:
        """Give the syntax tree of a .py file, an empty one where it is broken or a notebook."""
        return self.trees.whole(path)

    def value(self, call: Call, value: Any, hops: int = 4) -> Any:
        """Give what a value of a call comes to, variables of its function and module followed."""
        module = self.modules[call.path]
        while isinstance(value, Name) and hops:
            name = value.variable or value.dotted.removeprefix(f"{module.name}.")
            found = module.value(call.function, name)
            if found is UNKNOWN:
                return self._elsewhere(value, module)
            value, hops = found, hops - 1
        return value

    def _elsewhere(self, value: Name, module: Module) -> Any:
        """Give what a constant of another module of the repository was assigned."""
        path, inside = self.resolver.split(value.dotted, module.path.rpartition("/")[0])
        other = self.modules.get(path)
        found = other.value("", inside) if other is not None else UNKNOWN
        return value if found is UNKNOWN else found

    def line(self, path: str, line: int) -> int:
        """Give the line of the file: of a notebook's code it is another one than the code's."""
        module = self.modules.get(path)
        if module is None or not module.notebook:
            return line
        return module.lines[line - 1] if 0 < line <= len(module.lines) else 0

    # Reachability

    @cached_property
    def console_scripts(self) -> dict[str, str]:
        """The commands that installing the project brings: name -> `module:function`."""
        return console_scripts(self.repository)

    @cached_property
    def _starts(self) -> dict[str, set[Node]]:
        """Where runs may start, by kind of entry."""
        starts: dict[str, set[Node]] = defaultdict(set)
        for path, module in self.modules.items():
            classes = self.repository.files[path].classes
            for kind in entry_classes(module, classes):
                starts[kind].add((path, ""))
                names = (
                    module.definitions if kind == "test" else entry_functions(module)
                )
                starts[kind] |= {(path, name) for name in names}
        for target in self.console_scripts.values():
            starts["console"] |= self.named(target.replace(":", "."))
        for dotted in named_in_config(self.repository):
            starts["config"] |= self.named(dotted)
        for script, function in self.repository.commands.scripts():
            starts["command"] |= {(script, ""), (script, function)}
        run = {path for path, _ in starts["command"]}
        starts["script"] |= {
            (path, "") for path in self._bare_scripts() if path not in run
        }
        return starts

    def _bare_scripts(self) -> Iterator[str]:
        """Give the modules that do something when they are run, and that nothing imports."""
        imported: set[str] = set()
        for path, module in self.modules.items():
            folder = path.rpartition("/")[0]
            imported |= {
                self.resolver.split(name, folder)[0] for name in module.imports
            }
        for path, module in self.modules.items():
            aside = module.notebook or "test" in self.repository.files[path].classes
            if (
                module.acts
                and not aside
                and path not in imported
                and "__init__" not in path
            ):
                yield path

    def named(self, dotted: str) -> set[Node]:
        """Give the module or function that a dotted name means from the root."""
        path, inside = self.resolver.split(dotted, self.repository.subdir)
        if not path or path.endswith("/"):
            return set()
        definition = self.resolver.definition(dotted, self.repository.subdir)
        found: set[Node] = {(path, "")}
        return found | (
            {(definition.path, definition.name)} if inside and definition else set()
        )

    @cached_property
    def _reached(self) -> dict[Node, frozenset[str]]:
        kinds: dict[Node, set[str]] = defaultdict(set)
        for kind, starts in self._starts.items():
            for node in self.graph.reach(starts):
                kinds[node].add(kind)
        # There are few different sets of kinds: one of each is kept.
        known = {one: one for one in map(frozenset, kinds.values())}
        return {node: known[frozenset(found)] for node, found in kinds.items()}

    def reached(self, path: str, function: str = "") -> frozenset[str]:
        """Give the kinds of entry from which a function, or a module's body, is reached.

        Kinds: `script` (a main guard), `console`, `command` (a command in CI, a Makefile, a
        pipeline or an image runs it), `service`, `dag`, `config`, `test`, `notebook`.
        """
        return self._reached.get((path, function), frozenset())

    def operational(self, path: str, function: str = "") -> bool:
        """Whether something other than a test or a notebook reaches a function."""
        return bool(self.reached(path, function) - {"test", "notebook"})
