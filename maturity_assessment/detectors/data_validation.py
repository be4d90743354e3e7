"""Checks of the data in the pipeline that stop it: a schema, expectations, or rules of one's own.

Great Expectations, pandera, TensorFlow Data Validation, Deequ, Deepchecks, Soda, dbt tests,
Evidently's test suites, pydantic over rows, SageMaker's quality checks and functions that
raise on bad data count. What only logs, is skipped, is never called or exists only in tests
is half of it.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from maturity_assessment.evidence import Evidence, Finding
from maturity_assessment.scan.commands import Leaf
from maturity_assessment.scan.python import Call, Called, Definition, Module
from maturity_assessment.scan.repository import Repository

from ._findings import cite_leaf, conclude, first_lines
from ._nodes import EXITS, functions, own_nodes, walk
from ._places import cite_at, cite_use, is_own, source_modules
from ._verdicts import assignments, expand

ADVICE = (
    "Check columns, types, ranges and missing values before training, and stop when one"
    " fails."
)
PRONE = "Medium: rules of one's own are recognised by names such as `validate_schema`."

# What raises by itself where the data is not as described.
RAISING = (
    "pandera.*.validate",
    "pandera.*.check_*",
    "pandera.check_*",
    "pandera.*DataFrameModel.validate",
    "*.DataFrameSchema.validate",
    "*.SchemaModel.validate",
    "frictionless.validate",
    "jsonschema.validate",
    "pydantic.TypeAdapter.validate_python",
    "typedframe.*",
    "dataframely.*",
    "patito.*.validate",
)
# What gives a result that somebody must look at.
TELLING = (
    "great_expectations.*",
    "*.run_checkpoint",
    "*.expect_column_*",
    "*.expect_table_*",
    "*.run_validation_operator",
    "tensorflow_data_validation.validate_*",
    "*.ExampleValidator",
    "pydeequ.*VerificationSuite*",
    "*.VerificationSuite.*",
    "deepchecks.*",
    "soda.*Scan*",
    "evidently.*TestSuite",
    "evidently.*DataQuality*",
    "evidently.*DataStabilityTestPreset",
    "whylogs.*Constraints*",
    "pointblank.Validate*",
    "sagemaker.*QualityCheckStep",
    "*.DataQualityCheckConfig",
    "cerberus.Validator*",
    "*.GreatExpectationsOperator",
    "*.validate_dataset",
)
COMMANDS = (
    "great_expectations checkpoint run",
    "gx checkpoint run",
    "dbt test",
    "dbt build",
    "soda scan",
    "frictionless validate",
    "pandera",
)
VERB = r"(?<![a-z])(validat|check|verif|assert|ensure|expect|inspect|enforce)[a-z]*"
THING = (
    r"(data|schema|column|frame|table|dataset|dataframe|df|rows?|records?|quality"
    r"|integrity|missing|null|nan"
    r"|dtype|range|duplicat|feature|input_data|csv|leak)\w*"
)
NAMED = re.compile(
    rf"({VERB}_(\w+_)?{THING}|{THING}_(\w+_)?{VERB}|^validation_check|^validate$|DataValidat)",
    re.I,
)
MODULE = re.compile(
    r"(data_?validat|data_?quality|data_?check|validate_?data|expectation|schema_?valid"
    r"|(^|/)validat(e|ion|or)s?(/__init__)?\.py$)",
    re.I,
)
# Checks of other things than the values of a table.
OTHER = re.compile(
    r"(exist|path|file|dir(?![a-z])|url|download|config|arg|param|version|drift|model|table_name"
    r"|flag|toggle)",
    re.I,
)
# The columns of a table, held against several that are wanted.
COLUMNS = re.compile(
    r"set\([\w.]+\.columns\)|(issubset|issuperset|difference|symmetric_difference)\([^()]*\.columns"
    r"|\.columns\.(difference|symmetric_difference|isin)\("
    r"|\bfor (\w+) in [^\[\]]+ if \3 not in [\w.]+\.columns"
)
# What checks rows that somebody asks about, and none that a model learns from.
ASKED = re.compile(r"predict|infer|scor(e|ing)|serv", re.I)
# Names that too many functions have for a call to say which is meant.
GENERAL = ("", "run", "main", "call", "execute", "process", "__call__")
NAMES = (ast.Name, ast.Attribute)
TABLES = re.compile(
    r"^(pandas|polars|pyspark|numpy|dask|pyarrow|datasets|tensorflow_data_validation)"
)
ELSEWHERE = re.compile(
    r"(^|/)(api|app|serv\w*|web|routes?|endpoints?|schemas?|auth|config|cli|deploy\w*)(/"
    r"|\.py$)",
    re.I,
)


def detect(repository: Repository) -> Finding:
    """Look at libraries, commands and functions that check data."""
    leaves = [leaf for leaf in repository.commands.all if leaf.runs(*COMMANDS)]
    found = [cite_command(repository, leaf) for leaf in first_lines(leaves)]
    found += [*by_library(repository), *by_own_code(repository)]
    found += by_columns(repository)
    return conclude(
        "data_validation",
        found,
        present="Checks of the data stop the pipeline.",
        partial=(
            "The data is checked, but nothing stops when it is bad, or only tests"
            " do it."
        ),
        absent="Nothing checks the data before it is used.",
    )


def cite_command(repository: Repository, leaf: Leaf) -> Evidence:
    """Make evidence of a command that fails on bad data."""
    return cite_leaf(repository, leaf)


def by_library(repository: Repository) -> Iterator[Evidence]:
    """Give the checks that libraries make, weak where their result has no consequence."""
    for call in repository.python.calls(*RAISING):
        if not is_own(repository, call):
            yield cite_use(repository, call, strict=True)
    for call in [*repository.python.calls(*TELLING), *great_expectations(repository)]:
        if is_own(repository, call):
            continue
        reasons = [
            f"`{name}=True`: it is skipped"
            for name in ("skip_check", "skip")
            if is_on(repository.python.value(call, call.keywords.get(name)))
        ]
        yield cite_use(
            repository, call, *reasons, strict=True, weak=not heeded(repository, call)
        )
    for module in source_modules(repository):
        for one in module.definitions.values():
            if any(
                re.search(r"pandera\.\S*check_(types|input|output|io)$", d)
                for d in one.decorators
            ):
                yield cite_at(repository, module.path, one.line, one.name, strict=True)


def is_on(value: Any) -> bool:
    """Whether a value is true, or a parameter of a pipeline whose default is."""
    if isinstance(value, Called):
        return value.keywords.get("default_value") is True
    return value is True


def great_expectations(repository: Repository) -> list[Call]:
    """Give the runs of checkpoints and validators in files that import the library."""
    calls = repository.python.calls("*.validate", "*.checkpoint.run", "*.run")
    return [
        call
        for call in calls
        if any(
            n.startswith("great_expectations")
            for n in repository.python.modules[call.path].imports
        )
        and ("checkpoint" in call.name.lower() or call.name.endswith(".validate"))
    ]


def heeded(repository: Repository, call: Call) -> bool:
    """Whether something may stop after a check whose result must be looked at.

    A step of a pipeline stops it by itself; else the function, or one that calls it, must
    raise, assert or exit under a condition.
    """
    if re.search(
        r"(QualityCheckStep|ExampleValidator|Operator|CheckConfig)$", call.name
    ):
        return True
    module = repository.python.modules[call.path]
    if stops(repository, module, call.function):
        return True
    if any(map(partial(asked, repository), pass_on(repository, call.function))):
        return True
    callers = [
        (other, name)
        for other in source_modules(repository)
        for name, used in other.references.items()
        if call.function
        and any(
            one.rpartition(".")[2] == call.function.rpartition(".")[2] for one in used
        )
    ]
    return any(stops(repository, other, name) for other, name in callers)


def stops(repository: Repository, module: Module, function: str) -> bool:
    """Whether a function raises, asserts or exits under a condition, outside of a handler."""
    if module.notebook:
        return False
    if module.asserts.get(function):
        return True
    definition = module.definitions.get(function)
    first, last = (definition.line, definition.end) if definition else (1, 10**9)
    steps = repository.keep("answers", module.path, read_steps)
    return any(first <= one.line <= last for one in steps if one.ends)


def ends(body: list[ast.stmt]) -> bool:
    """Whether a branch ends the run as failed: it raises or exits, and not with success."""
    for statement in body:
        for node in walk(statement):
            if isinstance(node, ast.Raise) and node.exc is not None:
                return True
            if isinstance(node, ast.Call) and isinstance(node.func, NAMES):
                if ast.unparse(node.func) in EXITS and not is_success(node):
                    return True
    return False


def is_success(exit_: ast.Call) -> bool:
    """Whether the program ends as if all were well, so that what comes next goes on."""
    codes = [one.value for one in exit_.args if isinstance(one, ast.Constant)]
    return not exit_.args or codes in ([0], [None])


@dataclass(frozen=True)
class Step:
    """An assignment, or a condition that ends the run: the words in what it sets or asks."""

    line: int
    ends: bool
    words: frozenset[str]
    value: frozenset[str]  # the words in what is assigned


def read_steps(repository: Repository, path: str) -> list[Step]:
    """Give the assignments of a module and the conditions that end the run, level by level."""
    found: list[Step] = []
    for node in walk(repository.python.tree(path)):
        if isinstance(node, ast.Assign):
            words = frozenset().union(*map(words_of, node.targets))
            found.append(Step(node.lineno, False, words, words_of(node.value)))
        elif isinstance(node, ast.If) and ends(node.body + node.orelse):
            found.append(Step(node.lineno, True, words_of(node.test), frozenset()))
    return found


def words_of(node: ast.expr) -> frozenset[str]:
    """Give the words of an expression."""
    return frozenset(re.findall(r"\w+", ast.unparse(node)))


def by_own_code(repository: Repository) -> Iterator[Evidence]:
    """Give functions of the project that check tables; weak where they stop nothing."""
    for module in source_modules(repository):
        near = "/".join(module.path.split("/")[-2:])
        tables = any(TABLES.match(name) for name in module.imports)
        if ELSEWHERE.search(near) or not tables:
            continue
        whole = bool(MODULE.search(module.path))
        for one in module.definitions.values():
            named = bool(NAMED.search(one.short)) and not OTHER.search(one.short)
            if one.kind != "function" or not (whole or named) or trivial(one):
                continue
            halts = stops(repository, module, one.name)
            halts = halts or named and asked(repository, one.short)
            if halts or named:
                yield cite_at(
                    repository,
                    module.path,
                    one.line,
                    one.name,
                    strict=True,
                    weak=not halts,
                )


def by_columns(repository: Repository) -> Iterator[Evidence]:
    """Give the conditions that stop where the columns of a table are not those wanted."""
    for module in source_modules(repository):
        near = "/".join(module.path.split("/")[-2:])
        if ".columns" not in repository.read(module.path) or ELSEWHERE.search(near):
            continue
        for name, node in functions(repository.python.tree(module.path)):
            weak = bool(ASKED.search(f"{near} {name}"))
            for line in stops_on_columns(node):
                yield cite_at(
                    repository, module.path, line, name, strict=True, weak=weak
                )


def stops_on_columns(function: ast.AST) -> Iterator[int]:
    """Give the lines of the conditions on columns after which a function raises or exits."""
    nodes = own_nodes(function)
    assigned = assignments(nodes)
    for node in nodes:
        if isinstance(node, ast.If) and ends(node.body):
            if COLUMNS.search(expand(node.test, assigned)):
                yield node.lineno


def asked(repository: Repository, check: str) -> bool:
    """Whether a caller stops where the answer of a function is bad."""
    for module in source_modules(repository):
        if check not in repository.read(module.path):
            continue
        answers = {check}
        for step in repository.keep("answers", module.path, read_steps):
            if step.ends and answers & step.words:
                return True
            if not step.ends and check in step.value:
                answers |= step.words
    return False


def pass_on(repository: Repository, check: str) -> Iterator[str]:
    """Give a function that checks, and those that return what it answers, by their names."""
    check = check.rpartition(".")[2]
    if check in GENERAL:
        return
    yield check
    for module in source_modules(repository):
        if check in repository.read(module.path):
            for name, node in functions(repository.python.tree(module.path)):
                if name and returns(node, check):
                    yield name.rpartition(".")[2]


def returns(function: ast.AST, check: str) -> bool:
    """Whether a function returns the answer of another, or what it made of it."""
    answers = {check}
    nodes = [one for one in own_nodes(function) if isinstance(one, ast.stmt)]
    for node in sorted(nodes, key=lambda one: one.lineno):
        if isinstance(node, ast.Assign) and answers & words_of(node.value):
            answers |= frozenset().union(*map(words_of, node.targets))
        if isinstance(node, ast.Return) and node.value is not None:
            if answers & words_of(node.value):
                return True
    return False


def trivial(one: Definition) -> bool:
    """Whether a function takes nothing that could be a table, or is no step of its own."""
    given = [name for name in one.parameters if name not in ("self", "cls")]
    return one.short.startswith("__") or not given and "self" not in one.parameters
