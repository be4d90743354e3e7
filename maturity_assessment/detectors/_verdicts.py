"""Comparisons of a model's metric that have a consequence: what a gate is made of.

A comparison counts where the metric, or a variable that was assigned from one, stands on a
side of `<`, `<=`, `>` or `>=`, directly in a condition, in a variable that the condition asks,
or in a function of the project whose answer the condition asks. Its consequence is that the
run ends (it raises, exits or cancels), or that a registration, promotion or deployment
happens in one branch only.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from maturity_assessment.scan.python import Module, Name
from maturity_assessment.scan.repository import Repository

from ._nodes import EXITS, first_line, functions, lines_of, own_nodes, walk
from ._places import source_modules

METRIC = re.compile(
    r"(?<![a-z])(acc|accuracy|auc|roc_auc|f1|f1_score|rmse|mse|mae|mape|r2|r2_score"
    r"|scores?|metrics?|loss|precision|recall"
    r"|perf|performance|ndcg|bleu|rouge|wer|iou|map50|logloss|log_loss|error_rate|brier"
    r"|ks|gini|kappa|silhouette"
    r"|quality|validation_results?|evaluation)(?![a-z])",
    re.I,
)
# The same for text in lower case, which is four times as quick.
LOWER_METRIC = re.compile(METRIC.pattern)
RIVAL = re.compile(
    r"(?<![a-z])(champ(ion)?|chall(enger)?|prod|production|incumbent|deployed|previous"
    r"|prev|current_(best|model|metrics?"
    r"|score|prod\w*|rmse|mse|mae|accuracy|auc|f1)|existing|old|last_model|rivals?"
    r"|reigning|latest_model|registered|baseline_model"
    r"|best_(deployed|registered)\w*|best_model_(f1|rmse|mse|mae|accuracy|auc|r2"
    r"|metric)\w*|live_model|benchmark_model)(?![a-z])",
    re.I,
)
ACTS = re.compile(
    r"((?<![a-z])(un)?regist(er|ry)(?!_(buffer|hook|forward|parameter|module|full"
    r"|backward|blueprint"
    r"|callback|handler|signal))|promot|deploy|push_to_hub|transition_model"
    r"|set_registered_model_alias"
    r"|add_version_aliases|create_model_version|approv|publish|release_(model|version)"
    r"|save_to_(prod|registry)|set_as_default|update_model_package|upload_model"
    r"|copy_to_prod|push_model)",
    re.I,
)
# Loops of training compare too: the best epoch so far is no gate.
LOOP = re.compile(
    r"(epoch|early_?stop|patience|checkpoint|best_(val_|valid_)?(loss|acc|score|epoch)"
    r"|min_(val_)?loss|callback)",
    re.I,
)
PLACE = re.compile(
    r"(train|eval|valid|model|metric|gate|promot|regist|deploy|quality|check|perform"
    r"|compar|accept|bless|champion|score|verdict)",
    re.I,
)
# A side that is a number or a setting: a floor, and no other model.
FIXED = re.compile(
    r"^\S+( \S+)? (<|>)=? -?(?!0\b)[\d.]+\b|^-?[\d.]+ (<|>)=?|threshold|floor|min_acc\w*",
    re.I,
)
# The two sides of a comparison, as they are written.
SIDES = re.compile(r"\S+ [<>]=? \S+")
# Words that speak of a judged model wherever they stand.
PLAIN = re.compile(
    r"(?<![a-z])(accuracy|acc|auc|roc_auc|f1(_score)?|rmse|mse|mae|mape|r2(_score)?"
    r"|metrics?)(?![a-z])",
    re.I,
)
DECIDES = re.compile(
    r"(^|_)(deploy\w*|promot\w*|accept\w*|approv\w*|(quality_)?gate|regist\w*)(_\w+)?$",
    re.I,
)
FLAG = re.compile(
    r"(accepted|approved|is_better|(gate|floor)_passed|passed_(gate|floor)|should_(promote|deploy"
    r"|register)|challenger_wins|promoted|promotion_decision)",
    re.I,
)
LOWER_FLAG = re.compile(FLAG.pattern)
ENDS = (*EXITS, "pytest.fail")
ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


@dataclass(frozen=True)
class Verdict:
    """One comparison with its consequence; `rival` is whether another model is the measure."""

    path: str
    line: int
    function: str
    rival: bool


@lru_cache(maxsize=2)
def find_verdicts(repository: Repository) -> tuple[Verdict, ...]:
    """Give every comparison with a consequence in the project's source."""
    judges = find_judges(repository)
    names = names_of(repository, judges)
    found: list[Verdict] = []
    for module in source_modules(repository):
        text = repository.read(module.path)
        if speaks_of_metrics(text) or any(
            name.rpartition(".")[2] in text for name in judges
        ):
            found += Reader(repository, module, judges, names).verdicts()
    return tuple([*found, *deciding(repository, judges), *flagged(repository)])


