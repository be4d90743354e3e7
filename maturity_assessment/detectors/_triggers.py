"""Conditions on drift, performance, age or new data that lead to a training."""

import ast
import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence
from maturity_assessment.scan.once import once
from maturity_assessment.scan.python import Module
from maturity_assessment.scan.repository import Repository

from ._nodes import statements, walk
from ._places import cite_at, source_modules
from ._training import named_training, reach_of, submitting_nodes, training_nodes

CAUSE = re.compile(
    r"(drift|degrad|performance_?(drop|loss|margin|decay|below|fell)|stale|accuracy_drop"
    r"|(needs?|should|must|requires?)_(be_)?(retrain|train_again|update_model)"
    r"|retrain(ing)?_?(needed|required|trigger)"
    r"|new_(labels|rows|data|samples|records)\w*|days_since|model_age"
    r"|(?<![a-z])psi(?![a-z])|data_shift)",
    re.I,
)
SIGNS = ("retrain", "drift", "degrad", "days_since", "trigger")
JUDGE = re.compile(
    r"(should|needs?|must|check|decide|evaluate|is|has|find|ask)\w*_?(retrain|drift"
    r"|trigger|stale|degrad)|retrain(ing)?_(trigger|decision|check|needed)|trigger",
    re.I,
)
STARTS = re.compile(
    r"(trigger_?(re)?train|(re)?train(_model|_pipeline|ing_job)?$|start_(re)?train"
    r"|submit_(re)?train|run_(re)?train|retrain\w*"
    r"|start_pipeline_execution|run_deployment|create_run|trigger_dag|TriggerDagRun"
    r"|repository_dispatch|workflow_dispatch|dispatches)",
    re.I,
)


@once
def find_conditions(repository: Repository) -> tuple[Evidence, ...]:
    """Give the conditions from which something trains."""
    found: list[Evidence] = []
    for module in source_modules(repository):
        text = repository.read(module.path).lower()
        if any(word in text for word in SIGNS) and CAUSE.search(text):
            found += in_branches(repository, module)
    return tuple([*found, *judged(repository), *in_workflows(repository)])


def in_branches(repository: Repository, module: Module) -> Iterator[Evidence]:
    """Give conditions whose branch starts a training."""
    nodes = [one for tree in suspects(repository, module) for one in statements(tree)]
    for node in nodes:
        if isinstance(node, ast.If) and is_cause(node.test):
            function = owner(module, node.lineno)
            for inner in [one for statement in node.body for one in walk(statement)]:
                if isinstance(inner, ast.Call) and starts_training(
                    repository, module, inner
                ):
                    yield cite_at(
                        repository, module.path, node.lineno, function, strict=True
                    )
                    break


def suspects(repository: Repository, module: Module) -> Iterator[ast.AST]:
    """Give the functions that name a cause, or the whole where the rest of a module does."""
    trees, end = repository.python.trees, 0
    if CAUSE.search(trees.outside(module)):
        yield trees.whole(module.path)
        return
    for one in module.functions:
        # What stands inside another function is looked at with that one.
        if one.first > end and CAUSE.search(trees.text(one)):
            end = one.end
            yield trees.function(one)


def is_cause(test: ast.expr) -> bool:
    """Whether a condition asks for a cause of retraining, and not for an option."""
    said = ast.unparse(test)[:300]
    bare = re.sub(r"\b(args|cfg|config|opt|options|settings|params)\.\w+", "", said)
    return bool(CAUSE.search(bare))


def owner(module: Module, line: int) -> str:
    """Give the innermost function around a line."""
    around = [
        one
        for one in module.definitions.values()
        if one.kind == "function" and one.line <= line <= one.end
    ]
    return max(around, key=lambda one: one.line).name if around else ""


def starts_training(repository: Repository, module: Module, call: ast.Call) -> bool:
    """Whether a call trains, or starts what does."""
    called = ast.unparse(call.func)
    last = called.rpartition(".")[2]
    if re.search(r"(log|print|info|debug|warn|append|join|format)\w*$", last):
        return False
    said = " ".join(ast.unparse(one)[:200] for one in call.args)
    if (
        STARTS.search(last)
        or re.search(
            r"(dispatch|post|run|Popen|check_call|start|send|delay|invoke|trigger)",
            last,
        )
        and (named_training(said) or "dispatches" in said)
    ):
        return True
    first, _, rest = called.partition(".")
    name = module.aliases.get(first, first) + (f".{rest}" if rest else "")
    target = module.definitions.get(called) or repository.python.resolver.definition(
        name, module.path.rpartition("/")[0]
    )
    if target is None or target.kind != "function":
        return False
    reached = reach_of(repository, {(target.path, target.name)})
    return bool(reached & (training_nodes(repository) | submitting_nodes(repository)))


def judged(repository: Repository) -> Iterator[Evidence]:
    """Give functions that weigh causes of a retraining, where a run reaches them and training."""
    ends = training_nodes(repository) | submitting_nodes(repository)
    for module in source_modules(repository):
        if "retrain" not in repository.read(module.path).lower():
            continue
        names = module.path.rpartition("/")[2] + " ".join(module.definitions)
        if not re.search(r"(retrain|trigger)", names, re.I):
            continue
        for one in module.definitions.values():
            if one.kind != "function" or not is_judge(repository, module, one.name):
                continue
            node = (module.path, one.name)
            for start in entries(repository):
                reached = reach_of(repository, {start})
                if node in reached and reached & ends:
                    yield cite_at(
                        repository, module.path, one.line, one.name, strict=True
                    )
                    break


def is_judge(repository: Repository, module: Module, name: str) -> bool:
    """Whether a function compares a cause of retraining with a limit and answers."""
    definition = module.definitions[name]
    lines = repository.lines(module.path)[definition.line - 1 : definition.end]
    text = "\n".join(lines)
    named = JUDGE.search(definition.short) or re.search(
        r"trigger|retrain", module.path.rpartition("/")[2]
    )
    return bool(
        named
        and CAUSE.search(text)
        and re.search(r"\breturn\b", text)
        and re.search(r"<|>|\bnot\b|\bif\b", text)
    )


@once
def entries(repository: Repository) -> tuple[tuple[str, str], ...]:
    """Give where commands start, those of packages that are told a module's name included."""
    found: set[tuple[str, str]] = set()
    for leaf in repository.commands.all:
        started = repository.commands.dispatched(leaf)
        found |= {one for one in started if one[1]}
        if leaf.script and not started and leaf.operative:
            found.add((leaf.script, leaf.function or ""))
    return tuple(sorted(found))


def in_workflows(repository: Repository) -> Iterator[Evidence]:
    """Give jobs that train under a condition on drift or performance."""
    for workflow in repository.ci.workflows:
        for job in workflow.jobs:
            steps = [
                (
                    step.condition,
                    f"{step.name} {step.run} {step.uses}",
                    step.path,
                    step.line,
                    step.reasons,
                )
                for step in job.steps
            ]
            whole = " ".join(
                f"{step.name} {step.run} {step.uses}" for step in job.steps
            )
            for condition, text, path, line, reasons in [
                (job.condition, f"{whole} {job.uses}", job.path, job.line, job.reasons),
                *steps,
            ]:
                if CAUSE.search(condition) and named_training(text):
                    yield repository.cite(path, line, "workflow_step", reasons=reasons)
