"""CircleCI: jobs and their commands, in the workflows that run them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..config.yamls import EMPTY, Value
from .model import Job, Step, Trigger, Workflow, never, plain

if TYPE_CHECKING:
    from ..repository import Repository

FILES = (".circleci/config.yml", ".circleci/config.yaml")
DEPTH = 6


def read_workflows(repository: "Repository") -> list[Workflow]:
    """Read every workflow of the configuration."""
    found: list[Workflow] = []
    for path in repository.top("**/.circleci/config.y*ml") or repository.find(
        *FILES, shared=True
    ):
        root = repository.yaml(path)
        flows = [
            (name, flow) for name, flow in root.get("workflows").items() if flow.is_map
        ]
        for name, flow in flows or [("build", EMPTY)]:
            jobs = tuple(read_jobs(root, flow, path))
            found.append(
                Workflow("circleci", path, name, tuple(read_triggers(flow)), jobs)
            )
    return found


def read_triggers(flow: Value) -> list[Trigger]:
    """Read what starts a workflow: a push, unless it has triggers of its own."""
    schedules = [one.get("schedule") for one in flow.get("triggers").each()]
    found = [
        Trigger("schedule", one.get("cron").text, one.line) for one in schedules if one
    ]
    return found or [Trigger("push"), Trigger("pull_request")]


def read_jobs(root: Value, flow: Value, path: str) -> Iterator[Job]:
    """Give the jobs that a workflow runs; without workflows all there are."""
    wanted = flow.get("jobs").each()
    if not flow:
        for name, body in root.get("jobs").items():
            yield read_job(name, body, root, EMPTY, path, ())
    held: set[str] = set()
    for entry in wanted:
        name, options = (entry.items() or [(entry.text, EMPTY)])[0]
        needs = [one.text for one in options.get("requires").texts()]
        if options.get("type").text == "approval":
            held.add(name)
        else:
            body = root.get("jobs", name)
            reasons = never(flow.get("when").text)
            yield read_job(
                name, body, root, options, path, reasons, bool(held & set(needs))
            )


def read_job(  # pylint: disable=too-many-arguments,too-many-positional-arguments
    name: str,
    body: Value,
    root: Value,
    options: Value,
    path: str,
    reasons: tuple[str, ...],
    approval: bool = False,
) -> Job:
    """Read one job, with what the workflow says of it."""
    steps = list(read_steps(body.get("steps"), root, path, reasons, DEPTH))
    tags = options.get("filters", "tags")
    only_tags = tags and options.get("filters", "branches", "ignore")
    return Job(
        id=name,
        path=path,
        line=body.line or options.line,
        steps=tuple(steps),
        uses="" if body else name,
        inputs=plain(options),
        reasons=reasons,
        needs=tuple(one.text for one in options.get("requires").texts()),
        triggers=(Trigger("tag", "", tags.line),) if only_tags else (),
        approval=approval,
    )


def read_steps(
    steps: Value, root: Value, path: str, reasons: tuple[str, ...], depth: int
) -> Iterator[Step]:
    """Give the steps of a list, those of the configuration's own commands in their place."""
    for step in steps.each():
        name, body = (step.items() or [(step.text, EMPTY)])[0]
        command = root.get("commands", name)
        if name == "run":
            run = body if body.text else body.get("command")
            cwd = body.get("working_directory").text
            label = body.get("name").text
            line = run.text_line
            yield Step(label, path, step.line, run.text, line, reasons=reasons, cwd=cwd)
        elif name in ("when", "unless"):
            off = never(body.get("condition").text)
            yield from read_steps(
                body.get("steps"), root, path, reasons + off, depth - 1
            )
        elif command and depth > 0:
            yield from read_steps(command.get("steps"), root, path, reasons, depth - 1)
        else:
            yield Step(
                name, path, step.line, uses=name, inputs=plain(body), reasons=reasons
            )
