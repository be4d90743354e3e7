"""Bitbucket, Travis, Taskcluster, Drone and Woodpecker, CodeBuild, and Wikimedia's pipelines."""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from yaml import ScalarNode

from ..config.yamls import EMPTY, Value
from .model import Job, Step, Trigger, Workflow, plain, tolerated

if TYPE_CHECKING:
    from ..repository import Repository

PUSH = (Trigger("push"), Trigger("pull_request"))
OUTSIDE = (Trigger("external"),)


def make_job(
    name: str, scripts: Iterable[Value], path: str, *reasons: str, line: int = 0
) -> Job:
    """Make a job of one step from texts of shell."""
    texts = [one for script in scripts for one in script.texts()]
    first = texts[0].text_line if texts else line
    run = "\n".join(one.text for one in texts)
    step = Step(name, path, first, run, first, reasons=reasons)
    return Job(name, path, line or first, (step,) if run else (), reasons=reasons)


def read_bitbucket(root: Value, path: str) -> Iterator[Workflow]:
    """Bitbucket Pipelines: default, branches, tags, pull requests and those run by hand."""
    kinds = {"pull-requests": "pull_request", "tags": "tag", "custom": "manual"}
    for section, body in root.get("pipelines").items():
        parts = [("default", body)] if body.is_list else body.items()
        for name, steps in parts:
            jobs = tuple(bitbucket_jobs(steps, path))
            trigger = Trigger(kinds.get(section, "push"), name, steps.line)
            yield Workflow("bitbucket", path, f"{section} {name}", (trigger,), jobs)


def bitbucket_jobs(steps: Value, path: str) -> Iterator[Job]:
    """Give the steps of a pipeline, those side by side too."""
    for entry in steps.each():
        inner = entry.get("parallel")
        for one in [entry, *(inner.each() or inner.get("steps").each())]:
            step = one.get("step")
            if step:
                yield make_job(
                    step.get("name").text or "step", [step.get("script")], path
                )


def read_travis(root: Value, path: str) -> Iterator[Workflow]:
    """Travis CI: the phases of a build, and the deployment that follows."""
    phases = (
        "before_install",
        "install",
        "before_script",
        "script",
        "after_success",
        "deploy",
    )
    jobs = [
        make_job(phase, [root.get(phase)], path) for phase in phases if root.get(phase)
    ]
    for one in [
        *root.get("jobs", "include").each(),
        *root.get("matrix", "include").each(),
    ]:
        jobs.append(make_job(one.any("stage", "name").text, [one.get("script")], path))
    for one in root.get("deploy").each() or [root.get("deploy")]:
        if one.get("provider"):
            uses = f"travis:{one.get('provider').text}"
            step = Step("deploy", path, one.line, uses=uses, inputs=plain(one))
            script = one.get("script")
            run = Step("deploy", path, script.line, script.text, script.text_line)
            jobs.append(
                Job("deploy", path, one.line, (step, run) if script else (step,))
            )
    yield Workflow(
        "travis", path, "Travis CI", PUSH, tuple(job for job in jobs if job.steps)
    )


def read_drone(root: Value, path: str) -> Iterator[Workflow]:
    """Drone and Woodpecker: steps with commands, as a list or by name."""
    steps = root.any("steps", "pipeline")
    named = [(one.get("name").text, one) for one in steps.each()] or steps.items()
    jobs = [
        make_job(
            name,
            [step.get("commands")],
            path,
            *tolerated(step, "failure"),
            line=step.line,
        )
        for name, step in named
    ]
    events = root.get("trigger", "event").texts() or root.get("when", "event").texts()
    kinds = [Trigger("schedule" if one.text == "cron" else one.text) for one in events]
    yield Workflow("drone", path, "Drone", tuple(kinds) or PUSH, tuple(jobs))


def read_codebuild(root: Value, path: str) -> Iterator[Workflow]:
    """AWS CodeBuild: the commands of each phase."""
    jobs = [
        make_job(name, [phase.get("commands")], path, line=phase.line)
        for name, phase in root.get("phases").items()
    ]
    if any(job.steps for job in jobs):
        yield Workflow("codebuild", path, "CodeBuild", OUTSIDE, tuple(jobs))


def read_taskcluster(root: Value, path: str) -> Iterator[Workflow]:
    """Taskcluster: the tasks of a kind, or those of `.taskcluster.yml` itself."""
    defaults = root.any("task-defaults", "job-defaults")
    tasks = root.any("tasks", "jobs")
    named = tasks.items() or [
        (one.get("metadata", "name").text, one) for one in tasks.each()
    ]
    jobs: list[Job] = []
    for name, task in named:
        run, worker = task.get("run"), task.any("worker", "payload")
        command = run.get("command") or worker.get("command")
        command = (
            command
            or defaults.get("run", "command")
            or defaults.get("worker", "command")
        )
        texts = [one.text for one in command.texts()]
        line = command.line or task.line
        # A list is the words of one command: what the shell is given is the last of them.
        text = (
            texts[-1]
            if texts[:1] in (["/bin/bash"], ["bash"], ["sh"])
            else " ".join(texts)
        )
        step = Step(
            name,
            path,
            line,
            text,
            line,
            cwd=run.get("cwd").text.replace("{checkout}", ""),
        )
        jobs.append(Job(name, path, task.line, (step,) if text else ()))
    if any(job.steps for job in jobs):
        yield Workflow("taskcluster", path, path, PUSH, tuple(jobs))


def read_blubber(root: Value, path: str) -> Iterator[Workflow]:
    """Wikimedia's pipeline library runs the entry point of a variant of the image."""
    variants = root.get("variants")
    jobs = [
        make_job(name, [quoted(body.get("entrypoint"))], path, line=body.line)
        for name, body in variants.items()
    ]
    if variants:
        yield Workflow(
            "blubber", path, path, OUTSIDE, tuple(job for job in jobs if job.steps)
        )


def quoted(words: Value) -> Value:
    """Make one text of the words of a command."""
    node = words.node
    if node is None:
        return EMPTY
    text = " ".join(one.text for one in words.texts())
    tag = "tag:yaml.org,2002:str"
    return Value(ScalarNode(tag, text, node.start_mark, node.end_mark))


READERS: list[tuple[tuple[str, ...], Callable[[Value, str], Iterator[Workflow]]]] = [
    (("bitbucket-pipelines.yml",), read_bitbucket),
    ((".travis.yml",), read_travis),
    ((".drone.yml", ".woodpecker.yml", ".woodpecker/*.y*ml"), read_drone),
    (("*buildspec*.yml", "*buildspec*.yaml"), read_codebuild),
    ((".taskcluster.yml", "**/taskcluster/**/kind.yml"), read_taskcluster),
    (("**/.pipeline/*blubber.yaml", "blubber.yaml"), read_blubber),
]


def read_workflows(repository: "Repository") -> list[Workflow]:
    """Read every workflow of these systems."""
    found: list[Workflow] = []
    for patterns, reader in READERS:
        for path in repository.find(*patterns, shared=True):
            for root in repository.yaml_documents(path):
                found += reader(root, path)
    return found
