"""What one function does with predictions: what holds them, and what writes them down."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from .._nodes import children, walk
from .words import (
    ASKS,
    DONE,
    MEASURES,
    MODEL_METHODS,
    MODELS,
    NOT_WRITES,
    SCORES,
    TRAINS,
    WRITES,
)


@dataclass
class Flow:
    """What one function does with predictions. Lines are of the file."""

    asks: int = 0  # where it first asks a model
    writes: int = 0  # where it first writes down what came back
    trains: bool = False
    measures: bool = False
    gives: bool = False  # whether it returns predictions
    held: set[str] = field(default_factory=set)


def last(node: ast.expr) -> str:
    """Give the last part of the name of what is called."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def base(node: ast.expr) -> str:
    """Give the variable that an expression starts from: `df` of `df["x"].loc[0]`."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call, ast.Starred)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            return f"self.{node.attr}" if node.value.id == "self" else node.value.id
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


class Reader:
    """Follows predictions through one function, statement by statement."""

    def __init__(self, givers: frozenset[str]) -> None:
        self.givers = givers
        self.flow = Flow()

    def asks(self, call: ast.Call) -> bool:
        """Whether a call asks a model, or a function that gives its predictions."""
        name = last(call.func)
        if ASKS.match(name) or name in self.givers:
            return name == "spark_udf" or base(call.func) != "mlflow"
        owner = call.func.value if isinstance(call.func, ast.Attribute) else None
        is_model = (
            bool(MODELS.search(name)) and not DONE.match(name) and name[0].islower()
        )
        if owner is None:
            return is_model and bool(call.args or call.keywords)
        owned = bool(MODELS.search(last(owner) or base(owner)))
        return owned and name in MODEL_METHODS or is_model and base(owner) == "self"

    def holds(self, node: ast.AST) -> bool:
        """Whether predictions are in what an expression gives."""
        if isinstance(node, ast.Call):
            if self.asks(node):
                self.flow.asks = self.flow.asks or node.lineno
                return True
            if MEASURES.search(last(node.func)):
                return False
        if isinstance(node, ast.Name):
            return node.id in self.flow.held
        if isinstance(node, ast.Attribute) and base(node) in self.flow.held:
            return True
        if isinstance(node, (ast.Lambda, ast.FunctionDef, ast.Compare)):
            return False
        return any(self.holds(one) for one in children(node))

    def read(self, body: list[ast.stmt]) -> Flow:
        """Read the statements of a function in their order, those of inner functions too."""
        for statement in body:
            self.statement(statement)
        return self.flow

    def statement(self, node: ast.stmt) -> None:
        """Read one statement: what it assigns, returns and writes."""
        for one in own_expressions(node):
            self.calls(one)
        if (
            isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign))
            and node.value is not None
        ):
            targets: list[ast.expr] = (
                list(node.targets) if isinstance(node, ast.Assign) else [node.target]
            )
            self.assign(targets, self.holds(node.value))
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            self.assign([node.target], self.holds(node.iter))
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                if item.optional_vars is not None:
                    self.assign([item.optional_vars], self.holds(item.context_expr))
        elif isinstance(node, (ast.Return, ast.Expr)) and node.value is not None:
            held = self.holds(node.value)
            yields = isinstance(node.value, (ast.Yield, ast.YieldFrom))
            self.flow.gives |= held and (isinstance(node, ast.Return) or yields)
        for name in ("body", "orelse", "finalbody", "handlers"):
            for inner in getattr(node, name, []):
                if isinstance(inner, ast.ExceptHandler):
                    self.read(inner.body)
                elif isinstance(inner, ast.stmt) and not isinstance(node, ast.ClassDef):
                    self.statement(inner)

    def assign(self, targets: list[ast.expr], held: bool) -> None:
        """Remember which variables hold predictions now."""
        for target in targets:
            parts = (
                target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
            )
            names = {base(part) for part in parts} - {"", "self"}
            if held:
                self.flow.held |= names

    def calls(self, node: ast.expr) -> None:
        """Note the calls in an expression: additions to a list, training, writing."""
        for call in [one for one in walk(node) if isinstance(one, ast.Call)]:
            name = last(call.func)
            self.flow.trains |= name in TRAINS
            self.flow.measures |= bool(SCORES.search(name))
            given = [*call.args, *[one.value for one in call.keywords]]
            owner = call.func.value if isinstance(call.func, ast.Attribute) else None
            if name in ("append", "extend", "update", "concat", "insert", "add"):
                if owner is not None and any(map(self.holds, given)):
                    self.flow.held.add(base(owner))
            elif WRITES.match(name) and not NOT_WRITES.match(
                ast.unparse(call.func)[:60]
            ):
                # Without a place to save to it is a record that is saved, not a table.
                held = any(map(self.holds, given)) or (
                    bool(given or name != "save")
                    and owner is not None
                    and self.holds(owner)
                )
                if held and not self.flow.writes:
                    self.flow.writes = call.lineno


def own_expressions(node: ast.stmt) -> Iterator[ast.expr]:
    """Give the expressions that belong to a statement itself, not to those inside it."""
    for one in children(node):
        if isinstance(one, ast.withitem):
            yield one.context_expr
        elif isinstance(one, ast.expr):
            yield one
