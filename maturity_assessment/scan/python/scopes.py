"""Which dotted name an expression has, by the imports and assignments before it."""

import ast
import builtins
from sys import intern

BUILTINS = frozenset(dir(builtins))
DEPTH = 30


class Scopes:
    """The names that are known at one place of a module: its imports, variables, classes."""

    def __init__(self, module: str, aliases: dict[str, str]) -> None:
        self.module = module
        self.aliases = aliases
        self.known: set[str] = set()  # functions and classes at the top of the module
        # Of variables, outermost first; each scope begins with what is known around it.
        self.types: list[dict[str, str]] = [{}]
        self.attributes: list[dict[str, str]] = []  # of `self`, one for each class
        self.classes: list[str] = []  # qualified names

    def name(self, word: str) -> str:
        """Give the dotted name of a bare one."""
        found = self.types[-1].get(word)
        if found is not None:
            return found
        if self.classes and word in ("self", "cls"):
            return f"{self.module}.{self.classes[-1]}"
        found = self.aliases.get(word)
        if found is not None:
            return found
        return f"{self.module}.{word}" if word in self.known else word

    def enter(self, types: dict[str, str]) -> None:
        """Enter a function or a class, in which these names have these types."""
        self.types.append({**self.types[-1], **types})

    def leave(self) -> None:
        """Leave it again."""
        self.types.pop()

    def dotted(self, node: ast.expr, depth: int = DEPTH) -> str:
        """Give the dotted name of an expression; empty where it has none."""
        kind = node.__class__
        if kind is ast.Name:
            return self.name(node.id)  # type: ignore[attr-defined]
        if depth <= 0:
            return ""
        if kind is ast.Attribute:
            return self._attribute(node, depth)  # type: ignore[arg-type]
        if kind is ast.Call:
            return self._call(node, depth)  # type: ignore[arg-type]
        if isinstance(node, (ast.Subscript, ast.Await)):
            return self.dotted(node.value, depth - 1)
        return ""

    def _attribute(self, node: ast.Attribute, depth: int) -> str:
        value = node.value
        if value.__class__ is ast.Name:
            word = value.id
            if self.attributes and word in ("self", "cls"):
                known = self.attributes[-1].get(node.attr)
                if known:
                    return known
            return intern(f"{self.name(word)}.{node.attr}")
        if isinstance(value, ast.Constant):
            return f"{type(value.value).__name__}.{node.attr}"
        before = self.dotted(value, depth - 1)
        # The same few names come by the thousand: each is kept once.
        return intern(f"{before}.{node.attr}") if before else node.attr

    def _call(self, node: ast.Call, depth: int) -> str:
        """The result of a call goes by the name of what was called; super() is the class."""
        if isinstance(node.func, ast.Name) and node.func.id == "super" and self.classes:
            return f"{self.module}.{self.classes[-1]}"
        return self.dotted(node.func, depth - 1)

    def annotation(self, node: ast.expr | None) -> str:
        """Give the class that an annotation names: `X`, `"X"`, `X | None`, `Optional[X]`.

        Kubeflow's components say `Input[X]` and `Output[X]` of what they are given.
        """
        if node is None:
            return ""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                node = ast.parse(node.value, mode="eval").body
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return ""
        if isinstance(node, ast.BinOp):
            return self.annotation(node.left)
        if isinstance(node, ast.Subscript):
            outer = self.dotted(node.value)
            held = outer.rpartition(".")[2] in ("Optional", "Input", "Output")
            return self.annotation(node.slice) if held else ""
        found = self.dotted(node) if isinstance(node, (ast.Name, ast.Attribute)) else ""
        return "" if found in BUILTINS else found

    def set(self, target: ast.expr, dotted: str) -> None:
        """Remember what a variable, or an attribute of `self`, holds."""
        if isinstance(target, ast.Name):
            self.types[-1][target.id] = dotted or target.id
        elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            if target.value.id in ("self", "cls") and self.attributes and dotted:
                self.attributes[-1].setdefault(target.attr, dotted)
