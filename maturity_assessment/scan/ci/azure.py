"""Azure Pipelines: stages, jobs, deployments and the templates that they take from the tree."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ..config.yamls import Value
from ..limits import YAML_BYTES
from .model import Job, Step, Trigger, Workflow, never, plain, tolerated

if TYPE_CHECKING:
    from ..repository import Repository

FILES = ("*.yml", "*.yaml")
HEAD = re.compile(r"^(steps|jobs|stages|extends)\s*:", re.M)
DEPTH = 10
SHELLS = ("script", "bash", "pwsh", "powershell")
INLINE = ("script", "inlineScript", "inline", "arguments")
MACRO = re.compile(r"\$\(([A-Za-z][\w.]*)\)")
OURS = re.compile(
    r"^\$\{(Build_SourcesDirectory|System_DefaultWorkingDirectory|Pipeline_Workspace)\}/?(s/)?"
)


def read_workflows(repository: "Repository") -> list[Workflow]:
    """Read every pipeline; a template that some pipeline takes is read as part of it."""
    found: list[Workflow] = []
    for path in repository.find(*FILES, shared=True):
        if is_pipeline(repository, path):
            root = repository.yaml(path)
            reader = Reader(repository, path)
            jobs = tuple(reader.jobs(root, path, DEPTH))
            name = root.get("name").text or path.rpartition("/")[2]
            found.append(
                Workflow("azure", path, name, tuple(read_triggers(root)), jobs)
            )
    return found


def is_pipeline(repository: "Repository", path: str) -> bool:
    """Whether a file is a pipeline and not only a part of one."""
    if path.startswith((".github/", ".gitlab", ".circleci/")):
        return False
    if not HEAD.search(repository.read(path, YAML_BYTES)):
        return False
    root = repository.yaml(path)
    whole = root.any("trigger", "pool", "pr", "schedules", "resources")
    named = path.rpartition("/")[2].lower().startswith("azure-pipeline")
    parts = [*root.get("stages").each(), *root.get("jobs").each(), root.get("extends")]
    steps = any(
        one.any(*SHELLS, "task", "template", "checkout")
        for one in root.get("steps").each()
    )
    return bool(whole or named) and (steps or any(part.is_map for part in parts))


def read_triggers(root: Value) -> Iterator[Trigger]:
    """Read what starts a pipeline: a push does unless `trigger: none` says otherwise."""
    trigger = root.get("trigger")
    if trigger.text != "none":
        tags = trigger.get("tags") and not trigger.get("branches")
        detail = " ".join(
            one.text for one in trigger.get("branches", "include").texts()
        )
        yield Trigger("tag" if tags else "push", detail, trigger.line)
    if root.get("pr") and root.get("pr").text != "none":
        yield Trigger("pull_request", "", root.get("pr").line)
    for one in root.get("schedules").each():
        yield Trigger("schedule", one.get("cron").text, one.line)
    for one in root.get("resources", "pipelines").each():
        if one.get("trigger"):
            yield Trigger("workflow_run", one.get("source").text, one.line)
    if trigger.text == "none":
        yield Trigger("manual", "", trigger.line)


class Reader:
    """Reads the parts of one pipeline, and those of its templates in their place."""

    def __init__(self, repository: "Repository", path: str) -> None:
        self.repository = repository
        self.path = path

    def template(self, value: Value, path: str) -> tuple[Value, str]:
        """Give a template of this repository and its path; an empty value for any other."""
        name = value.get("template").text
        if not name or "@" in name:
            return Value(), ""
        near = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
        target = self.repository.has(near) or self.repository.has(name.lstrip("/"))
        return (self.repository.yaml(target), target) if target else (Value(), "")

    def jobs(self, value: Value, path: str, depth: int) -> Iterator[Job]:
        """Give the jobs of a pipeline, a stage or a template."""
        if depth <= 0 or not self.repository.steps.spend():
            return
        if value.get("steps"):
            yield self.job(value, path, depth)
        parts = [*flatten(value.get("stages")), *flatten(value.get("jobs"))]
        for part in [*parts, *([value.get("extends")] if value.get("extends") else [])]:
            root, target = self.template(part, path)
            if root:
                yield from self.jobs(root, target, depth - 1)
            elif part.any("job", "deployment"):
                yield self.job(part, path, depth)
            else:
                for job in self.jobs(part, path, depth - 1):
                    yield replace(
                        job, reasons=job.reasons + never(part.get("condition").text)
                    )

    def job(self, job: Value, path: str, depth: int) -> Job:
        """Give one job; the steps of a deployment lie in its strategy."""
        condition = job.get("condition").text
        reasons = never(condition) + tolerated(job, "continueOnError")
        lists = [job.get("steps")]
        for name, strategy in job.get("strategy").items():
            if name in ("runOnce", "rolling", "canary"):
                lists += [phase.get("steps") for _, phase in strategy.items()]
        steps = [
            one for steps in lists for one in self.steps(steps, path, reasons, depth)
        ]
        environment = job.get("environment")
        return Job(
            id=job.any("job", "deployment").text or path.rpartition("/")[2],
            path=path,
            line=job.line,
            steps=tuple(steps),
            condition=condition,
            reasons=reasons,
            environment=environment.text or environment.get("name").text,
            needs=tuple(one.text for one in job.get("dependsOn").texts()),
        )

    def steps(
        self, steps: Value, path: str, reasons: tuple[str, ...], depth: int
    ) -> Iterator[Step]:
        """Give the steps of a list, those of templates in their place."""
        for step in flatten(steps):
            if not self.repository.steps.spend():
                return
            root, target = self.template(step, path)
            if root and depth > 0:
                yield from self.steps(root.get("steps"), target, reasons, depth - 1)
            else:
                yield read_step(step, path, reasons)


def known(text: str) -> str:
    """Write `$(Build.SourcesDirectory)` as a shell writes a variable, not a command."""
    return MACRO.sub(lambda found: "${" + found[1].replace(".", "_") + "}", text)


def flatten(values: Value, depth: int = 5) -> Iterator[Value]:
    """Give the elements of a list, also those that `${{ if }}` keeps under it."""
    for one in values.each():
        conditional = [body for key, body in one.items() if key.startswith("${{")]
        if conditional and depth:
            for body in conditional:
                yield from flatten(body, depth - 1)
        else:
            yield one


def read_step(step: Value, path: str, reasons: tuple[str, ...]) -> Step:
    """Read one step: a script, a task with its inputs, or a template from elsewhere."""
    run = step.any(*SHELLS)
    inputs = step.get("inputs")
    run = run or inputs.any(*INLINE[:3])
    script = inputs.any("scriptPath", "filePath", "scriptSource").text
    others = {key: text for key, text in plain(inputs).items() if key not in INLINE}
    arguments = inputs.get("arguments").text
    condition = step.get("condition").text
    cwd = step.get("workingDirectory") or inputs.get("workingDirectory")
    off = (
        ("it is switched off: `enabled: false`",)
        if step.get("enabled").is_false
        else ()
    )
    return Step(
        name=step.any("displayName", "name").text,
        path=path,
        line=step.line,
        run=known(run.text or (f"{script} {arguments}" if "." in script else "")),
        run_line=run.text_line if run else step.line,
        uses=step.any("task", "template").text,
        inputs=others | plain(step.get("parameters")),
        condition=condition,
        reasons=reasons + never(condition) + tolerated(step, "continueOnError") + off,
        strict=False,
        cwd=OURS.sub("", known(cwd.text)),
        env=plain(step.get("env")),
    )
