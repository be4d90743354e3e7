"""The paths of a repository by the ends of their names: no pattern is tried on all of them."""

import re
from collections import defaultdict
from collections.abc import Iterable

from .glob import compile_glob

WILD = re.compile(r"[*?\[]")


class Index:  # pylint: disable=too-few-public-methods
    """Paths that stay as they are; what fits a pattern is looked for once."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._all = list(paths)
        self._by_name: dict[str, list[str]] = defaultdict(list)
        self._by_end: dict[str, list[str]] = defaultdict(list)
        self._found: dict[str, list[str]] = {}
        for path in self._all:
            name = path.rpartition("/")[2].lower()
            self._by_name[name].append(path)
            self._by_end[name.rpartition(".")[2]].append(path)

    def fitting(self, pattern: str) -> list[str]:
        """Give the paths that fit a pattern of `compile_glob`."""
        if pattern not in self._found:
            match = compile_glob(pattern).match
            some = self._candidates(pattern.rpartition("/")[2].lower())
            self._found[pattern] = [path for path in some if match(path)]
        return self._found[pattern]

    def _candidates(self, name: str) -> list[str]:
        """Give the paths that may fit, by the last part of the pattern."""
        if not WILD.search(name):
            return self._by_name.get(name, [])
        _, dot, end = name.rpartition(".")
        if dot and not WILD.search(end):
            return self._by_end.get(end, [])
        return self._all
