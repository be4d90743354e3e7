"""Modules that cannot be imported: they take something from their own package that is not there."""

import re

from maturity_assessment.scan.once import once
from maturity_assessment.scan.repository import Repository

# Written when the package is built, so that the tree has none of them.
MADE_LATER = (
    "_version",
    "version",
    "__version__",
    "_pb2",
    "_pb2_grpc",
    "_build",
    "_ext",
    "_C",
)


@once
def lacks(repository: Repository, path: str) -> str:
    """Give the reason why a module cannot be imported, empty where nothing speaks against it."""
    module = repository.python.modules.get(path)
    package = module.name.rpartition(".")[0] if module is not None else ""
    top = ".".join(package.split(".")[:2])
    if module is None or not package or module.notebook:
        return ""
    for dotted in module.imports:
        if dotted.startswith(f"{top}.") and not is_there(repository, dotted, path):
            if not dotted.endswith(MADE_LATER):
                return f"it imports `{dotted.removeprefix('src.')}`, which is not in the tree"
    return ""


def is_there(repository: Repository, dotted: str, path: str) -> bool:
    """Whether the tree has what a dotted name means, as a module or inside of one."""
    found, inside = repository.python.resolver.split(dotted, path.rpartition("/")[0])
    if not found:
        return False
    if not inside or not found.endswith(("/", "__init__.py")):
        return True
    other = repository.python.modules.get(found)
    if other is None:  # a folder without __init__.py
        return False
    star = any(name.startswith("*") for name in other.aliases)
    # A name may come into a package in many ways: it has to be written there.
    named = re.search(rf"\b{re.escape(inside.split('.')[0])}\b", repository.read(found))
    return bool(star or named or "__getattr__" in other.definitions)
