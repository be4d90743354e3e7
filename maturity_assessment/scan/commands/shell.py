"""From shell text to simple commands: each with its words, its line and its folder."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

from ..limits import SHELL_BYTES

BASH = Language(tree_sitter_bash.language())
DEPTH = 60
# It never holds the start of another one: thousands that are not closed take no longer.
EXPRESSION = re.compile(r"\$\{\{((?:[^}$]++|\}(?!\})|\$(?!\{\{))*)\}\}")
VARIABLE = re.compile(r"\$\{?(\w+)\}?")
OUTSIDE = re.compile(
    r"^/(workspace|app|code|src|github/workspace|builds/[^/]+/[^/]+|opt/\w+)?(/|$)"
)


@dataclass(frozen=True)
class Script:
    """Shell text to be read, and where it stands."""

    text: str
    path: str
    line: int
    cwd: str = ""
    strict: bool = True
    variables: Mapping[str, str] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Command:
    """One simple command. `blocking` is whether its failure stops the script."""

    words: tuple[str, ...]
    path: str
    line: int
    cwd: str
    reasons: tuple[str, ...]
    blocking: bool
    variables: Mapping[str, str]


def read_commands(script: Script) -> list[Command]:
    """Read every command of a script in order, those in its conditions and loops too."""
    text = EXPRESSION.sub(
        lambda found: substitute(found, script.variables), script.text
    )
    content = text[:SHELL_BYTES].encode("utf-8", "replace")
    return list(Reader(script).read(Parser(BASH).parse(content).root_node))


def substitute(found: re.Match[str], variables: Mapping[str, str]) -> str:
    """Put in the value of `${{ env.X }}`, `matrix.x` or `inputs.x`, or a word in its place."""
    inner = found[1].strip()
    value = variables.get(inner, variables.get(inner.rpartition(".")[2], ""))
    unknown = "EXPRESSION" + "\n" * found[0].count("\n")
    return unknown if not value or "${{" in value else value


def join(folder: str, other: str) -> str:
    """Give the folder that `cd` leads to; the root of a container's work folder is ours."""
    if OUTSIDE.match(other):
        folder, other = "", OUTSIDE.sub("", other)
    path = posixpath.normpath(posixpath.join(folder, other))
    return "" if path == "." else path


def text_of(node: Node) -> str:
    """Give the source of a node."""
    return (node.text or b"").decode("utf-8", "replace")


