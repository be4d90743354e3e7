"""Google Cloud Build: every step is a container with a command."""

import shlex
from typing import TYPE_CHECKING

from ..config.yamls import Value
from .model import Job, Step, Trigger, Workflow, plain

if TYPE_CHECKING:
    from ..repository import Repository

SHELLS = ("bash", "sh", "/bin/bash", "/bin/sh", "/usr/bin/bash", "/busybox/sh")
# Images whose entry point is the program that they are named after.
BUILDERS = (
    "cloud-builders/",
    "cloud-builders-community/",
    "hashicorp/",
    "docker/compose",
)


def read_workflows(repository: "Repository") -> list[Workflow]:
    """Read every file that has steps of containers."""
    found: list[Workflow] = []
    for path in repository.find(
        "*cloudbuild*.y*ml",
        "*cloud-build*.y*ml",
        "**/cloudbuild/**/*.y*ml",
        "**/cloud_build/**/*.y*ml",
        shared=True,
    ):
        root = repository.yaml(path)
        steps = [one for one in root.get("steps").each() if one.get("name")]
        if steps:
            variables = plain(root.get("substitutions"))
            read = tuple(read_step(one, path, variables) for one in steps)
            job = Job("build", path, root.key_line("steps"), read)
            name = path.rpartition("/")[2]
            found.append(
                Workflow("cloudbuild", path, name, (Trigger("external"),), (job,))
            )
    return found


def read_step(step: Value, path: str, variables: dict[str, str]) -> Step:
    """Read one step: its script, or what its entry point is given."""
    script, args = step.get("script"), step.get("args")
    entry = step.get("entrypoint").text
    words = [one.text for one in args.each()] or shlex_split(args.text)
    run, line = script.text, script.text_line
    if not run and entry in SHELLS and words and words[0].startswith("-"):
        run, line = words[-1], args.each()[-1].text_line if args.each() else args.line
    elif not run:
        name = entry or builder(step.get("name").text)
        run, line = (
            shlex.join([*([name] if name else []), *words]),
            args.line or step.line,
        )
    env = dict(one.text.partition("=")[::2] for one in step.get("env").texts())
    tolerated = step.get("allowFailure").is_true
    return Step(
        name=step.get("id").text or step.get("name").text,
        path=path,
        line=step.line,
        run=run.replace("$$", "$"),
        run_line=line,
        reasons=("its failure is ignored: `allowFailure: true`",) if tolerated else (),
        strict=False,
        cwd=step.get("dir").text,
        env={**variables, **env},
    )


def builder(image: str) -> str:
    """Give the command that a builder's image runs: `gcr.io/cloud-builders/docker` -> docker."""
    if "kaniko-project/executor" in image:
        return "kaniko"
    bare = image.partition("@")[0].rpartition("/")[2].partition(":")[0]
    return bare if any(mark in image for mark in BUILDERS) else ""


def shlex_split(text: str) -> list[str]:
    """Split words as a shell does; what it cannot split stays one."""
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()
