"""CircleCI: jobs and their commands, in the workflows that run them."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..budget import Budget
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
            jobs = tuple(Reader(root, path, repository.steps).jobs(flow))
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


class Reader:
    """Reads the jobs of a configuration, and its own commands in the place of their names."""

    def __init__(self, root: Value, path: str, budget: Budget) -> None:
        self.root = root
        self.path = path
        self.budget = budget
        self.cwd = ""  # of the job that is read

    def jobs(self, flow: Value) -> Iterator[Job]:
        """Give the jobs that a workflow runs; without workflows all there are."""
        if not flow:
            for name, body in self.root.get("jobs").items():
                yield self.job(name, body, EMPTY, ())
        held: set[str] = set()
        for entry in flow.get("jobs").each():
            name, options = (entry.items() or [(entry.text, EMPTY)])[0]
            needs = {one.text for one in options.get("requires").texts()}
            if options.get("type").text == "approval":
                held.add(name)
            elif self.budget.spend():
                body = self.root.get("jobs", name)
                reasons = never(flow.get("when").text)
                yield self.job(name, body, options, reasons, bool(held & needs))

    def job(  # pylint: disable=too-many-arguments,too-many-positional-arguments
        self,
        name: str,
        body: Value,
        options: Value,
        reasons: tuple[str, ...],
        approval: bool = False,
    ) -> Job:
        """Read one job, with what the workflow says of it."""
        self.cwd = in_checkout(body.get("working_directory").text)
        tags = options.get("filters", "tags")
        only_tags = tags and options.get("filters", "branches", "ignore")
        return Job(
            id=name,
            path=self.path,
            line=body.line or options.line,
            steps=tuple(self.steps(body.get("steps"), reasons, DEPTH)),
            uses="" if body else name,
            inputs=plain(options),
            reasons=reasons,
            needs=tuple(one.text for one in options.get("requires").texts()),
            triggers=(Trigger("tag", "", tags.line),) if only_tags else (),
            approval=approval,
        )

    def steps(
        self, steps: Value, reasons: tuple[str, ...], depth: int
    ) -> Iterator[Step]:
        """Give the steps of a list, those of the configuration's own commands in their place."""
        for step in steps.each():
            name, body = (step.items() or [(step.text, EMPTY)])[0]
            command = self.root.get("commands", name)
            if not self.budget.spend():
                return
            if name == "run":
                yield self.run(step, body, reasons)
            elif name in ("when", "unless"):
                off = never(body.get("condition").text)
                yield from self.steps(body.get("steps"), reasons + off, depth)
            elif command and depth > 0:
                yield from self.steps(command.get("steps"), reasons, depth - 1)
            else:
                inputs = plain(body)
                yield Step(
                    name,
                    self.path,
                    step.line,
                    uses=name,
                    inputs=inputs,
                    reasons=reasons,
                )

    def run(self, step: Value, body: Value, reasons: tuple[str, ...]) -> Step:
        """Read a step that runs a shell."""
        run = body if body.text else body.get("command")
        return Step(
            name=body.get("name").text,
            path=self.path,
            line=step.line,
            run=run.text,
            run_line=run.text_line,
            reasons=reasons,
            cwd=in_checkout(body.get("working_directory").text) or self.cwd,
        )


def in_checkout(folder: str) -> str:
    """Give a folder as seen from the repository, which is checked out as `project`."""
    return re.sub(r"^(~|/home/circleci)/project/?", "", folder)
