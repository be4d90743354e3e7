"""Whether a workflow trains for the sake of the model."""

import re

from maturity_assessment.scan.commands import Leaf
from maturity_assessment.scan.repository import Repository

from ._training import how_it_trains, reach_of, starts_of

KEEPS = re.compile(
    r"(upload-artifact|store_artifacts|publish|cml|dvc push|git"
    r" push|git-auto-commit|docker push|push_to_hub|gsutil|azcopy"
    r"|aws s3|gcloud|az |gh release|action-gh-release|huggingface|hf"
    r" upload|kubectl|helm|deploy|add-and-commit|wandb|mlflow"
    r"|comment|ncipollo|s3-sync|configure-aws|google-github-actions|azure/|terraform|rsync|scp"
    r" |ssh |sagemaker|GITHUB_STEP_SUMMARY)",
    re.I,
)
# What a job does that makes a model only to try something else with it.
TRIES = re.compile(
    r"(docker|podman|buildah|\bimage\b|smoke|pytest|\btox\b|\bnox\b)", re.I
)
TRACKS = re.compile(
    r"(mlflow|wandb|comet_ml|neptune|clearml|aim|azureml|sagemaker|dagshub|google\.cloud|boto3"
    r"|huggingface_hub)(\.|$)"
)


def is_kept(repository: Repository, leaf: Leaf) -> bool:
    """Whether a training is there for its own sake: stored, tracked, shipped on, or all there is.

    One whose model is only there for the tests or the image of the same job is not.
    """
    if how_it_trains(repository, leaf) == "submit":
        return True
    if leaf.workflow is None or leaf.workflow.system not in (
        "github",
        "gitlab",
        "azure",
        "circle",
        "circleci",
    ):
        return True
    said: list[str] = []
    jobs = [leaf.job] if leaf.job else list(leaf.workflow.jobs)
    for job in jobs:
        for step in job.steps:
            said += [step.run, step.uses, *step.inputs.values()]
        said.append(" ".join(job.inputs.values()))
    if KEEPS.search(" ".join(said)) or not TRIES.search(" ".join(said)):
        return True
    # A tracking server keeps the run, wherever it is.
    paths = {path for path, _ in reach_of(repository, starts_of(repository, leaf))}
    modules = repository.python.modules
    return any(
        TRACKS.match(name)
        for path in paths
        if path in modules
        for name in modules[path].imports
    )
