"""Makefiles: the recipe of a target, with the variables in it."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import tree_sitter_make
from tree_sitter import Language, Node, Parser

from ..limits import SHELL_BYTES
from .shell import Script, join

if TYPE_CHECKING:
    from ..repository import Repository

MAKE = Language(tree_sitter_make.language())
NAMES = ("GNUmakefile", "makefile", "Makefile")
USE = re.compile(r"\$(?:\((\w[\w.-]*)\)|\{(\w[\w.-]*)\}|([@<^?*]))")
FUNCTION = re.compile(r"\$[({][a-z]+ [^()]{0,400}[)}]")
DIRECTIVE = re.compile(r"\s*(ifn?def|ifn?eq|else|endif)\b")
MARKS = re.compile(r"[@+\s-]*")
IGNORED = ("its failure is ignored: the recipe's line starts with `-`",)
DEPTH = 12
INCLUDED = 40  # files
STARS = 2  # of a pattern of files
GROWN = 20_000  # characters that variables add to a text


@dataclass
class Rule:
    """One target: what it needs first, and the lines of its recipe."""

    name: str
    line: int
    path: str
    needs: list[str] = field(default_factory=list)
    recipe: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class Makefile:
    """The rules and variables of a Makefile and of what it includes."""

    path: str
    rules: dict[str, Rule] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)

    def rule(self, target: str) -> Rule | None:
        """Give the rule of a target, by name or by a pattern."""
        if target in self.rules:
            return self.rules[target]
        for name, rule in self.rules.items():
            start, mark, end = name.partition("%")
            if mark and target.startswith(start) and target.endswith(end):
                return rule
        return None

    @property
    def default(self) -> str:
        """The target that bare `make` makes."""
        named = self.variables.get(".DEFAULT_GOAL", "")
        ordinary = [name for name in self.rules if not name.startswith(".")]
        return named or next(iter(ordinary), "")

    def expand(self, text: str, variables: Mapping[str, str]) -> str:
        """Put in the variables that are known; a function of make becomes nothing."""
        known = {**self.variables, **variables, "MAKE": "make"}
        for _ in range(DEPTH):
            before = text
            text = replace_uses(text, known)
            if text == before:
                break
        text = FUNCTION.sub("", text)
        # What is left over may be a variable of the shell.
        text = re.sub(r"\$\((\w+)\)", r"${\1}", text)
        return text.replace("$$", "$")


def replace_uses(text: str, known: Mapping[str, str]) -> str:
    """Put in the variables that a text uses, as long as it does not grow out of hand."""
    parts: list[str] = []
    place = grown = 0
    for use in USE.finditer(text):
        value = known.get(use[1] or use[2] or "", use[0])
        grown += len(value) - len(use[0])
        if grown > GROWN:
            break
        parts += [text[place : use.start()], value]
        place = use.end()
    return "".join([*parts, text[place:]])


def read_makefile(repository: "Repository", path: str) -> Makefile:
    """Read a Makefile with what it includes, each file once."""
    found = Makefile(path)
    read_into(repository, path, found, set())
    return found


def text_of(node: Node | None) -> str:
    """Give the source of a node."""
    return (node.text or b"").decode("utf-8", "replace") if node is not None else ""


def statements(node: Node) -> Iterator[Node]:
    """Give rules, variables and includes, those under conditions too."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if one.type in (
            "rule",
            "variable_assignment",
            "include_directive",
            "define_directive",
        ):
            yield one
        else:
            waiting += reversed(one.named_children)


def parse(text: str) -> Iterator[tuple[Node, int]]:
    """Give the statements of a Makefile, each with the lines above the part that it is in.

    What the grammar does not know costs only its own part.
    """
    root = Parser(MAKE).parse(text.encode()).root_node
    if not root.has_error:
        yield from ((node, 0) for node in statements(root))
        return
    for part, above in split(text):
        for node in statements(Parser(MAKE).parse(part.encode()).root_node):
            yield node, above


def split(text: str) -> Iterator[tuple[str, int]]:
    """Cut a Makefile before each line that starts a statement; give the lines above, too."""
    lines = [f"{line}\n" for line in text.split("\n")]
    starts, inside, continued = [0], False, False
    for number, line in enumerate(lines):
        word = (line.split() or [""])[0]
        begins = not line[0].isspace() and word[0] != "#"
        if begins and not (inside or continued or DIRECTIVE.match(line)):
            starts.append(number)
        inside = word == "define" or (inside and word != "endef")
        continued = line.rstrip("\r\n").endswith("\\")
    for start, end in zip(starts, [*starts[1:], len(lines)]):
        yield "".join(lines[start:end]), start


def read_into(
    repository: "Repository", path: str, makefile: Makefile, seen: set[str]
) -> None:
    """Add the rules and variables of one file."""
    seen.add(path)
    for node, above in parse(repository.read(path, SHELL_BYTES)):
        if node.type == "rule":
            read_rule(node, path, makefile, above)
        elif node.type == "variable_assignment":
            read_variable(node, makefile)
        elif node.type == "include_directive":
            for target in included(repository, text_of(node), path, makefile):
                if target not in seen and len(seen) < INCLUDED:
                    read_into(repository, target, makefile, seen)


