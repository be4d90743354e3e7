"""Modules that a package imports by the name it is given, as `python -m package train` does."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..python.records import Call
from .shell import join

if TYPE_CHECKING:
    from ..repository import Repository

BY_NAME = ("importlib.import_module", "runpy.run_module", "__import__")


def imports_by_name(call: Call) -> bool:
    """Whether a call imports a module whose name is known only when it runs."""
    given = call.argument(0, "name")
    known = isinstance(given, str) and "{}" not in given
    named = call.name in BY_NAME or call.name.endswith(".import_module")
    return named and not known


def find_dispatched(
    repository: "Repository", script: str, words: Iterable[str]
) -> list[str]:
    """Give the files beside a script that imports by name which words of its command name."""
    modules = repository.python.modules
    found = modules.get(script)
    if found is None or not any(map(imports_by_name, found.calls)):
        return []
    folder = script.rpartition("/")[0]
    inner = [join(folder, one.replace("-", "_").replace(".", "/")) for one in words]
    paths = [f"{one}{end}" for one in inner for end in (".py", "/__init__.py")]
    return [path for path in paths if path in modules and path != script]
