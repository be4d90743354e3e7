"""A workflow that trains the model, or hands the training to a platform.

The training may lie behind make, a script, DVC, a job file or a reusable workflow. A model that
is made only for the tests or the image of the same job, and neither kept, tracked nor shipped,
is a smoke test: half of it, as is training inside the tests.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._findings import cite_leaf, conclude, first_lines
from ._kept import is_kept
from ._training import how_it_trains, named_training

ADVICE = (
    "Start the training pipeline from a workflow, by schedule or by hand, and keep its"
    " result."
)
PRONE = "Medium: a job set up outside the repository is not seen."


def detect(repository: Repository) -> Finding:
    """Look at every command that a workflow ends in."""
    found = [*trained(repository), *pipelines_in_code(repository), *kinds(repository)]
    return conclude(
        "ci_trains_model",
        found,
        present="A workflow trains the model.",
        partial=(
            "Training runs in a workflow only as a smoke test: what it makes is thrown"
            " away."
        ),
        absent="No workflow trains the model.",
    )


def trained(repository: Repository) -> Iterator[Evidence]:
    """Give the commands of workflows that train."""
    leaves = []
    for leaf in repository.commands.ci:
        if how_it_trains(repository, leaf):
            leaves.append(leaf)
    for leaf in first_lines(leaves):
        kept = how_it_trains(repository, leaf) != "test" and is_kept(repository, leaf)
        yield cite_leaf(
            repository, leaf, strength=Strength.STRONG if kept else Strength.WEAK
        )


def kinds(repository: Repository) -> Iterator[Evidence]:
    """Give the kinds of tasks of Taskcluster that train."""
    if not repository.find(".taskcluster.yml", shared=True):
        return
    for path in repository.find("kind.yml", "kind.yaml"):
        name, _ = path.rsplit("/", 2)[-2:] if path.count("/") else ("", path)
        if named_training(name) and repository.yaml(path).any(
            "tasks", "task-defaults", "jobs"
        ):
            yield repository.cite(path, 1, "workflow_step", Strength.STRONG)


def pipelines_in_code(repository: Repository) -> Iterator[Evidence]:
    """Give CodePipeline or CodeBuild, as CDK or templates declare it, with a training stage."""
    builds = repository.python.calls(
        "aws_cdk.*codepipeline*",
        "aws_cdk.*CodeBuildAction",
        "aws_cdk.*CodeBuildStep",
        "*.PipelineProject",
        "*.CodeBuildAction",
        without=("test",),
    )
    for call in builds:
        text = " ".join(repository.lines(call.path)[call.line - 1 : call.line + 25])
        if re.search(
            r"(start-pipeline-execution|run[-_]pipeline|train|sagemaker[-_ ]pipeline)",
            text,
            re.I,
        ):
            yield repository.cite(call.path, call.line, "ast", Strength.MEDIUM)
    for path in repository.find("*.ts", without=("test",)):
        text = repository.read(path)
        builds_code = re.search(r"aws-(codepipeline|codebuild)|\bpipelines\b", text)
        found = re.search(
            r"(start-pipeline-execution|run[-_]pipeline|python3? \S*train)", text
        )
        if builds_code and found:
            line = text.count("\n", 0, found.start()) + 1
            yield repository.cite(path, line, "config", Strength.MEDIUM)
