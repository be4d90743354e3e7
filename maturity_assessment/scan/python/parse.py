"""From text to a syntax tree, and from that to a module; a broken file is a note."""

import ast
import re
import warnings
from typing import TYPE_CHECKING

from ..limits import NOTEBOOK_BYTES
from ..tree.text import fill, is_templated
from .notebooks import read_notebook
from .reader import Reader
from .records import Module

if TYPE_CHECKING:
    from ..repository import Repository

WRONG = (SyntaxError, ValueError, RecursionError, MemoryError)


def parse(text: str) -> ast.Module:
    """Parse Python, also of a Jinja template. Raises what `ast.parse` raises."""
    return parse_filled(text)[0]


def parse_filled(text: str) -> tuple[ast.Module, bool]:
    """Parse Python, and say whether it is a template that had to be filled in first."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text), False
        except WRONG:
            if not is_templated(text):
                raise
            return ast.parse(fill(text)), True


def split_lines(text: str) -> list[str]:
    """Give the lines of a text as the parser counts them, which knows few ends of a line."""
    return re.split(r"\r\n|\r|\n", text) if "\r" in text else text.split("\n")


def module_name(path: str) -> str:
    """Give the dotted name of a file, from the root of the repository."""
    bare = path.rsplit(".", 1)[0].removesuffix("/__init__")
    return bare.replace("/", ".")


def read_module(repository: "Repository", path: str) -> tuple[Module, ast.Module]:
    """Read a Python file or a notebook; give what it holds and its syntax tree."""
    module, tree = Module(path, module_name(path)), ast.Module([], [])
    module.notebook = path.lower().endswith(".ipynb")
    try:
        if module.notebook:
            tree = read_cells(module, repository.read(path, NOTEBOOK_BYTES))
        else:
            tree, module.filled = parse_filled(repository.read(path))
        Reader(module, tree)
    except WRONG as error:
        module.broken = True
        repository.notes.add(path, f"not understood as Python 3: {say(error)}")
    return module, tree


def read_cells(module: Module, raw: str) -> ast.Module:
    """Read the cells that are Python; one that is not is left out."""
    if not raw.strip():
        return ast.Module([], [])
    cells, module.lines = read_notebook(raw)
    try:
        return parse("\n".join(line for cell in cells for line in cell))
    except WRONG:
        return parse("\n".join(line for cell in cells for line in without_wrong(cell)))


def without_wrong(cell: list[str]) -> list[str]:
    """Give the lines of a cell, or as many empty ones where it is no Python."""
    try:
        parse("\n".join(cell))
        return cell
    except WRONG:
        return [""] * len(cell)


def say(error: BaseException) -> str:
    """Say in a few words what is wrong with a file."""
    if isinstance(error, SyntaxError):
        return f"{error.msg} (line {error.lineno})"
    if isinstance(error, (RecursionError, MemoryError)):
        return "it nests too deep"
    return str(error) or type(error).__name__
