"""A workflow that trains the model, or hands the training to a platform.

The training may lie behind make, a script, DVC, a job file or a reusable workflow. A training
whose result vanishes with the job, for nothing is kept, tracked or shipped, is a smoke test:
half of it, as is training inside the tests.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.commands import Leaf
from maturity_assessment.scan.repository import Repository

from ._findings import cite_leaf, conclude, first_lines
from ._training import how_it_trains, reach_of, starts_of

ADVICE = "Start the training pipeline from a workflow, by schedule or by hand, and keep its result."
PRONE = "Medium: a job set up outside the repository is not seen."

KEEPS = re.compile(
    r"(upload-artifact|store_artifacts|publish|cml|dvc push|git push|git-auto-commit|docker push|push_to_hub|gsutil|azcopy"
    r"|aws s3|gcloud|az |gh release|action-gh-release|huggingface|hf upload|kubectl|helm|deploy|add-and-commit|wandb|mlflow"
    r"|comment|ncipollo|s3-sync|configure-aws|google-github-actions|azure/|terraform|rsync|scp |ssh |sagemaker|GITHUB_STEP_SUMMARY)",
    re.I,
)
TRACKS = re.compile(r"(mlflow|wandb|comet_ml|neptune|clearml|aim|azureml|sagemaker|dagshub|google\.cloud|boto3|huggingface_hub)(\.|$)")


def detect(repository: Repository) -> Finding:
    """Look at every command that a workflow ends in."""
    found = [*trained(repository), *pipelines_in_code(repository)]
    return conclude(
        "ci_trains_model",
        found,
        present="A workflow trains the model.",
        partial="Training runs in a workflow only as a smoke test: what it makes is thrown away.",
        absent="No workflow trains the model.",
    )


def trained(repository: Repository) -> Iterator[Evidence]:
    """Give the commands of workflows that train."""
    leaves = []
    for leaf in repository.commands.ci:
        if how_it_trains(repository, leaf):
            leaves.append(leaf)
    for leaf in first_lines(leaves):
        how = how_it_trains(repository, leaf)
        kept = how == "submit" or how in ("fit", "name") and is_kept(repository, leaf)
        yield cite_leaf(repository, leaf, strength=Strength.STRONG if kept else Strength.WEAK)


def is_kept(repository: Repository, leaf: Leaf) -> bool:
    """Whether what a training makes outlives the job: stored, tracked, or shipped on."""
    if leaf.workflow is None or leaf.workflow.system not in ("github", "gitlab", "azure", "circle", "circleci"):
        return True
    said: list[str] = []
    jobs = [leaf.job] if leaf.job else list(leaf.workflow.jobs)
    for job in jobs:
        for step in job.steps:
            said += [step.run, step.uses, *step.inputs.values()]
        said.append(" ".join(job.inputs.values()))
    if KEEPS.search(" ".join(said)):
        return True
    # A tracking server keeps the run, wherever it is.
    paths = {path for path, _ in reach_of(repository, starts_of(repository, leaf))}
    modules = repository.python.modules
    return any(TRACKS.match(name) for path in paths if path in modules for name in modules[path].imports)


def pipelines_in_code(repository: Repository) -> Iterator[Evidence]:
    """Give CodePipeline or CodeBuild, as CDK or templates declare it, with a training stage."""
    builds = repository.python.calls(
        "aws_cdk.*codepipeline*", "aws_cdk.*CodeBuildAction", "aws_cdk.*CodeBuildStep", "*.PipelineProject", "*.CodeBuildAction",
        without=("test",),
    )
    for call in builds:
        text = " ".join(repository.lines(call.path)[call.line - 1 : call.line + 25])
        if re.search(r"(start-pipeline-execution|run[-_]pipeline|train|sagemaker[-_ ]pipeline)", text, re.I):
            yield repository.cite(call.path, call.line, "ast", Strength.MEDIUM)