def read_variable(node: Node, makefile: Makefile) -> None:
    """Remember a variable; `?=` and `+=` leave in place what is there."""
    found = re.match(
        r"\s*(?:export\s+|override\s+)*([\w.-]+)\s*([:?+]*=)\s*(.*)",
        text_of(node),
        re.S,
    )
    if found is None:
        return
    name, sign, value = found[1], found[2], found[3].strip().replace("\\\n", " ")
    before = makefile.variables.get(name, "")
    if sign == "+=":
        makefile.variables[name] = f"{before} {value}".strip()
    elif sign != "?=" or not before:
        makefile.variables[name] = value


def read_rule(node: Node, path: str, makefile: Makefile, above: int) -> None:
    """Remember one rule; a target may have several."""
    targets: list[str] = []
    needs: list[str] = []
    lines: list[tuple[int, str]] = []
    for part in node.named_children:
        if part.type == "targets":
            targets = text_of(part).split()
        elif part.type in ("prerequisites", "order_only_prerequisites"):
            needs += text_of(part).replace("\\\n", " ").split()
        elif part.type == "recipe":
            lines += [(above + line, text) for line, text in recipe_lines(part)]
    for name in targets:
        rule = makefile.rules.setdefault(
            name, Rule(name, above + node.start_point.row + 1, path)
        )
        rule.needs += needs
        rule.recipe += lines


def recipe_lines(recipe: Node) -> list[tuple[int, str]]:
    """Give the lines of a recipe with their numbers, continued ones as one."""
    found: list[tuple[int, str]] = []
    first = recipe.start_point.row + 1
    continued = False
    for number, text in enumerate(text_of(recipe).split("\n"), first):
        if continued and found:
            found[-1] = (found[-1][0], f"{found[-1][1]}\n{text}")
        elif (
            text.strip()
            and not text.lstrip().startswith("#")
            and not DIRECTIVE.match(text)
        ):
            found.append((number, text.strip().lstrip(";")))
        continued = text.endswith("\\")
    return found


def included(
    repository: "Repository", text: str, path: str, makefile: Makefile
) -> list[str]:
    """Give the files of the tree that an `include` means, by name or by a pattern."""
    folder = posixpath.dirname(path)
    words = re.findall(
        r"[\w./*?{}$()-]+", makefile.expand(re.sub(r"\$\(\w+ |\)", " ", text), {})
    )
    wanted = [posixpath.normpath(posixpath.join(folder, word)) for word in words[1:]]
    # A slash in front keeps a bare name from meaning that name in any folder.
    fitting = {
        one
        for name in wanted[:INCLUDED]
        if name.count("*") <= STARS
        for one in repository.index.fitting(f"/{name}")
    }
    return sorted(fitting)


def find_makefile(repository: "Repository", folder: str, name: str = "") -> str:
    """Give the Makefile that `make` reads in a folder."""
    for one in (name,) if name else NAMES:
        path = repository.has(join(folder, one))
        if path:
            return path
    return ""


def read_options(
    words: list[str], cwd: str
) -> tuple[str, str, list[str], dict[str, str], bool]:
    """Give folder, file, targets, variables and whether failures are ignored, of a call of make."""
    folder, name, targets, variables, ignored = cwd, "", [], {}, False
    waiting = iter(words)
    for word in waiting:
        if word in ("-C", "--directory"):
            folder = join(folder, next(waiting, ""))
        elif word in ("-f", "--file", "--makefile"):
            name = next(waiting, "")
        elif word in ("-j", "-l", "-o", "-I") and word != "-j":
            next(waiting, "")
        elif word.startswith("-"):
            ignored = ignored or word in ("-i", "--ignore-errors", "-n", "--dry-run")
        elif "=" in word:
            key, _, value = word.partition("=")
            variables[key.rstrip(":?+")] = value
        elif not word.isdigit():
            targets.append(word)
    return folder, name, targets, variables, ignored


def expand_make(repository: "Repository", words: list[str], cwd: str) -> list[Script]:
    """Give the recipes that a call of make runs, those of what its targets need first."""
    folder, name, targets, variables, ignored = read_options(words[1:], cwd)
    path = find_makefile(repository, folder, name)
    if not path:
        return []
    makefile = repository.keep("make", path, read_makefile)
    reasons = ("its failure is ignored: `make -i` or `-n`",) if ignored else ()
    found: list[Script] = []
    seen: set[str] = set()
    for target in targets or [makefile.default]:
        found += recipes(makefile, target, (folder, variables, reasons), seen)
    return found


Run = tuple[str, Mapping[str, str], tuple[str, ...]]


def recipes(
    makefile: Makefile, target: str, run: Run, seen: set[str]
) -> Iterator[Script]:
    """Give the recipe lines of a target after those of what it needs, each target once."""
    rule = makefile.rule(target)
    if rule is None or target in seen or len(seen) > 200:
        return
    seen.add(target)
    folder, variables, reasons = run
    for need in makefile.expand(" ".join(rule.needs), variables).split():
        yield from recipes(makefile, need, run, seen)
    for line, text in rule.recipe:
        marks = MARKS.match(text)
        start = marks[0] if marks else ""
        bare = re.sub(r"(?<!\$)\$@", lambda _: target, text[len(start) :])
        bare = makefile.expand(bare, {**variables, "@": target})
        idle = reasons + (IGNORED if "-" in start else ())
        yield Script(bare, rule.path, line, folder, True, {}, idle)