def deciding(repository: Repository, judges: dict[str, bool]) -> Iterator[Verdict]:
    """Give the judging functions that decide for a pipeline: a branch, or a trigger to deploy."""
    branches = {
        one.dotted.rpartition(".")[2]
        for call in repository.python.calls(
            "*.BranchPythonOperator", "*.ShortCircuitOperator", without=("test",)
        )
        for one in [call.keywords.get("python_callable")]
        if isinstance(one, Name)
    }
    for key, rival in judges.items():
        path, _, name = key.partition(":")
        one = repository.python.modules[path].definitions.get(name)
        if one is None:
            continue
        branch = any(
            re.search(r"task\.(branch|short_circuit)$", d) for d in one.decorators
        )
        if branch or one.short in branches or DECIDES.search(one.short):
            yield Verdict(path, one.line, name, rival)


def flagged(repository: Repository) -> Iterator[Verdict]:
    """Give conditions on an answer that another module keeps, such as `is_model_accepted`."""
    flags: dict[str, bool] = {}
    for module in source_modules(repository):
        if LOWER_FLAG.search(repository.read(module.path).lower()):
            for name, rival in Reader(repository, module, {}).flags():
                flags[name] = rival or flags.get(name, False)
    for module in source_modules(repository) if flags else []:
        if any(name in repository.read(module.path) for name in flags):
            yield from Reader(repository, module, {}).asking(flags)


@lru_cache(maxsize=2)
def find_judges(repository: Repository) -> dict[str, bool]:
    """Give the functions that compare metrics and answer: `path:name` -> whether with a rival."""
    found: dict[str, bool] = {}
    for module in source_modules(repository):
        if speaks_of_metrics(repository.read(module.path)):
            found.update(Reader(repository, module, {}).judges())
    return found


def speaks_of_metrics(text: str) -> bool:
    """Whether a text names a metric."""
    return bool(LOWER_METRIC.search(text.lower()))


def names_of(repository: Repository, judges: dict[str, bool]) -> frozenset[str]:
    """Give the names that functions go by, those that imports give them included."""
    names = {re.split(r"[.:]", key)[-1] for key in judges}
    renamed = {
        (alias, target.rpartition(".")[2])
        for module in repository.python.modules.values()
        for alias, target in module.aliases.items()
        if alias != target.rpartition(".")[2]
    }
    while more := {alias for alias, last in renamed if last in names} - names:
        names |= more
    return frozenset(names)


def with_rival(said: str) -> bool:
    """Whether the text of a comparison sets two models against each other."""
    sides = SIDES.search(said)
    if sides and RIVAL.search(sides[0]) and not FIXED.search(sides[0]):
        return True  # whatever a threshold had to do with the predictions of either
    difference = re.search(r"\w \- [a-z]\w+", said)
    return bool(RIVAL.search(said)) and (not FIXED.search(said) or bool(difference))


