"""Where predictions go inside a function: what holds them, and what writes them down."""

from collections.abc import Callable, Iterator

from maturity_assessment.scan.once import once
from maturity_assessment.scan.python import Module
from maturity_assessment.scan.repository import Repository

from .._nodes import SCOPES
from .reader import Flow, Reader
from .words import GIVES, TRAINS, may_ask

__all__ = ["TRAINS", "Flow", "find_flows"]

Key = tuple[str, str]  # path of the file, qualified name of the function


@once
def find_flows(repository: Repository) -> dict[Key, Flow]:
    """Follow predictions through the functions that ask a model, or one that gives some."""
    every = repository.python.modules.values()
    modules = [module for module in every if is_read(repository, module)]
    found: dict[Key, Flow] = {}
    for module in modules:
        found.update(read_flows(repository, module, may_ask))
    given = {name.rpartition(".")[2] for (_, name), flow in found.items() if flow.gives}
    givers = frozenset(one for one in given if GIVES.search(one))
    for module in modules if givers else []:
        found.update(read_flows(repository, module, givers.__contains__, givers))
    return {key: found[key] for one in modules for key in keys(one) if key in found}


def keys(module: Module) -> Iterator[Key]:
    """Give the body of a module and its functions, in their order."""
    yield module.path, ""
    yield from ((module.path, one.name) for one in module.functions)


def is_read(repository: Repository, module: Module) -> bool:
    """Whether predictions are followed through a file: neither a test nor a notebook."""
    aside = module.notebook or "test" in repository.files[module.path].classes
    return not (aside or module.broken)


def read_flows(
    repository: Repository,
    module: Module,
    asks: Callable[[str], bool],
    givers: frozenset[str] = frozenset(),
) -> Iterator[tuple[Key, Flow]]:
    """Follow predictions through the functions with a call whose name `asks`."""
    trees = repository.python.trees
    names = asking(module, asks)
    if "" in names:
        body = trees.whole(module.path).body
        top = [one for one in body if not isinstance(one, SCOPES)]
        yield (module.path, ""), Reader(givers).read(top)
    for one in module.functions:
        if one.name in names:
            flow = Reader(givers).read(trees.function(one).body)
            yield (module.path, one.name), flow


def asking(module: Module, asks: Callable[[str], bool]) -> set[str]:
    """Give the functions in which such a call stands, those around it too."""
    found: set[str] = set()
    for name in {call.function for call in module.calls if asks(call.word)}:
        found.add(name)
        while name := name.rpartition(".")[0]:
            found.add(name)
    return found
