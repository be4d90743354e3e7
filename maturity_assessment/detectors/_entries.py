"""What a person or a program can start by name: tasks, commands, scripts, and their functions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from maturity_assessment.scan.commands import Leaf
from maturity_assessment.scan.once import once
from maturity_assessment.scan.python import Call, Module
from maturity_assessment.scan.repository import Repository

from ._models import Node, reach, reached_calls


@dataclass(frozen=True)
class Entry:
    """One thing to start: its command where there is one, and where its code begins."""

    path: str
    function: str
    line: int
    words: str  # the file, the function and the words of the command
    leaf: Leaf | None = None

    def nodes(self, repository: Repository) -> set[Node]:
        """Give every function that it may go through."""
        return reach(
            repository, [(self.path, self.function or "main"), (self.path, "")]
        )

    def calls(self, repository: Repository) -> list[Call]:
        """Give every call that it may come to, those of the script's body included."""
        starts = [(self.path, self.function or "main"), (self.path, "")]
        return reached_calls(repository, starts)


@once
def find_entries(repository: Repository) -> tuple[Entry, ...]:
    """Give everything to start: what commands run, scripts, and functions that are registered."""
    return tuple(
        [*by_command(repository), *by_script(repository), *by_decorator(repository)]
    )


def by_command(repository: Repository) -> Iterator[Entry]:
    """Give the Python that commands run."""
    for leaf in repository.commands.all:
        if leaf.script and "test" not in repository.files[leaf.script].classes:
            module = repository.python.modules.get(leaf.script)
            one = module.definitions.get(leaf.function or "main") if module else None
            # What takes its commands by name says nothing of one that is not there.
            given = "" if dispatches(module) else " ".join(leaf.args)
            words = f"{leaf.script} {leaf.function} {given}"
            yield Entry(leaf.script, leaf.function, one.line if one else 1, words, leaf)


def dispatches(module: Module | None) -> bool:
    """Whether a module imports what it runs by a name that it is given."""
    calls = module.calls if module is not None else []
    return any(call.name == "importlib.import_module" for call in calls)


def by_script(repository: Repository) -> Iterator[Entry]:
    """Give the scripts that guard their main part."""
    for path, module in repository.python.modules.items():
        if module.has_main and not repository.files[path].classes & {"test", "docs"}:
            one = module.definitions.get("main")
            yield Entry(path, "main" if one else "", one.line if one else 1, path)


def by_decorator(repository: Repository) -> Iterator[Entry]:
    """Give the functions that a decorator makes a command, a flow, a task or a route."""
    for one in repository.python.definitions(kind="function"):
        last = {name.rpartition(".")[2] for name in one.decorators}
        if last & {
            "command",
            "flow",
            "task",
            "dag",
            "asset",
            "step",
            "get",
            "post",
            "pipeline",
        }:
            if "test" not in repository.files[one.path].classes:
                yield Entry(one.path, one.name, one.line, f"{one.path} {one.short}")


def named(repository: Repository, pattern: str) -> list[Entry]:
    """Give what can be started under a word, each function once."""
    wanted = re.compile(rf"(^|[\W_])({pattern})([\W_]|$)", re.I)
    found: dict[tuple[str, str], Entry] = {}
    for one in find_entries(repository):
        if wanted.search(one.words):
            found.setdefault((one.path, one.function), one)
    return list(found.values())
