"""Note the versions of what a stage is made of, so that DVC sees when one of them changes.

dvc.yaml cannot name the table's source, which is in the settings, nor the modules that a
stage imports, which change with the project. They are noted in data/versions.json.
"""

import ast
import hashlib
from importlib import metadata
from pathlib import Path
from typing import Any

from .files import hash_file, read_json, read_yaml, write_json
from .refusal import Refusal
from .table import read_table

VERSIONS = Path("data/versions.json")
PIPELINE = Path("dvc.yaml")
HERE = Path(__file__).parent
# Modules that only speak to people: a new wording makes no new model.
TALK = {"__init__", "__main__", "progress", "refusal"}


def describe_source(source: str) -> str:
    """Give the version of what the table is read from: a file's SHA-256, or a package's."""
    path = Path(source)
    if path.is_file():
        return hash_file(path)
    try:
        return f"{source} {metadata.version(source)}"
    except (metadata.PackageNotFoundError, ValueError) as error:
        raise Refusal(
            f"`source` in conf/table.yaml is {source!r}, which is neither a file nor an "
            "installed package."
        ) from error


def list_modules(command: str) -> list[str]:
    """Name the modules of this package that a command imports, directly or not."""
    seen, waiting = {command}, [command]
    while waiting:
        new = _list_imports(waiting.pop()) - seen
        seen |= new
        waiting += new
    return sorted(seen - TALK)


def _find_file(module: str) -> Path | None:
    """Give the file of a module, or of a package, named from this package on."""
    place = HERE.joinpath(*module.split("."))
    files = (place.with_name(f"{place.name}.py"), place / "__init__.py")
    return next((file for file in files if module and file.is_file()), None)


def _list_imports(module: str) -> set[str]:
    """Read the imports that one module makes from this package, inside of functions too."""
    file = _find_file(module)
    if file is None:
        return set()
    parts = module.split(".")
    inside = parts if file.name == "__init__.py" else parts[:-1]
    names = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names |= _name_targets(node, inside)
    return {name for name in names if _find_file(name)}


def _name_targets(node: ast.ImportFrom, inside: list[str]) -> set[str]:
    """Name all that `from ... import ...` may mean: modules, and what lies in them."""
    path = node.module.split(".") if node.module else []
    if node.level:
        path = inside[: len(inside) - node.level + 1] + path
    elif path and path[0] == __package__:
        path = path[1:]
    else:
        return set()
    ends = [".".join(path[:end]) for end in range(1, len(path) + 1)]
    return {*ends, *(".".join([*path, item.name]) for item in node.names)}


def hash_modules(command: str) -> str:
    """Give the SHA-256 of all code that a command runs."""
    seen = hashlib.sha256()
    for name in list_modules(command):
        file = _find_file(name)
        if file:
            seen.update(bytes.fromhex(hash_file(file)))
    return seen.hexdigest()


def find_lock(folder: Path = Path()) -> Path | None:
    """Give the lock that `make setup` installs: the one of the highest level."""
    return max((folder / "requirements").glob("*.txt"), default=None)


def read_versions() -> dict[str, Any]:
    """Give the version of the source, of the packages and of each stage's code."""
    commands = [
        stage["cmd"].split()[3] for stage in read_yaml(PIPELINE)["stages"].values()
    ]
    lock = find_lock()
    return {
        "code": {command: hash_modules(command) for command in commands},
        "packages": hash_file(lock) if lock else "",
        "source": describe_source(read_table().source),
    }


def note() -> None:
    """Write the versions down when they have changed."""
    found = read_versions()
    if not VERSIONS.is_file() or read_json(VERSIONS, "run `make pipeline`") != found:
        write_json(VERSIONS, found)
