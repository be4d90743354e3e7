"""Note the versions of what a stage is made of, so that DVC sees when one of them changes.

dvc.yaml cannot name the table's source, which is in the settings, nor the modules that a
stage imports, which change with the project. They are noted in data/versions.json.
"""

import ast
import hashlib
from importlib import metadata
from pathlib import Path
from typing import Any

from .files import read_json, read_yaml, write_json
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
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
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


def _list_imports(module: str) -> set[str]:
    """Read the relative imports of one module, those inside of functions too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse((HERE / f"{module}.py").read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            names |= (
                {node.module} if node.module else {item.name for item in node.names}
            )
    return {name for name in names if (HERE / f"{name}.py").is_file()}


def hash_modules(command: str) -> str:
    """Give the SHA-256 of all code that a command runs."""
    seen = hashlib.sha256()
    for name in list_modules(command):
        seen.update(hashlib.sha256((HERE / f"{name}.py").read_bytes()).digest())
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
        "packages": hashlib.sha256(lock.read_bytes()).hexdigest() if lock else "",
        "source": describe_source(read_table().source),
    }


def note() -> None:
    """Write the versions down when they have changed."""
    found = read_versions()
    if not VERSIONS.is_file() or read_json(VERSIONS, "run `make pipeline`") != found:
        write_json(VERSIONS, found)
