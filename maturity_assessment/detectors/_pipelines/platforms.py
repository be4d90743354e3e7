"""Pipelines in YAML and JSON of a platform, which is known by their content and not their name."""

import re
from collections.abc import Iterator
from typing import Any

from maturity_assessment.scan.config.yamls import Value
from maturity_assessment.scan.repository import Repository

from .declared import Declared, declare

MARKS = re.compile(
    r"(pipelineSpec|deploymentSpec|tasks\s*:|jobs\s*:|kind-dependencies|recipe\s*:"
    r"|StartAt|steps\s*:)"
)
AZURE = "pipelineJob.schema.json"


def from_yaml(repository: Repository, path: str) -> Iterator[Declared]:
    """Give the pipelines of one YAML file."""
    ci = path.startswith((".github/", ".circleci/"))
    if ci or not MARKS.search(repository.read(path)):
        return
    root = repository.yaml(path)
    for read in (azureml, databricks, ploomber, mlflow, kfp):
        yield from read(root, path)
    yield from taskcluster(repository, root, path)


def azureml(root: Value, path: str) -> Iterator[Declared]:
    """Give a job of Azure ML that has jobs of its own."""
    typed = root.get("type").text == "pipeline"
    if typed or root.get("$schema").text.endswith(AZURE):
        jobs = tuple(root.get("jobs").keys())
        yield declare("azureml", jobs, path, root.key_line("jobs"))


def databricks(root: Value, path: str) -> Iterator[Declared]:
    """Give the jobs of a Databricks bundle, those of each target too."""
    found = [*root.get("resources", "jobs").items()]
    for _, target in root.get("targets").items():
        found += target.get("resources", "jobs").items()
    for _, job in found:
        keys = tuple(one.get("task_key").text for one in job.get("tasks").each())
        yield declare("databricks", keys, path, job.line)


def ploomber(root: Value, path: str) -> Iterator[Declared]:
    """Give the tasks of Ploomber's pipeline.yaml."""
    tasks = root.get("tasks").each()
    named = path.rpartition("/")[2].startswith("pipeline")
    if named and tasks and tasks[0].get("source"):
        sources = tuple(one.get("source").text for one in tasks)
        yield declare("ploomber", sources, path, root.key_line("tasks"))


def mlflow(root: Value, path: str) -> Iterator[Declared]:
    """Give the steps of an MLflow recipe."""
    if root.get("recipe").text and root.get("steps").is_map:
        steps = tuple(root.get("steps").keys())
        yield declare("mlflow", steps, path, root.key_line("steps"))


def kfp(root: Value, path: str) -> Iterator[Declared]:
    """Give the tasks of a compiled Kubeflow pipeline."""
    if root.get("deploymentSpec") or root.get("pipelineSpec"):
        tasks = root.any("root", "pipelineSpec").get("dag", "tasks").keys()
        yield declare("kfp", tuple(tasks), path, 1)


def taskcluster(repository: Repository, root: Value, path: str) -> Iterator[Declared]:
    """Give the kinds of Taskcluster that stand beside each other."""
    name = path.rpartition("/")[2]
    if name == "kind.yml" and (root.get("kind-dependencies") or root.get("tasks")):
        near = path.rsplit("/", 2)[0]
        kinds = repository.find("kind.yml")
        names = [
            one.rsplit("/", 2)[-2] for one in kinds if one.rsplit("/", 2)[0] == near
        ]
        yield declare("taskcluster", tuple(names), path, 1)


def from_json(repository: Repository, path: str) -> Iterator[Declared]:
    """Give the pipeline of one JSON file: a state machine or one of Elyra."""
    text = repository.head(path, 4_000)
    if '"StartAt"' not in text and not path.endswith(".pipeline"):
        return
    content = repository.json(path)
    if not isinstance(content, dict):
        return
    if isinstance(content.get("States"), dict):
        yield declare("stepfunctions", tuple(content["States"]), path, 1)
    elif isinstance(content.get("pipelines"), list):
        yield declare("elyra", tuple(elyra_labels(content["pipelines"])), path, 1)


def elyra_labels(pipelines: list[Any]) -> Iterator[str]:
    """Give the labels of the nodes that Elyra draws."""
    for part in pipelines:
        for node in part.get("nodes", []) if isinstance(part, dict) else []:
            if isinstance(node, dict):
                yield str(node.get("app_data", {}).get("label", ""))
