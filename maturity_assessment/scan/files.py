"""The files of one repository, or of one folder of it, and their text."""

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from maturity_assessment.evidence import EXCERPT_LENGTH, Evidence, Strength
from maturity_assessment.regular import read_regular

from . import limits
from .notes import Notes
from .tree.index import Index
from .tree.text import NotText, decode
from .tree.walk import File, Walk

LINES_KEPT = 8  # files: evidence is cited file by file


class Files:  # pylint: disable=too-many-instance-attributes
    """The files under `root`, only those in `subdir` where one is named."""

    def __init__(self, root: Path, subdir: str = "") -> None:
        self.root = root
        self.subdir = subdir.strip("/").removeprefix("./")
        self.notes = Notes()
        self.files: dict[str, File] = Walk(root, self.notes).files
        self.index = Index(self.files)
        self._texts: dict[str, str] = {}
        self._lines: dict[str, list[str]] = {}
        self._kept = 0  # characters of these texts
        self._lower = {path.lower(): path for path in reversed(self.files)}

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

    def passage(self, path: str, first: int, last: int) -> str:
        """Give the lines of a file from the first to the last, as one text."""
        return "\n".join(self.lines(path)[first - 1 : last])

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
