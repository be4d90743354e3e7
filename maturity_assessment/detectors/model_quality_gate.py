"""Code that stops a model from being registered, promoted or deployed when its metric is poor.

A comparison of a metric whose one branch raises, exits, cancels the run or leaves without
registering; validation thresholds of MLflow; a condition step on metrics in SageMaker, Kubeflow
or Azure ML; an evaluator that blesses in TFX; a comparison in a script of CI, and a test of a
metric that a workflow runs between training and release count. A report
without consequence, or a gate that is switched off, is half of it at most.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.ci import Step
from maturity_assessment.scan.repository import Repository

from ._findings import cite_leaf, conclude, first_lines
from ._places import cite_at, cite_use
from ._tested import find_gating_tests
from ._verdicts import METRIC, find_judges, find_verdicts

ADVICE = (
    "Compare the metric with a floor before registering, and stop with an error"
    " below it."
)
PRONE = (
    "Medium: a rule that lies in a platform, or in names that say nothing, is not seen."
)

BLESSING = (
    "*.MetricThreshold",
    "*.GenericValueThreshold",
    "tensorflow_model_analysis.*ValueThreshold",
)
CONDITIONS = ("sagemaker.*ConditionGreaterThan*", "sagemaker.*ConditionLessThan*")
BRANCHES = (
    "kfp.*.Condition",
    "kfp.*.If",
    "dsl.Condition",
    "dsl.If",
    "*.dsl.Condition",
    "*.dsl.If",
)
SHELL = re.compile(r"(<|>|-lt|-gt|-le|-ge)")
READY = re.compile(r"(^|_)(ready|readiness|promot\w*|accept\w*|gates?)(_|$)", re.I)
EXITS = re.compile(r"\b(exit [1-9]|sys\.exit\(|raise |assert |false\b)")


def detect(repository: Repository) -> Finding:
    """Look at comparisons, at what platforms offer, and at scripts in CI."""
    found = [
        cite_at(
            repository,
            one.path,
            one.line,
            one.function,
            *unheeded(repository, one.path),
        )
        for one in find_verdicts(repository)
    ]
    found += [*thresholds(repository), *conditions(repository), *in_ci(repository)]
    tests = first_lines([*find_gating_tests(repository)])
    found += [cite_leaf(repository, leaf) for leaf in tests]
    return conclude(
        "model_quality_gate",
        [*found, *reports(repository), *unasked(repository)],
        present="A model whose metric is too poor goes no further.",
        partial="Metrics are compared or reported, but nothing stops a poor model.",
        absent="Nothing stops a poor model.",
    )


def unheeded(repository: Repository, path: str) -> list[str]:
    """Give the reason against a gate that is a task of its own which no other task waits for."""
    kinds = repository.find("kind.yml", "kind.yaml")
    name = path.rpartition("/")[2]
    runs = [one.rsplit("/", 2)[-2] for one in kinds if name in repository.read(one)]
    others = [
        repository.read(one) for one in kinds if one.rsplit("/", 2)[-2] not in runs
    ]
    if not runs or any(
        re.search(rf"\b{re.escape(kind)}\b", text) for kind in runs for text in others
    ):
        return []
    return [f"no other task waits for `{runs[0]}`"]


def thresholds(repository: Repository) -> Iterator[Evidence]:
    """Give thresholds that a library holds metrics against."""
    for call in repository.python.calls(
        "mlflow.*validate_evaluation_results",
        "mlflow.evaluate",
        "mlflow.models.evaluate",
        *BLESSING,
        without=("test",),
    ):
        plain = call.name.endswith(".evaluate")
        if not plain or call.keywords.get("validation_thresholds") is not None:
            yield cite_use(repository, call)


def conditions(repository: Repository) -> Iterator[Evidence]:
    """Give the conditions of a pipeline on a metric."""
    for call in repository.python.calls(*CONDITIONS, without=("test",)):
        yield cite_use(repository, call)
    for call in repository.python.calls(*BRANCHES, without=("test",)):
        line = " ".join(repository.lines(call.path)[call.line - 1 : call.line + 2])
        asked = line.partition("(")[2]
        named = METRIC.search(asked) or re.search(
            r"threshold|deploy|approv|pass|bless", asked, re.I
        )
        if named and re.search(r"[<>]|==", asked):
            yield cite_use(repository, call)


def in_ci(repository: Repository) -> Iterator[Evidence]:
    """Give the steps of workflows whose text compares a metric and fails."""
    for workflow in repository.ci.workflows:
        for job in workflow.jobs:
            for step in job.steps:
                if compares(step):
                    yield repository.cite(
                        step.path,
                        step.run_line,
                        "workflow_step",
                        Strength.STRONG,
                        step.reasons,
                    )


def compares(step: Step) -> bool:
    """Whether the text of a step compares a metric and ends with an error."""
    for line in step.run.splitlines():
        named = METRIC.search(line) or re.search(r"threshold", line, re.I)
        if (
            named
            and SHELL.search(re.sub(r"2?>&?[12]?|>>|<<|=>|->", "", line))
            and re.search(r"\bif\b|\[|assert|bc\b|awk|\$\(\(", line)
        ):
            return bool(EXITS.search(step.run))
    return False


def unasked(repository: Repository) -> Iterator[Evidence]:
    """Give functions that say whether a model is good enough, without a consequence."""
    for key in find_judges(repository):
        path, _, name = key.partition(":")
        one = repository.python.modules[path].definitions.get(name)
        if one is not None and READY.search(one.short):
            yield cite_at(repository, path, one.line, name, weak=True)


def reports(repository: Repository) -> Iterator[Evidence]:
    """Give what only shows metrics to a person."""
    tools = (
        "cml comment",
        "cml send-comment",
        "dvc metrics diff",
        "dvc metrics show",
        "cml-send-comment",
        "dvc params diff",
    )
    leaves = [leaf for leaf in repository.commands.ci if leaf.runs(*tools)]
    for leaf in first_lines(leaves):
        yield cite_leaf(repository, leaf, strength=Strength.WEAK)
    for workflow in repository.ci.workflows:
        for job in workflow.jobs:
            for step in job.steps:
                comment = re.search(r"comment|github-script", step.uses)
                said = " ".join([step.name, *step.inputs.values()])
                if comment and re.search(
                    r"metric|results|accuracy|evaluation", said, re.I
                ):
                    yield repository.cite(
                        step.path,
                        step.line,
                        "workflow_step",
                        Strength.WEAK,
                        step.reasons,
                    )
