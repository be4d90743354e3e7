"""One repository, or one folder of it: its files, and every reader of them."""

from collections.abc import Callable, Hashable, Iterable
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from maturity_assessment.evidence import EXCERPT_LENGTH, Evidence, Strength
from maturity_assessment.regular import read_regular

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
from .notes import Notes
from .python import Python
from .tree.git import read_commit
from .tree.index import Index
from .tree.text import NotText, decode, fill, is_templated
from .tree.walk import File, Walk

Kept = TypeVar("Kept")
LINES_KEPT = 8  # files: evidence is cited file by file


class Repository:  # pylint: disable=too-many-public-methods,too-many-instance-attributes
    """The files under `root`, only those in `subdir` where one is named.

    Whatever cannot be read becomes a note; no method raises on content. What is read once
    is kept. `notes` says what was not read.
    """

    def __init__(self, root: Path, subdir: str = "") -> None:
        self.root = root
        self.subdir = subdir.strip("/").removeprefix("./")
        self.notes = Notes()
        self.files: dict[str, File] = Walk(root, self.notes).files
        self.steps = Budget(limits.STEPS, "steps of workflows", self.notes)
        self.runs = Budget(limits.COMMANDS, "commands", self.notes)
        self.index = Index(self.files)
        self._texts: dict[str, str] = {}
        self._lines: dict[str, list[str]] = {}
        self._kept = 0
        self._read: dict[tuple[str, str], Any] = {}
        self.answers: dict[Hashable, Any] = {}  # of `once`
        self._lower = {path.lower(): path for path in reversed(self.files)}

    # Files

    @cached_property
    def inside(self) -> dict[str, File]:
        """The files of the folder that is assessed: all of them without `subdir`."""
        start = f"{self.subdir}/" if self.subdir else ""
        return {
            path: file for path, file in self.files.items() if path.startswith(start)
        }

    def find(
        self, *patterns: str, without: Iterable[str] = (), shared: bool = False
    ) -> list[str]:
        """Give the paths that fit a pattern, shortest way from the root first.

        `without` names classes to leave out (`test`, `docs`, `example`, `vendored`,
        `notebook`, `generated`). `shared` looks beyond `subdir` too. Vendored files are
        never given.
        """
        unwanted = {"vendored", *without}
        files = self.files if shared else self.inside
        fitting = {path for one in patterns for path in self.index.fitting(one)}
        found = [
            path
            for path in fitting
            if path in files and not unwanted & files[path].classes
        ]
        return sorted(found, key=lambda path: (path.count("/"), path))

    def top(self, *patterns: str) -> list[str]:
        """Give the paths that fit, at the top of the assessed folder or of the repository."""
        folders = (self.subdir, "")
        return [
            path
            for path in self.find(*patterns, shared=True)
            if self.files[path].folder in folders
        ]

    def has(self, path: str) -> str:
        """Give the path of a file as it is spelt, whatever the case; empty without one."""
        return self._lower.get(path.lower(), "")

    def read(self, path: str, limit: int = limits.TEXT_BYTES) -> str:
        """Give the text of a file; empty, with a note, where it cannot be read."""
        if path not in self._texts:
            if self._kept > limits.TEXTS_BYTES:
                self._texts.clear()
                self._kept = 0
            self._texts[path] = self._load(path, limit)
            self._kept += len(self._texts[path])
        return self._texts[path]

    def head(self, path: str, size: int = 100_000) -> str:
        """Give the start of a file, however large the file is."""
        if path not in self.files:
            return ""
        try:
            return decode(read_regular(self.root / path, size))
        except (OSError, NotText):
            return ""

    def lines(self, path: str) -> list[str]:
        """Give the lines of a file."""
        if path not in self._lines:
            if len(self._lines) > LINES_KEPT:
                self._lines.clear()
            self._lines[path] = self.read(path).splitlines()
        return self._lines[path]

    def _load(self, path: str, limit: int) -> str:
        file = self.files.get(path)
        if file is None:
            return ""
        if file.size > limit:
            self.notes.add(
                path, f"not read: it has {file.size:,} bytes, the limit is {limit:,}"
            )
            return ""
        try:
            return decode(read_regular(self.root / path, limit))
        except NotText:
            self.notes.add(path, "not read: it is not text")
        except OSError as error:
            self.notes.add(path, f"could not be read: {error.strerror}")
        return ""

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

    # Evidence

    def cite(  # pylint: disable=too-many-arguments,too-many-positional-arguments
        self,
        path: str,
        line: int = 0,
        kind: str = "config",
        strength: Strength = Strength.MEDIUM,
        reasons: Iterable[str] = (),
        excerpt: str = "",
    ) -> Evidence:
        """Make evidence of a place; its line is the excerpt unless another is given."""
        if not excerpt and line:
            lines = self.lines(path)
            excerpt = lines[line - 1] if line <= len(lines) else ""
        excerpt = " ".join(excerpt.split())[:EXCERPT_LENGTH]
        return Evidence(path, line, kind, excerpt, strength, tuple(reasons))


def describe(error: Exception) -> str:
    """Say in a few words what a parser had against a file."""
    if isinstance(error, RecursionError):
        return "it nests too deep"
    said = str(error).strip().splitlines()
    return f"{type(error).__name__}: {said[0]}" if said else type(error).__name__
