"""Walk a repository: what git ignores stays out, and no link is followed."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec

from maturity_assessment.regular import read_regular

from ..limits import DEPTH, FILES, IGNORE_BYTES, IGNORE_PATTERNS
from ..notes import Notes
from .classes import classify
from .git import read_tracked
from .text import NotText, decode

# Never a project's own, and often larger than all the rest.
SKIPPED = frozenset(
    ".git .hg .svn node_modules __pycache__ .venv venv .tox .nox .mypy_cache .pytest_cache"
    " .ruff_cache site-packages .ipynb_checkpoints .terraform .eggs".split()
)

MEANS = re.compile(r"\s*[^#\s]")  # a line of .gitignore that is no comment
STARS = 3  # in one part of a path


@dataclass(frozen=True)
class File:
    """One file: its path from the root with slashes, its size, what kind of place it is in."""

    path: str
    size: int
    classes: frozenset[str]

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """The path of its folder, empty at the root."""
        return self.path.rpartition("/")[0]


@dataclass(frozen=True)
class Ignored:
    """The patterns of one .gitignore and the folder that they hold for."""

    folder: str
    spec: GitIgnoreSpec

    def holds(self, path: str) -> bool | None:
        """Whether a path is ignored; None where nothing is said of it."""
        inside = path[len(self.folder) + 1 :] if self.folder else path
        return self.spec.check_file(inside).include


def is_cheap(pattern: str) -> bool:
    """Whether a pattern can be tried quickly: time grows with the power of its stars."""
    stars = [part.count("*") for part in pattern.split("/") if part != "**"]
    return max(stars, default=0) <= STARS and pattern.count("**") <= STARS


def read_ignored(folder: Path, path: str, notes: Notes) -> list[Ignored]:
    """Read the .gitignore of a folder, if it has one; as git does, not through a link."""
    name = f"{path}/.gitignore".lstrip("/")
    try:
        content = read_regular(folder / ".gitignore", IGNORE_BYTES, links=False)
        lines = [one for one in decode(content).splitlines() if MEANS.match(one)]
        kept = [one for one in lines if is_cheap(one)][:IGNORE_PATTERNS]
        if len(kept) < len(lines):
            notes.add(name, "some patterns were left out: too many, or too many stars")
        return [Ignored(path, GitIgnoreSpec.from_lines(kept))] if kept else []
    except FileNotFoundError:
        return []
    except OSError as error:
        notes.add(name, f"could not be read: {error.strerror}")
    except (NotText, ValueError) as error:
        notes.add(name, f"not read: {error}")
    return []


class Walk:  # pylint: disable=too-few-public-methods
    """One walk over a folder: `files` are what it found, by path."""

    def __init__(self, root: Path, notes: Notes) -> None:
        self.root = root
        self.notes = notes
        self.tracked = read_tracked(root)
        self.folders = {above for one in self.tracked or () for above in suffixes(one)}
        self.top = root.resolve()
        self.files: dict[str, File] = {}
        self._folder(root, "", (), 0)

    def _folder(
        self, folder: Path, path: str, above: tuple[Ignored, ...], depth: int
    ) -> None:
        """Take the files of a folder, then those of the folders in it."""
        rules = above + tuple(read_ignored(folder, path, self.notes))
        inner: list[tuple[Path, str]] = []
        for entry in self._entries(folder, path):
            name = f"{path}/{entry.name}" if path else entry.name
            if self._is_folder(entry):
                if entry.name not in SKIPPED and not self._is_ignored(
                    f"{name}/", rules
                ):
                    inner.append((folder / entry.name, name))
            elif not self._is_ignored(name, rules):
                self._file(entry, name)
        if depth >= DEPTH and inner:
            self.notes.add(path, "folders nested deeper than this were not read")
            return
        for below, name in inner:
            self._folder(below, name, rules, depth + 1)

    def _entries(self, folder: Path, path: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as found:
                return sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            self.notes.add(path, f"the folder could not be read: {error.strerror}")
            return []

    def _is_folder(self, entry: os.DirEntry[str]) -> bool:
        try:
            return entry.is_dir(follow_symlinks=False)
        except OSError:
            return False

    def _is_ignored(self, path: str, rules: tuple[Ignored, ...]) -> bool:
        """Whether git would leave a path out; what it tracks all the same stays in."""
        if self.tracked is not None and not path.endswith("/") and path in self.tracked:
            return False
        for rule in reversed(rules):
            said = rule.holds(path)
            if said is not None:
                return said and path.rstrip("/") not in self.folders
        return False

    def _file(self, entry: os.DirEntry[str], path: str) -> None:
        if len(self.files) >= FILES:
            self.notes.add("", f"only the first {FILES} files were read")
            return
        try:
            if entry.is_symlink() and not self._stays_inside(entry):
                self.notes.add(path, "a link was not followed")
                return
            if not entry.is_file():
                return
            size = entry.stat().st_size
        except OSError as error:
            self.notes.add(path, f"could not be read: {error.strerror}")
            return
        self.files[path] = File(path, size, classify(path))

    def _stays_inside(self, entry: os.DirEntry[str]) -> bool:
        """Whether a link leads to a file of this repository."""
        try:
            target = Path(entry.path).resolve()
        except RuntimeError:  # a link to itself, before Python 3.13
            return False
        return target.is_file() and target.is_relative_to(self.top)


def suffixes(path: str) -> Iterator[str]:
    """Give the folders that a path is in, the nearest first, the root (empty) last."""
    while path:
        path = path.rpartition("/")[0]
        yield path
