"""One repository, or one folder of it: its files, and every reader of them."""

from collections.abc import Callable, Hashable
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from . import limits
from .budget import Budget
from .ci import CI
from .commands import Commands
from .config import tables
from .config.docker import Instruction, read_dockerfile
from .config.hooks import Hook, read_hooks
from .config.kubernetes import Manifest, read_manifests
from .config.requirements import Requirement, read_requirements
from .config.terraform import Block, read_terraform
from .config.yamls import EMPTY, Value, read_bounded
from .files import Files
from .python import Python
from .tree.git import read_commit
from .tree.text import fill, is_templated

Kept = TypeVar("Kept")


class Repository(Files):  # pylint: disable=too-many-public-methods
    """The files under `root`, only those in `subdir` where one is named, and their readers.

    Whatever cannot be read becomes a note; no method raises on content. What is read once
    is kept. `notes` says what was not read.
    """

    def __init__(self, root: Path, subdir: str = "") -> None:
        super().__init__(root, subdir)
        self.steps = Budget(limits.STEPS, "steps of workflows", self.notes)
        self.runs = Budget(limits.COMMANDS, "commands", self.notes)
        self._read: dict[tuple[str, str], Any] = {}
        self.answers: dict[Hashable, Any] = {}  # of `once`

    # Readers of one file

    def _parse(
        self, kind: str, path: str, parser: Callable[[str], Any], empty: Any
    ) -> Any:
        """Parse a file once; what is templated is tried again filled in."""
        key = (kind, path)
        if key not in self._read:
            self._read[key] = self._try(path, parser, empty)
        return self._read[key]

    def _try(self, path: str, parser: Callable[[str], Any], empty: Any) -> Any:
        text = self.read(path)
        if not text.strip():
            return empty
        try:
            return parser(text)
        except Exception as error:  # pylint: disable=broad-exception-caught
            # Parsers of other people raise what they like; a scan ends in none of them.
            if is_templated(text):
                try:
                    return parser(fill(text))
                except Exception:  # pylint: disable=broad-exception-caught
                    pass
            self.notes.add(path, f"not understood: {describe(error)}")
            return empty

    def yaml(self, path: str) -> Value:
        """Give the first document of a YAML file; an empty value where there is none."""
        found = self.yaml_documents(path)
        return found[0] if found else EMPTY

    def yaml_documents(self, path: str) -> list[Value]:
        """Give every document of a YAML file."""
        self.read(path, limits.YAML_BYTES)
        found: list[Value] = self._parse("yaml", path, read_bounded, [])
        return found

    def toml(self, path: str) -> tables.Table:
        """Give a TOML file as a table."""
        found: tables.Table = self._parse("toml", path, tables.read_toml, {})
        return found

    def ini(self, path: str) -> tables.Table:
        """Give an INI file as sections of texts."""
        found: tables.Table = self._parse("ini", path, tables.read_ini, {})
        return found

    def parse_ini(self, text: str, path: str) -> tables.Table:
        """Give INI that stands inside another file."""
        try:
            return tables.read_ini(text)
        except ValueError as error:
            self.notes.add(path, f"not understood: {describe(error)}")
            return {}

    def json(self, path: str) -> Any:
        """Give the value of a JSON file, None where it has none."""
        return self._parse("json", path, tables.read_json, None)

    def dockerfile(self, path: str) -> list[Instruction]:
        """Give the instructions of a Dockerfile."""
        found: list[Instruction] = self._parse("docker", path, read_dockerfile, [])
        return found

    def terraform(self, path: str) -> list[Block]:
        """Give the blocks of a Terraform file."""
        self.read(path, limits.HCL_BYTES)
        found: list[Block] = self._parse(
            "hcl", path, lambda text: read_terraform(text, path), []
        )
        return found

    def keep(
        self, kind: str, path: str, reader: Callable[["Repository", str], Kept]
    ) -> Kept:
        """Give what a reader makes of a file, read once."""
        key = (kind, path)
        if key not in self._read:
            self._read[key] = reader(self, path)
        found: Kept = self._read[key]
        return found

    # Readers of the whole

    @cached_property
    def commit(self) -> str:
        """The commit that is checked out, empty without git."""
        return read_commit(self.root)

    @cached_property
    def python(self) -> Python:
        """Every Python module and notebook: calls, definitions, what reaches them."""
        return Python(self)

    @cached_property
    def ci(self) -> CI:
        """The workflows of every CI system."""
        return CI(self)

    @cached_property
    def commands(self) -> Commands:
        """The commands that CI, task runners, hooks and images run in the end."""
        return Commands(self)

    @cached_property
    def hooks(self) -> list[Hook]:
        """The hooks of pre-commit and lefthook."""
        return read_hooks(self)

    @cached_property
    def requirements(self) -> list[Requirement]:
        """The libraries that the project declares."""
        return read_requirements(self)

    @cached_property
    def blocks(self) -> list[Block]:
        """Every Terraform block, as far as the time allowed for its parser reaches."""
        found: list[Block] = []
        left = limits.HCL_TOTAL_BYTES
        for path in self.find("*.tf"):
            left -= self.files[path].size
            if left < 0:
                self.notes.add(path, "not read: there is more Terraform than is read")
            else:
                found += self.terraform(path)
        return found

    @cached_property
    def manifests(self) -> list[Manifest]:
        """Every Kubernetes manifest, also of a Helm chart or Kustomize."""
        return read_manifests(self)


def describe(error: Exception) -> str:
    """Say in a few words what a parser had against a file."""
    if isinstance(error, RecursionError):
        return "it nests too deep"
    said = str(error).strip().splitlines()
    return f"{type(error).__name__}: {said[0]}" if said else type(error).__name__
