"""Where predictions go inside a function: what holds them, and what writes them down."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from maturity_assessment.scan.repository import Repository

from ._nodes import (
    SCOPES,
    children,
    first_line,
    inner_statements,
    lines_of,
    walk,
)

Function = ast.FunctionDef | ast.AsyncFunctionDef

ASKS = re.compile(
    r"^(predict|predict_\w+|predict\w*|\w+_predict|inference|run_inference|batch_inference|infer"
    r"|decision_function|score_batch|score_rows|score_samples|batch_score|spark_udf|recommend\w*"
    r"|transcribe|kneighbors|(get|make|generate)_(\w+_)?predictions?|batch_predict\w*)$"
)
# Called or asked through a variable that is named after a model.
MODELS = re.compile(
    r"(^|_)(model|net|network|classifier|regressor|predictor|llm|pipe|clf|estimator|session"
    r"|nlp|detector)$",
    re.I,
)
# What is done with a model is named after it as well.
DONE = re.compile(
    r"^_*(train|load|build|create|get|make|save|fit|register|eval\w*|explain|init\w*|setup|define"
    r"|compile|download|export|deploy|log|push|upload|select|test|validate|find|read|write|new"
    r"|prepare|update|import|publish|package|serve|tune|convert|fetch|store|delete|set|check"
    r"|construct|instantiate|configure|move|wrap|freeze|quantize|optimi[sz]e|retrain|promote)_"
)
MODEL_METHODS = frozenset(
    "generate transform run forward encode __call__ detect chat".split()
)
# What comes out of these is a number about predictions, not the predictions.
MEASURES = re.compile(
    r"(score|metric|loss|error|accuracy|auc|report|confusion|recall|precision|f1|evaluat|mse|mae"
    r"|rmse|r2|plot|figure|hist|draw|show|criterion|print|importance|confus|len|shape|drift|psi)",
    re.I,
)
WRITES = re.compile(
    r"^(to_(csv|parquet|json|sql|excel|feather|hdf|pickle|gbq|delta|orc|table|disk)|write_\w+"
    r"|writerows?|save(AsTable|_as_table|txt|z|_\w+)?|insertInto|insert\w*|upload\w*|put_object"
    r"|put_item|parquet|csv|saveAsTable|bulk_\w+|load_table_from_\w+|dump|store_\w+"
    r"|write|export_\w+|persist\w*|append_\w+|streaming_insert\w*|copy_from"
    r"|\w+_(write|save|export)_(csv|parquet|json|sql|table|frame|dataframe|predictions|results))$"
)
NOT_WRITES = re.compile(
    r"^(mlflow|wandb|plt|logging|logger|log|sys|print|json\.dumps|torchvision)\b"
)
TRAINS = frozenset(
    "fit fit_transform fit_generator backward partial_fit train_on_batch".split()
)
SCORES = re.compile(
    r"(accuracy_score|mean_\w+_error|r2_score|roc_auc|f1_score|classification_report"
    r"|confusion_matrix|log_loss|_metrics?$|^evaluate)"
)

# A file whose text, in lower case, has none of this asks no model.
MAY_ASK = re.compile(
    r"predict|infer|recommend|transcribe|score_|spark_udf"
    r"|(model|net|network|classifier|regressor|llm|pipe|clf|session|nlp|detector)(\.\w+)?\("
)
# A function whose text, in lower case, has none of this asks, trains and measures nothing.
MAY_MATTER = re.compile(
    r"predict|infer|recommend|transcribe|score_|_score|spark_udf|decision_function|kneighbors"
    r"|(model|net|network|classifier|regressor|predictor|llm|pipe|clf|estimator|session|nlp"
    r"|detector)\b"
    r"|fit|backward|train_on_batch|_error|roc_auc|classification_report|confusion_matrix"
    r"|log_loss|_metric|evaluate"
)
# A function of the repository is known by its name, so that has to speak of predictions.
GIVES = re.compile(
    r"(predict|infer|forecast|recommend|classif|embed|transcri|generat|score_\w)", re.I
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


def functions(tree: ast.Module) -> Iterator[tuple[str, list[ast.stmt]]]:
    """Give every function by its qualified name, and the body of the module under no name."""
    yield "", [one for one in tree.body if not isinstance(one, SCOPES)]
    waiting: list[tuple[str, ast.AST]] = [("", tree)]
    while waiting:
        prefix, node = waiting.pop()
        for one in inner_statements(node):
            if isinstance(one, SCOPES):
                name = f"{prefix}{one.name}"
                if not isinstance(one, ast.ClassDef):
                    yield name, one.body
                waiting.append((f"{name}.", one))
            elif isinstance(one, (ast.If, ast.Try, ast.With)):
                waiting.append((prefix, one))


@lru_cache(maxsize=8)
def find_flows(repository: Repository) -> dict[tuple[str, str], Flow]:
    """Follow predictions through every function, those of the repository that give some too."""
    paths = [path for path in repository.python.modules if is_read(repository, path)]
    bodies = {
        path: read_bodies(repository, path)
        for path in paths
        if MAY_ASK.search(repository.read(path).lower())
    }
    found = {(path, one.name): one.flow for path in bodies for one in bodies[path]}
    given = {name.rpartition(".")[2] for (_, name), flow in found.items() if flow.gives}
    givers = frozenset(one for one in given if GIVES.search(one))
    wanted = re.compile("|".join(sorted(givers)) or "$^")
    for path in paths:
        if wanted.search(repository.read(path)):
            again = read_bodies(repository, path, givers, bodies.get(path, []))
            found |= {(path, one.name): one.flow for one in again}
    return found


def is_read(repository: Repository, path: str) -> bool:
    """Whether predictions are followed through a file: neither a test nor a notebook."""
    module = repository.python.modules[path]
    aside = module.notebook or "test" in repository.files[path].classes
    return not (aside or module.broken)


@dataclass
class Body:
    """A function, its text without the docstring, and what it does with predictions."""

    name: str
    text: str
    flow: Flow


def read_bodies(
    repository: Repository,
    path: str,
    givers: frozenset[str] = frozenset(),
    before: Iterable[Body] = (),
) -> list[Body]:
    """Read the functions of a file; of those read before, the ones that name a giver."""
    known = list(before)
    wanted = re.compile("|".join(sorted(givers)) or "$^")
    if known and not any(wanted.search(one.text) for one in known):
        return known
    lines = lines_of(repository.read(path))
    found: list[Body] = []
    for place, (name, body) in enumerate(functions(repository.python.tree(path))):
        text = known[place].text if known else text_of(body, lines)
        if known and not wanted.search(text):
            found.append(known[place])
            continue
        matters = MAY_MATTER.search(text.lower()) or wanted.search(text)
        flow = Reader(givers).read(body) if matters else Flow()
        found.append(Body(name, text, flow))
    return found


def text_of(body: list[ast.stmt], lines: list[str]) -> str:
    """Give the text of statements, those that are nothing but a constant left out."""
    return "\n".join(
        "\n".join(lines[first_line(one) - 1 : one.end_lineno])
        for one in body
        if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
    )
