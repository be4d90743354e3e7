"""Pipelines that files of their own kind declare: DVC, Argo, Tekton, Snakemake, Nextflow."""

import re
from collections.abc import Iterator

from maturity_assessment.scan.config.yamls import Value
from maturity_assessment.scan.repository import Repository

from .declared import Declared, declare
from .platforms import from_json, from_yaml

RULE = re.compile(r"^(?:rule|checkpoint)\s+(\w+)\s*:", re.M)
PROCESS = re.compile(r"^process\s+(\w+)\s*\{", re.M)


def from_files(repository: Repository) -> Iterator[Declared]:
    """Give the pipelines that files declare."""
    yield from dvc(repository)
    yield from clusters(repository)
    yield from workflows(repository)
    for path in repository.find("*.yaml", "*.yml", without=("docs", "test")):
        yield from from_yaml(repository, path)
    for path in repository.find("*.json", "*.pipeline", without=("docs", "test")):
        yield from from_json(repository, path)


def dvc(repository: Repository) -> Iterator[Declared]:
    """Give the stages of DVC that run something."""
    for path in repository.find("dvc.yaml"):
        root = repository.yaml(path)
        stages = [
            name
            for name, one in root.get("stages").items()
            if one.get("cmd") or one.get("do") or one.get("foreach")
        ]
        yield declare("dvc", tuple(stages), path, root.key_line("stages"))


def clusters(repository: Repository) -> Iterator[Declared]:
    """Give the pipelines among the manifests of a cluster."""
    for one in repository.manifests:
        if one.api.startswith("argoproj.io") and "Workflow" in one.kind:
            yield declare("argo", tuple(argo_steps(one.body)), one.path, one.line)
        if one.api.startswith("tekton.dev") and one.kind == "Pipeline":
            tasks = one.body.get("spec", "tasks").each()
            names = tuple(task.get("name").text for task in tasks)
            yield declare("tekton", names, one.path, one.line)


def argo_steps(body: Value) -> Iterator[str]:
    """Give the steps of an Argo workflow."""
    for key, value in body.walk():
        if key in ("tasks", "steps"):
            for one in value.each():
                for inner in one.each() or [one]:
                    yield inner.get("name").text


def workflows(repository: Repository) -> Iterator[Declared]:
    """Give the rules of Snakemake and the processes of Nextflow."""
    for path in repository.find("Snakefile", "*.smk"):
        rules = [one for one in RULE.findall(repository.read(path)) if one != "all"]
        yield declare("snakemake", tuple(rules), path, 1)
    for path in repository.find("*.nf"):
        steps = PROCESS.findall(repository.read(path))
        yield declare("nextflow", tuple(steps), path, 1)
