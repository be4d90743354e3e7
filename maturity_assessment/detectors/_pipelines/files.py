"""Pipelines that files declare: DVC, Argo, Tekton, Snakemake, Nextflow, platforms."""

import re
from collections.abc import Iterator

from maturity_assessment.scan.config.yamls import Value
from maturity_assessment.scan.repository import Repository

from .declared import Declared

MARKS = re.compile(
    r"(pipelineSpec|deploymentSpec|tasks\s*:|jobs\s*:|kind-dependencies|recipe\s*:"
    r"|StartAt|steps\s*:)"
)


def from_files(repository: Repository) -> Iterator[Declared]:
    """Give the pipelines that files declare."""
    for path in repository.find("dvc.yaml"):
        stages = repository.yaml(path).get("stages")
        commands = [
            name
            for name, one in stages.items()
            if one.get("cmd") or one.get("do") or one.get("foreach")
        ]
        yield Declared(
            "dvc",
            tuple(commands),
            path,
            repository.yaml(path).key_line("stages"),
            code=False,
        )
    for manifest in repository.manifests:
        if manifest.api.startswith("argoproj.io") and "Workflow" in manifest.kind:
            yield Declared(
                "argo",
                tuple(argo_steps(manifest.body)),
                manifest.path,
                manifest.line,
                code=False,
            )
        if manifest.api.startswith("tekton.dev") and manifest.kind == "Pipeline":
            names = [
                one.get("name").text
                for one in manifest.body.get("spec", "tasks").each()
            ]
            yield Declared(
                "tekton", tuple(names), manifest.path, manifest.line, code=False
            )
    for path in repository.find("Snakefile", "*.smk"):
        rules = re.findall(
            r"^(?:rule|checkpoint)\s+(\w+)\s*:", repository.read(path), re.M
        )
        yield Declared(
            "snakemake",
            tuple(one for one in rules if one != "all"),
            path,
            1,
            code=False,
        )
    for path in repository.find("*.nf"):
        steps = re.findall(r"^process\s+(\w+)\s*\{", repository.read(path), re.M)
        yield Declared("nextflow", tuple(steps), path, 1, code=False)
    for path in repository.find("*.yaml", "*.yml", without=("docs", "test")):
        yield from from_yaml(repository, path)
    for path in repository.find("*.json", "*.pipeline", without=("docs", "test")):
        yield from from_json(repository, path)


def argo_steps(body: Value) -> Iterator[str]:
    """Give the steps of an Argo workflow."""
    for key, value in body.walk():
        if key in ("tasks", "steps"):
            for one in value.each():
                for inner in one.each() or [one]:
                    yield inner.get("name").text


def from_yaml(repository: Repository, path: str) -> Iterator[Declared]:
    """Give the pipeline of one YAML file: Azure ML, Databricks, Ploomber, MLflow recipes, KFP."""
    if path.startswith((".github/", ".circleci/")) or not MARKS.search(
        repository.read(path)
    ):
        return
    root = repository.yaml(path)
    jobs, name = root.get("jobs"), path.rpartition("/")[2]
    if root.get("type").text == "pipeline" or root.get("$schema").text.endswith(
        "pipelineJob.schema.json"
    ):
        yield Declared(
            "azureml", tuple(jobs.keys()), path, root.key_line("jobs"), code=False
        )
    databricks = [*root.get("resources", "jobs").items()]
    for target in root.get("targets").items():
        databricks += target[1].get("resources", "jobs").items()
    for _, job in databricks:
        keys = [one.get("task_key").text for one in job.get("tasks").each()]
        yield Declared("databricks", tuple(keys), path, job.line, code=False)
    if (
        name.startswith("pipeline")
        and root.get("tasks").each()
        and root.get("tasks").each()[0].get("source")
    ):
        sources = [one.get("source").text for one in root.get("tasks").each()]
        yield Declared(
            "ploomber", tuple(sources), path, root.key_line("tasks"), code=False
        )
    if root.get("recipe").text and root.get("steps").is_map:
        yield Declared(
            "mlflow",
            tuple(root.get("steps").keys()),
            path,
            root.key_line("steps"),
            code=False,
        )
    if root.get("deploymentSpec") or root.get("pipelineSpec"):
        dag = root.any("root", "pipelineSpec").get("dag", "tasks").keys()
        yield Declared("kfp", tuple(dag), path, 1, code=False)
    if name == "kind.yml" and (root.get("kind-dependencies") or root.get("tasks")):
        near = path.rsplit("/", 2)[0]
        kinds = [
            one.rsplit("/", 2)[-2]
            for one in repository.find("kind.yml")
            if one.rsplit("/", 2)[0] == near
        ]
        yield Declared("taskcluster", tuple(kinds), path, 1, code=False)


def from_json(repository: Repository, path: str) -> Iterator[Declared]:
    """Give the pipeline of one JSON file: a state machine or one of Elyra."""
    text = repository.head(path, 4_000)
    if '"StartAt"' not in text and not path.endswith(".pipeline"):
        return
    content = repository.json(path)
    if isinstance(content, dict) and isinstance(content.get("States"), dict):
        yield Declared("stepfunctions", tuple(content["States"]), path, 1, code=False)
    elif isinstance(content, dict) and isinstance(content.get("pipelines"), list):
        nodes = [
            one
            for part in content["pipelines"]
            if isinstance(part, dict)
            for one in part.get("nodes", [])
        ]
        labels = [
            str(one.get("app_data", {}).get("label", ""))
            for one in nodes
            if isinstance(one, dict)
        ]
        yield Declared("elyra", tuple(labels), path, 1, code=False)
