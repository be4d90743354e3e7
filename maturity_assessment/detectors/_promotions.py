"""Workflows that bring a model into service by moving the alias that the service reads.

Where a service asks a registry for the version behind an alias or a stage, whoever moves that
alias releases the model: nothing else has to be deployed.
"""

import re
from collections.abc import Iterator

from maturity_assessment.scan.commands import Leaf
from maturity_assessment.scan.repository import Repository

from ._called import Node, called
from ._models import reach
from ._services import find_handlers
from ._training import reach_of, starts_of

MOVES = (
    "*.set_registered_model_alias",
    "*.transition_model_version_stage",
)
READS = re.compile(
    r"get_model_version_by_alias\(|models:/[^\"'\s]*@"
    r"|models:/[^\"'\s]*/(Production|Staging|latest)\b"
)


def find_promotions(repository: Repository) -> Iterator[Leaf]:
    """Give the commands of workflows that move an alias, if a service reads its model by one."""
    calls = repository.python.calls(*MOVES, without=("test", "docs", "notebook"))
    moves = {(call.path, call.function) for call in calls}
    if not moves or not reads_by_alias(repository):
        return
    for leaf in repository.commands.ci:
        starts = starts_of(repository, leaf)
        reached = reach_of(repository, starts)
        if reached & moves and moves & called(repository, starts, reached):
            yield leaf


def reads_by_alias(repository: Repository) -> bool:
    """Whether what answers requests gets its model by an alias or a stage."""
    modules = repository.python.modules
    paths = {handler.path for handler in find_handlers(repository)}
    starts = {(path, name) for path in paths for name in modules[path].definitions}
    return any(
        READS.search(text_of(repository, node)) for node in reach(repository, starts)
    )


def text_of(repository: Repository, node: Node) -> str:
    """Give the lines of a function."""
    path, name = node
    module = repository.python.modules.get(path)
    one = module.definitions.get(name) if module else None
    if one is None or one.kind != "function":
        return ""
    return repository.passage(path, one.line, one.end)
