"""An inventory of all models, and where each comes from.

A command that lists what the registry holds, or a file with an entry for each model and its
version. Asking the registry for one model is none.
"""

import re
from collections.abc import Iterator
from typing import Any

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._entries import named
from ._findings import conclude, weaken

ADVICE = "List every registered version with its data, code, metrics and since when it answers."
PRONE = "Medium: a registry that is looked at in a browser only is not seen."

LISTS = re.compile(
    r"(search_registered_models|search_model_versions|list_registered_models|list_model_packages"
    r"|list_model_package_groups|\.Model\.list|\.models\.list|list_models|model_registry\.list)$"
)
WORDS = r"inventory|catalog(ue)?|lineage|list_models|models|registry_report"
VERSIONS = {
    "version",
    "revision",
    "uri",
    "sha256",
    "hash",
    "commit",
    "checkpoint",
    "repo_id",
}


def detect(repository: Repository) -> Finding:
    """Look at commands that list a registry, and at files that list models."""
    return conclude(
        "model_inventory",
        [*commands(repository), *files(repository)],
        present="All models are listed with where they come from.",
        absent="Nothing lists all models.",
    )


def commands(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of entries of such a name that ask a registry for its models."""
    for one in named(repository, WORDS):
        if any(LISTS.search(call.name) for call in one.calls(repository)):
            yield repository.cite(
                one.path, one.line, "ast", weaken(repository, one.path, Strength.STRONG)
            )


def files(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of files that name several models with a version each."""
    for path in repository.find(
        "models.toml",
        "models.y*ml",
        "model[_-]registry.*",
        "model[_-]inventory.*",
        "model[_-]catalog.*",
        without=("test", "docs"),
    ):
        content: Any = None
        if path.endswith(".toml"):
            content = repository.toml(path)
        elif path.endswith((".json", ".yaml", ".yml")):
            content = plain(repository.yaml(path))
        if count(content) > 1:
            yield repository.cite(
                path, 1, "config", weaken(repository, path, Strength.MEDIUM)
            )


def plain(value: Any, depth: int = 6) -> Any:
    """Give the keys and texts of YAML as plain values."""
    if value.is_map and depth:
        return {key: plain(one, depth - 1) for key, one in value.items()}
    return (
        [plain(one, depth - 1) for one in value.each()]
        if value.is_list and depth
        else value.text
    )


def count(content: Any, depth: int = 6) -> int:
    """Count the entries that name a version."""
    if isinstance(content, dict):
        own = (
            bool(VERSIONS & {str(key).lower() for key in content}) and len(content) > 1
        )
        return own + sum(count(one, depth - 1) for one in content.values() if depth)
    return (
        sum(count(one, depth - 1) for one in content)
        if isinstance(content, list) and depth
        else 0
    )
