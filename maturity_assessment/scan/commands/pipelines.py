"""Pipelines and remote jobs that are files: dvc.yaml, MLproject, job files of clusters."""

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..config.yamls import Value
from .shell import Script, join

if TYPE_CHECKING:
    from ..repository import Repository

JOB_KEYS = ("entrypoint", "command", "run", "cmd", "setup")
SUBMITTERS = frozenset(
    "anyscale sky az ray dstack databricks kubectl oc argo gcloud aws oarsub sbatch qsub"
    " flytectl lightning modal gcluster bentoml snakemake".split()
)


def stage_scripts(
    repository: "Repository", path: str, wanted: list[str]
) -> Iterator[Script]:
    """Give the commands of the stages of a dvc.yaml, all of them or those named."""
    folder = path.rpartition("/")[0]
    for name, stage in repository.yaml(path).get("stages").items():
        body = stage.get("do") or stage
        if wanted and name not in wanted and f"{path}:{name}" not in wanted:
            continue
        for command in body.get("cmd").texts():
            inner = join(folder, body.get("wdir").text)
            yield Script(command.text, path, command.text_line, inner)


def expand_dvc(repository: "Repository", words: list[str], cwd: str) -> list[Script]:
    """Give the stages that `dvc repro` or `dvc exp run` runs."""
    bare = [word for word in words[1:] if not word.startswith("-")]
    if bare[:1] != ["repro"] and bare[:2] != ["exp", "run"]:
        return []
    path = repository.has(join(cwd, "dvc.yaml"))
    if not path or "--dry" in words:
        return []
    rest = bare[1:] if bare[0] == "repro" else bare[2:]
    stages = set(repository.yaml(path).get("stages").keys())
    wanted = [word for word in rest if word in stages]
    # A stage alone runs after those that it depends on: without asking which, after all.
    return list(stage_scripts(repository, path, [] if "-s" not in words else wanted))


def expand_mlflow(repository: "Repository", words: list[str], cwd: str) -> list[Script]:
    """Give the entry points that `mlflow run` runs."""
    if words[1:2] != ["run"]:
        return []
    named = [
        words[place + 1]
        for place, word in enumerate(words[:-1])
        if word in ("-e", "--entry-point")
    ]
    folders = [join(cwd, word) for word in words[2:] if not word.startswith("-")]
    for folder in [*folders, cwd]:
        path = repository.has(join(folder, "MLproject"))
        if path:
            return list(entry_scripts(repository, path, named or ["main"]))
    return []


def entry_scripts(
    repository: "Repository", path: str, wanted: list[str]
) -> Iterator[Script]:
    """Give the commands of the entry points of an MLproject."""
    for name, entry in repository.yaml(path).get("entry_points").items():
        command = entry.get("command")
        if command and (not wanted or name in wanted):
            yield Script(command.text, path, command.text_line, path.rpartition("/")[0])


def expand_job(repository: "Repository", words: list[str], cwd: str) -> list[Script]:
    """Give what a job file that is submitted to a cluster runs there."""
    if words[0] not in SUBMITTERS:
        return []
    found: list[Script] = []
    for word in words[1:]:
        path = repository.has(join(cwd, word.rpartition("=")[2]))
        if path.endswith((".yaml", ".yml")):
            for document in repository.yaml_documents(path):
                found += job_scripts(document, path)
        elif path.endswith((".sh", ".sbatch", ".slurm")):
            found.append(Script(f"bash {path}", path, 1, ""))
    return found


def job_scripts(document: Value, path: str) -> Iterator[Script]:
    """Give the commands of a job file: at its top, of its parts, of its containers."""
    for key in JOB_KEYS:
        value = document.get(key)
        if value.text:
            yield Script(value.text, path, value.text_line, "", False)
        elif value.is_list:
            yield Script(
                shlex.join(one.text for one in value.texts()),
                path,
                value.line,
                "",
                False,
            )
    for name in ("jobs", "tasks", "steps"):
        for _, part in document.get(name).items():
            for key in JOB_KEYS:
                if part.get(key).text:
                    value = part.get(key)
                    yield Script(value.text, path, value.text_line, "", False)
    if document.get("apiVersion"):
        yield from container_scripts(document, path)


def container_scripts(document: Value, path: str) -> Iterator[Script]:
    """Give what the containers of a Kubernetes manifest start."""
    for key, value in document.walk():
        if key in ("containers", "initContainers"):
            for container in value.each():
                words = [one.text for one in container.get("command").texts()]
                words += [one.text for one in container.get("args").texts()]
                if words:
                    shell = words[:2] in (
                        ["sh", "-c"],
                        ["bash", "-c"],
                        ["/bin/sh", "-c"],
                        ["/bin/bash", "-c"],
                    )
                    text = words[-1] if shell else shlex.join(words)
                    yield Script(text, path, container.line, "", False)
