"""Syntax trees on request: of a whole file while there is room for it, of one function."""

import ast
from collections import OrderedDict
from typing import TYPE_CHECKING

from ..limits import TREE_CACHE_BYTES
from .parse import parse, split_lines
from .records import Definition, Module
from .syntax import Function

if TYPE_CHECKING:
    from ..repository import Repository

LINES_KEPT = 4  # files: their functions are asked for one after the other


class Trees:
    """The trees of the .py files of a repository. Those that were asked for last are kept."""

    def __init__(self, repository: "Repository", modules: dict[str, Module]) -> None:
        self.repository = repository
        self.modules = modules
        self._trees: OrderedDict[str, ast.Module] = OrderedDict()
        self._kept = 0  # bytes of the source of these trees
        self._lines: dict[str, list[str]] = {}

    def offer(self, path: str, tree: ast.Module) -> None:
        """Keep a tree that was just read, as long as there is room for it."""
        size = self.repository.files[path].size
        if self._kept + size <= TREE_CACHE_BYTES:
            self._trees[path] = tree
            self._kept += size

    def whole(self, path: str) -> ast.Module:
        """Give the tree of a file, an empty one where it is broken or a notebook."""
        if path in self._trees:
            self._trees.move_to_end(path)
            return self._trees[path]
        module = self.modules.get(path)
        if module is None or module.notebook or module.broken:
            return ast.Module(body=[], type_ignores=[])
        found = self._trees[path] = parse(self.repository.read(path))
        self._kept += self.repository.files[path].size
        while len(self._trees) > 1 and self._kept > TREE_CACHE_BYTES:
            dropped, _ = self._trees.popitem(last=False)
            self._kept -= self.repository.files[dropped].size
        return found

    def lines(self, path: str) -> list[str]:
        """Give the lines of a file as the parser counts them."""
        if path not in self._lines:
            if len(self._lines) >= LINES_KEPT:
                self._lines.clear()
            self._lines[path] = split_lines(self.repository.read(path))
        return self._lines[path]

    def text(self, function: Definition) -> str:
        """Give the text of a function with its decorators, its docstring left out."""
        lines = self.lines(function.path)
        opened, closed = function.docstring
        above = lines[function.first - 1 : opened - 1] if closed else []
        below = lines[(closed or function.first - 1) : function.end]
        return "\n".join([*above, *below])

    def outside(self, module: Module) -> str:
        """Give the text of a module that belongs to none of its functions."""
        lines, kept, end = self.lines(module.path), list[str](), 0
        for one in sorted(module.functions, key=lambda one: one.first):
            kept += lines[end : one.first - 1]
            end = max(end, one.end)
        return "\n".join([*kept, *lines[end:]])

    def function(self, function: Definition) -> Function:
        """Give the tree of one function, its lines those of the file.

        Only its own text is parsed: most of what a file holds concerns nobody.
        """
        if self.modules[function.path].filled:
            return find_function(self.whole(function.path), function)
        lines = self.lines(function.path)[function.first - 1 : function.end]
        return parse_function(lines, function.first)


def parse_function(lines: list[str], first: int) -> Function:
    """Parse a function by itself, indented as it is."""
    indented = lines[0][:1].isspace() and first > 1
    above = "\n" * (first - 2) + "if 1:\n" if indented else "\n" * (first - 1)
    (node,) = parse(above + "\n".join(lines)).body
    (found,) = node.body if isinstance(node, ast.If) else [node]
    assert isinstance(found, (ast.FunctionDef, ast.AsyncFunctionDef))
    return found


def find_function(tree: ast.Module, function: Definition) -> Function:
    """Find a function in the tree of its file."""
    return next(
        node
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and node.lineno == function.line
    )