def orders(node: ast.Compare) -> bool:
    """Whether a comparison asks which side is larger."""
    return any(isinstance(op, ORDER) for op in node.ops)


def is_range(node: ast.Compare, assigned: dict[str, str]) -> bool:
    """Whether a comparison only checks that what was passed in lies in a range."""
    if len(node.ops) > 1:
        return True
    sides = [node.left, *node.comparators]
    bare = [one for one in sides if isinstance(one, (ast.Name, ast.Attribute))]
    if not bare or any(ast.unparse(one) in assigned for one in bare):
        return False
    numbers = [one.value for one in sides if isinstance(one, ast.Constant)]
    return any(isinstance(one, (int, float)) and one in (0, 1, 100) for one in numbers)


class Reader:
    """Reads the comparisons of one module."""

    def __init__(
        self,
        repository: Repository,
        module: Module,
        judges: dict[str, bool],
        names: frozenset[str] = frozenset(),
    ) -> None:
        self.repository = repository
        self.module = module
        self.known = judges
        self.names = names  # that a function which judges may be called by
        self.folder = module.path.rpartition("/")[0]

    def judges(self) -> Iterator[tuple[str, bool]]:
        """Give the functions whose answer hangs on a comparison of metrics."""
        for name, node in self.functions():
            if not name or LOOP.search(name) or not self.compares(node):
                continue
            if not speaks_of_metrics(self.source(node)):
                continue
            nodes = own_nodes(node)
            if not any(
                isinstance(one, ast.Return) and one.value is not None for one in nodes
            ):
                continue
            compared = [
                one for one in nodes if isinstance(one, ast.Compare) and orders(one)
            ]
            assigned = assignments(nodes) if compared else {}
            texts = [self.measure(one, assigned) for one in compared]
            place = f"{self.module.path} {name}"
            if any(texts) and (PLACE.search(place) or PLAIN.search(" ".join(texts))):
                yield f"{self.module.path}:{name}", any(map(with_rival, texts))

    def flags(self) -> Iterator[tuple[str, bool]]:
        """Give the names under which the answer of a comparison is kept, and if with a rival."""
        for _, node in self.functions():
            if not LOWER_FLAG.search(self.source(node).lower()):
                continue
            nodes = own_nodes(node)
            assigned = assignments(nodes)
            for one in nodes:
                pairs: list[tuple[str, ast.expr]] = []
                if isinstance(one, ast.keyword) and one.arg:
                    pairs = [(one.arg, one.value)]
                elif isinstance(one, ast.Assign):
                    pairs = [(ast.unparse(target), one.value) for target in one.targets]
                for name, value in pairs:
                    said = self.judged(value, assigned) if FLAG.search(name) else ""
                    if said:
                        yield name.rpartition(".")[2], with_rival(said)

    def asking(self, flags: dict[str, bool]) -> Iterator[Verdict]:
        """Give the conditions on answers that are kept under a name, with a consequence."""
        for name, node in self.functions():
            text = self.source(node)
            if "if" not in text or not any(flag in text for flag in flags):
                continue
            nodes = own_nodes(node)
            for one in nodes:
                if isinstance(one, ast.If):
                    said = set(re.findall(r"\w+", ast.unparse(one.test)))
                    asked = flags.keys() & said
                    if asked and self.consequence(one, f"{name} model", nodes):
                        rival = any(flags[flag] for flag in asked)
                        yield Verdict(self.module.path, one.lineno, name, rival)

    def verdicts(self) -> Iterator[Verdict]:
        """Give the conditions on a comparison that have a consequence."""
        for name, node in self.functions():
            text = self.source(node)
            if "if" not in text and "assert" not in text:
                continue
            compares = ("<" in text or ">" in text) and speaks_of_metrics(text)
            if not compares and not self.calls(text):
                continue
            nodes = own_nodes(node)
            if not compares and not self.asks(nodes):
                continue
            compared = any(
                isinstance(one, ast.Compare) and orders(one) for one in nodes
            )
            asked = any(isinstance(one, ast.Call) for one in nodes) and bool(self.known)
            assigned = assignments(nodes) if compared or asked else {}
            for one in nodes if compared or asked else []:
                if isinstance(one, (ast.If, ast.Assert)):
                    said = self.judged(one.test, assigned)
                    if said and self.consequence(one, name, nodes):
                        rival = with_rival(said)
                        yield Verdict(self.module.path, one.lineno, name, rival)

    def functions(self) -> Iterator[tuple[str, ast.AST]]:
        """Give the module's functions, and its body under no name."""
        return functions(self.repository.python.tree(self.module.path))

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the module as the parser counts them."""
        return lines_of(self.repository.read(self.module.path))

    def source(self, node: ast.AST) -> str:
        """Give the text of a function with its decorators, or of the whole module."""
        last = getattr(node, "end_lineno", None)
        return "\n".join(self.lines[first_line(node) - 1 : last])

    def compares(self, node: ast.AST) -> bool:
        """Whether the text of a function holds a sign of order: most do not, which is quick."""
        first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", None)
        lines = self.repository.lines(self.module.path)[first - 1 : last]
        return any("<" in line or " > " in line or " >= " in line for line in lines)

    def calls(self, text: str) -> bool:
        """Whether the text of a function calls something by a name of what judges."""
        near = [re.escape(name) for name in self.names if name in text]
        return bool(near and re.search(rf"\b({'|'.join(near)})\s*[(.]", text))

    def asks(self, nodes: list[ast.AST]) -> bool:
        """Whether a function calls one that judges."""
        return any(
            self.judge_of(ast.unparse(one.func)) is not None
            for one in nodes
            if isinstance(one, ast.Call)
        )

    def judged(self, test: ast.expr, assigned: dict[str, str], hops: int = 2) -> str:
        """Give the text of the comparison that a condition comes to, nothing where it is none."""
        for node in walk(test):
            if isinstance(node, ast.Compare):
                found = self.measure(node, assigned)
                if found:
                    return found
            if isinstance(node, ast.Call):
                known = self.judge_of(ast.unparse(node.func))
                if known is not None:
                    return f"{ast.unparse(node)} {'champion' if known else 'metric'}"
        for node in walk(test):
            if isinstance(node, (ast.Name, ast.Attribute)) and hops:
                value = assigned.get(ast.unparse(node), "")
                try:
                    inner = ast.parse(value, mode="eval").body if value else None
                except (SyntaxError, ValueError, RecursionError):
                    inner = None
                found = (
                    self.judged(inner, assigned, hops - 1) if inner is not None else ""
                )
                if found:
                    return f"{ast.unparse(node)} {found}"
        return ""

    def judge_of(self, dotted: str) -> bool | None:
        """Say whether a called function judges with a rival; None where it judges nothing."""
        first, _, rest = dotted.partition(".")
        name = self.module.aliases.get(first, first)
        name = f"{name}.{rest}" if rest else name
        own = self.module.definitions.get(dotted.removeprefix("self."))
        own = own or next(
            (
                d
                for n, d in self.module.definitions.items()
                if first == "self" and n.endswith(f".{rest}")
            ),
            None,
        )
        target = own or self.repository.python.resolver.definition(name, self.folder)
        return self.known.get(f"{target.path}:{target.name}") if target else None

    def measure(self, node: ast.Compare, assigned: dict[str, str]) -> str:
        """Give the text of a comparison of metrics, variables filled in, else nothing."""
        if not orders(node) or is_range(node, assigned):
            return ""
        bare = ast.unparse(node)
        said = expand(node, assigned)
        if LOOP.search(bare) or re.search(
            r"\blen\(|\.shape|\.empty|version_info|\bargc?\b", bare
        ):
            return ""
        return (
            f"{bare} {said}"
            if METRIC.search(said) or RIVAL.search(bare) and METRIC.search(said)
            else ""
        )

    def consequence(
        self, node: ast.If | ast.Assert, name: str, nodes: list[ast.AST]
    ) -> bool:
        """Whether a branch ends the run, or is the only one that registers or deploys."""
        place = f"{self.module.path} {name}"
        if isinstance(node, ast.Assert):
            return bool(PLACE.search(place))
        branches = (node.body, node.orelse)
        if any(self.ends(body) for body in branches):
            if PLACE.search(place) or PLAIN.search(ast.unparse(node.test)):
                return True
        acts = [self.acts(body) for body in branches]
        if acts[0] != acts[1]:
            return True
        leaves = any(
            isinstance(s, (ast.Return, ast.Continue)) for body in branches for s in body
        )
        after = [
            one
            for one in nodes
            if isinstance(one, ast.Call)
            and one.lineno > (node.end_lineno or node.lineno)
        ]
        return leaves and any(ACTS.search(ast.unparse(one.func)) for one in after)

    def ends(self, body: list[ast.stmt]) -> bool:
        """Whether statements end the run, themselves or in a function that they call."""
        for statement in body:
            for node in walk(statement):
                if isinstance(node, ast.Raise) and node.exc is not None:
                    # The answer to one request says nothing of the model.
                    return "HTTPException" not in ast.unparse(node.exc)
                if isinstance(node, ast.Call):
                    called = ast.unparse(node.func)
                    if called in ENDS or called.endswith(
                        (".cancel", ".abort", ".fail")
                    ):
                        return True
                    if self.raises(called):
                        return True
        return False

    def raises(self, called: str) -> bool:
        """Whether a function of the project does nothing but end in an error."""
        first, _, rest = called.partition(".")
        name = self.module.aliases.get(first, first)
        name = f"{name}.{rest}" if rest else name
        target = self.module.definitions.get(called)
        target = target or self.repository.python.resolver.definition(name, self.folder)
        if target is None or target.kind != "function":
            return False
        lines = self.repository.python.modules[target.path].raises.get(target.name, [])
        # The last statement of the function, or near it.
        return any(line >= target.end - 6 for line in lines)

    def acts(self, body: list[ast.stmt]) -> bool:
        """Whether statements register, promote or deploy something."""
        for statement in body:
            for node in walk(statement):
                if isinstance(node, ast.Call) and ACTS.search(ast.unparse(node.func)):
                    if not re.search(
                        r"(log|print|info|debug|warn)\w*$", ast.unparse(node.func)
                    ):
                        return True
        return False


def assignments(nodes: list[ast.AST]) -> dict[str, str]:
    """Give what variables are assigned in a function, as source text."""
    found: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Assign):
            value = ast.unparse(node.value)[:400]
            for target in node.targets:
                names = (
                    target.elts
                    if isinstance(target, (ast.Tuple, ast.List))
                    else [target]
                )
                given = {ast.unparse(one): value for one in names}
                # `passed = False` for the worst case does not say how it is judged.
                plain = isinstance(node.value, ast.Constant)
                found = given | found if plain else found | given
        elif (
            isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None
        ):
            found[ast.unparse(node.target)] = ast.unparse(node.value)[:400]
        elif isinstance(node, ast.For):
            found[ast.unparse(node.target)] = ast.unparse(node.iter)[:400]
    return found


def expand(node: ast.expr, assigned: dict[str, str]) -> str:
    """Give an expression's text with what its variables were assigned."""
    said = [ast.unparse(node)]
    for one in walk(node):
        if isinstance(one, ast.Name) and one.id in assigned:
            value = assigned[one.id]
            said.append(value)
            said += [
                assigned[word] for word in re.findall(r"\w+", value) if word in assigned
            ]
    return " ".join(said)[:2000]
