"""Justfiles: the recipe of a target. No library reads them, and their grammar is small."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .shell import Script, join

if TYPE_CHECKING:
    from ..repository import Repository

NAMES = ("justfile", ".justfile")
IMPORTED = 40  # files
RECIPES = 200  # that one needs, directly or not
HEAD = re.compile(r"^@?([A-Za-z_][\w-]*)((?:\s++[^:\n]*+)?):(?!=)\s*+([^\n]*)$")
IMPORT = re.compile(r"^(?:import|mod)\??\s+(?:\w+\s+)?['\"]([^'\"]+)['\"]")
VARIABLE = re.compile(
    r"^(?:export\s+)?([A-Za-z_][\w-]*)\s*+:=\s*+['\"]?([^'\"\n]*+)['\"]?\s*+$"
)
ALIAS = re.compile(r"^alias\s+([\w-]+)\s*:=\s*([\w-]+)")


@dataclass
class Recipe:
    """One recipe: what it needs first and its lines."""

    path: str
    line: int
    needs: list[str]
    lines: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class Justfile:
    """The recipes, other names and variables of a justfile."""

    recipes: dict[str, Recipe] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)


def read_justfile(repository: "Repository", path: str) -> Justfile:
    """Read a justfile with what it imports."""
    found = Justfile()
    read_into(repository, path, found, set())
    return found


def read_into(
    repository: "Repository", path: str, justfile: Justfile, seen: set[str]
) -> None:
    """Add the recipes of one file."""
    seen.add(path)
    current: Recipe | None = None
    for number, line in enumerate(repository.lines(path), 1):
        if line[:1] in (" ", "\t"):
            if current is not None and line.strip():
                current.lines.append((number, line.strip()))
            continue
        head = HEAD.match(line)
        if head and not line.startswith(("set ", "alias ")):
            needs = re.findall(
                r"[A-Za-z_][\w-]*", re.sub(r"\([^()]*\)|#.*", inner_name, head[3])
            )
            current = justfile.recipes.setdefault(head[1], Recipe(path, number, needs))
        else:
            current = None if line.strip() and not line.startswith("#") else current
            read_line(repository, path, line, justfile, seen)


def inner_name(found: re.Match[str]) -> str:
    """Keep the name of a need that is called with arguments."""
    words = re.findall(r"[A-Za-z_][\w-]*", found[0]) if found[0].startswith("(") else []
    return f" {words[0]} " if words else " "


def read_line(
    repository: "Repository", path: str, line: str, justfile: Justfile, seen: set[str]
) -> None:
    """Read what stands between recipes."""
    variable, alias, imported = (
        VARIABLE.match(line),
        ALIAS.match(line),
        IMPORT.match(line),
    )
    if alias:
        justfile.aliases[alias[1]] = alias[2]
    elif variable:
        justfile.variables[variable[1]] = variable[2]
    elif imported:
        target = repository.has(join(path.rpartition("/")[0], imported[1]))
        if target and target not in seen and len(seen) < IMPORTED:
            read_into(repository, target, justfile, seen)


def find_justfile(repository: "Repository", folder: str) -> str:
    """Give the justfile of a folder, or of one above it."""
    while True:
        for name in NAMES:
            path = repository.has(join(folder, name))
            if path:
                return path
        if not folder:
            return ""
        folder = folder.rpartition("/")[0]


def expand_just(repository: "Repository", words: list[str], cwd: str) -> list[Script]:
    """Give the recipes that a call of just runs."""
    path = find_justfile(repository, cwd)
    if not path:
        return []
    justfile = repository.keep("just", path, read_justfile)
    wanted = [
        word for word in words[1:] if not word.startswith("-") and "=" not in word
    ]
    wanted = [word.rpartition("::")[2] for word in wanted] or list(justfile.recipes)[:1]
    found: list[Script] = []
    seen: set[str] = set()
    # What follows the first recipe may be its arguments: names of no recipe are.
    for name in wanted:
        found += scripts_of(justfile, name, path.rpartition("/")[0], seen)
    return found


def scripts_of(
    justfile: Justfile, name: str, folder: str, seen: set[str]
) -> list[Script]:
    """Give the scripts of a recipe after those of what it needs, each recipe once."""
    name = justfile.aliases.get(name, name)
    recipe = justfile.recipes.get(name)
    if recipe is None or name in seen or len(seen) > RECIPES:
        return []
    seen.add(name)
    found = [
        one for need in recipe.needs for one in scripts_of(justfile, need, folder, seen)
    ]
    fill = re.compile(r"\{\{\s*([\w-]+)\s*\}\}")
    lines = [
        (
            number,
            fill.sub(
                lambda found: justfile.variables.get(found[1], f"${found[1]}"), text
            ),
        )
        for number, text in recipe.lines
    ]
    if lines and lines[0][1].startswith("#!"):
        text = "\n".join(text for _, text in lines)
        shell = "sh" in lines[0][1].rpartition("/")[2]
        return (
            [*found, Script(text, recipe.path, lines[0][0], folder, False)]
            if shell
            else found
        )
    ignored = ("its failure is ignored: the recipe's line starts with `-`",)
    for number, text in lines:
        marks = re.match(r"[@-]*", text)
        reasons = ignored if marks and "-" in marks[0] else ()
        found.append(
            Script(text.lstrip("@-"), recipe.path, number, folder, True, {}, reasons)
        )
    return found