class Reader:  # pylint: disable=too-many-instance-attributes
    """Follows a script from top to bottom: its variables, its folder, whether it is strict."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.variables = {
            name: EXPRESSION.sub("EXPRESSION", value)
            for name, value in script.variables.items()
        }
        self.cwd = script.cwd
        self.strict = script.strict
        self.pipefail = False
        self.ended = False
        self.functions: dict[str, Node] = {}
        self.depth = 0

    def read(self, root: Node) -> Iterator[Command]:
        """Give every command of the script."""
        yield from self.sequence(root, self.script.reasons, True)

    def sequence(
        self, node: Node, reasons: tuple[str, ...], last: bool
    ) -> Iterator[Command]:
        """Read statements one after another; the last one's failure is that of all."""
        children = [one for one in node.named_children if one.type != "comment"]
        for place, one in enumerate(children):
            final = last and place == len(children) - 1
            yield from self.statement(one, reasons, self.strict or final)

    def statement(
        self, node: Node, reasons: tuple[str, ...], blocking: bool
    ) -> Iterator[Command]:
        """Read one statement of any kind."""
        if self.depth >= DEPTH:
            return
        self.depth += 1
        rule = getattr(self, f"_{node.type}", None)
        if rule is not None:
            yield from rule(node, reasons, blocking)
        else:
            for one in node.named_children:
                yield from self.statement(one, reasons, blocking)
        self.depth -= 1

    # Each kind of statement by the name that the grammar gives it

    def _list(
        self, node: Node, reasons: tuple[str, ...], blocking: bool
    ) -> Iterator[Command]:
        parts = node.named_children
        if len(parts) != 2 or not any(one.type == "||" for one in node.children):
            for one in parts:
                yield from self.statement(one, reasons, blocking)
            return
        ignored = reasons
        if swallows(parts[1]):
            ignored += (f"its failure is ignored: `|| {text_of(parts[1])[:40]}`",)
        yield from self.statement(parts[0], ignored, blocking)
        yield from self.statement(parts[1], reasons, blocking)

    def _pipeline(
        self, node: Node, reasons: tuple[str, ...], blocking: bool
    ) -> Iterator[Command]:
        parts = node.named_children
        for place, one in enumerate(parts):
            stops = blocking and (self.pipefail or place == len(parts) - 1)
            yield from self.statement(one, reasons, stops)

    def _if_statement(
        self, node: Node, reasons: tuple[str, ...], blocking: bool
    ) -> Iterator[Command]:
        parts = node.named_children
        off = parts and text_of(parts[0]).strip() in ("false", "[ 1 = 0 ]", "[ 0 = 1 ]")
        for place, one in enumerate(parts):
            other = one.type in ("elif_clause", "else_clause")
            inside = reasons
            if off and place and not other:
                inside += ("it never runs: it stands under `if false`",)
            # A command that is the condition may fail: that is what it is asked for.
            yield from self.statement(one, inside, blocking and place > 0)

    def _subshell(
        self, node: Node, reasons: tuple[str, ...], blocking: bool
    ) -> Iterator[Command]:
        kept = self.cwd, self.strict, self.pipefail, self.ended
        yield from self.sequence(node, reasons, blocking)
        self.cwd, self.strict, self.pipefail, self.ended = kept

    def _compound_statement(
        self, node: Node, reasons: tuple[str, ...], blocking: bool
    ) -> Iterator[Command]:
        yield from self.sequence(node, reasons, blocking)

    def _function_definition(
        self, node: Node, _reasons: tuple[str, ...], _blocking: bool
    ) -> Iterator[Command]:
        parts = node.named_children
        if len(parts) > 1:
            self.functions[text_of(parts[0])] = parts[-1]
        yield from ()

    def _heredoc_redirect(
        self, node: Node, reasons: tuple[str, ...], blocking: bool
    ) -> Iterator[Command]:
        for one in node.named_children:
            if one.type in ("pipeline", "list", "command"):
                yield from self.statement(one, reasons, blocking)

    def _variable_assignment(
        self, node: Node, reasons: tuple[str, ...], blocking: bool
    ) -> Iterator[Command]:
        parts = node.named_children
        if len(parts) == 2:
            self.variables[text_of(parts[0])] = self.word(parts[1])
            yield from self.statement(parts[1], reasons, blocking)

    def _command(
        self, node: Node, reasons: tuple[str, ...], blocking: bool
    ) -> Iterator[Command]:
        words: list[str] = []
        for part in node.named_children:
            yield from self._substituted(part, reasons)
            if part.type == "variable_assignment":
                words.append(text_of(part))
            elif "redirect" not in part.type and part.type != "comment":
                words += self.split(part)
        words = [word for word in words if word]
        if not words:
            return
        if self.ended:
            reasons += ("it never runs: the script has ended before",)
        yield from self._run(words, node, reasons, blocking)

    def _run(
        self, words: list[str], node: Node, reasons: tuple[str, ...], blocking: bool
    ) -> Iterator[Command]:
        """Take note of what changes the shell itself, and give the command."""
        name = words[0]
        if name in ("cd", "pushd") and len(words) > 1:
            self.cwd = join(self.cwd, words[-1])
        elif name == "set":
            self._set(words[1:])
        elif name == "exit" and at_top(node):
            self.ended = True
        elif name in self.functions:
            body = self.functions.pop(name)  # popped: a function may call itself
            yield from self.statement(body, reasons, blocking)
            self.functions[name] = body
        else:
            line = self.script.line + node.start_point.row
            where = (self.script.path, line, self.cwd)
            yield Command(tuple(words), *where, reasons, blocking, dict(self.variables))

    def _set(self, options: list[str]) -> None:
        """Follow `set -e`, `set +e` and `set -o pipefail`."""
        for place, option in enumerate(options):
            on = option.startswith("-")
            if option[:1] in "+-" and "e" in option[1:].partition("o")[0]:
                self.strict = on
            if option[1:].endswith("o") and options[place + 1 :]:
                self.pipefail = (
                    on if options[place + 1] == "pipefail" else self.pipefail
                )
                self.strict = on if options[place + 1] == "errexit" else self.strict

    def _substituted(self, node: Node, reasons: tuple[str, ...]) -> Iterator[Command]:
        """Give the commands in `$( )` inside a word."""
        waiting = [node]
        while waiting:
            one = waiting.pop()
            if one.type == "command_substitution" and one is not node:
                yield from self._subshell(one, reasons, False)
            elif one.named_children and has_substitution(one):
                waiting += reversed(one.named_children)

    # Words

    def split(self, node: Node) -> list[str]:
        """Give the words of one argument: a bare variable may hold several."""
        inner = (
            node.named_children[0]
            if node.type == "command_name" and node.named_children
            else node
        )
        value = self.word(inner)
        bare = inner.type in ("simple_expansion", "expansion")
        return value.split() if bare else [value]

    def word(self, node: Node) -> str:
        """Give the text of an argument, with the variables that are known."""
        source = text_of(node)
        if node.type == "raw_string":
            return source[1:-1]
        if node.type == "ansi_c_string":
            return source[2:-1]
        if node.type in ("simple_expansion", "expansion"):
            return self._expand(source)
        if node.type == "string":
            return VARIABLE.sub(
                lambda found: self._expand(found[0]), source[1:-1]
            ).replace('\\"', '"')
        if node.type in ("concatenation", "command_name"):
            return "".join(self.word(one) for one in node.named_children) or source
        return source.replace("\\\n", "").replace("\\", "")

    def _expand(self, source: str) -> str:
        """Give the value of `$X`, `${X}` or `${X:-default}`; what is not known stays."""
        found = re.match(r"\$\{?(\w+)(?::?-([^}]*))?\}?$", source)
        if found is None:
            return source
        value = self.variables.get(found[1])
        return value if value is not None else (found[2] or source)


def swallows(node: Node) -> bool:
    """Whether what stands after `||` makes the failure go unnoticed."""
    if node.type in ("compound_statement", "subshell"):
        return not re.search(r"\b(exit|return)\s+([1-9]|\$)|\bfalse\b", text_of(node))
    words = text_of(node).split()
    if words[:1] in (["exit"], ["return"]):
        return words[1:2] == ["0"]
    return words[:1] in (["true"], [":"], ["echo"], ["printf"], ["/bin/true"], ["test"])


def has_substitution(node: Node) -> bool:
    """Whether a word may hold `$( )` or backquotes."""
    text = node.text or b""
    return b"$(" in text or b"`" in text


def at_top(node: Node) -> bool:
    """Whether a command is no part of a condition, a loop or a list."""
    return node.parent is None or node.parent.type == "program"
