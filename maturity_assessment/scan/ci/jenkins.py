"""Jenkins: the shell steps of a Jenkinsfile, in their stages."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import tree_sitter_groovy
from tree_sitter import Language, Node, Parser

from ..budget import Budget
from ..limits import SHELL_BYTES
from .model import Job, Step, Trigger, Workflow

if TYPE_CHECKING:
    from ..repository import Repository

GROOVY = Language(tree_sitter_groovy.language())
SHELLS = ("sh", "bat", "powershell", "pwsh")
CALLS = ("method_invocation", "juxt_function_call")
DEPTH = 60
OFF = re.compile(r"when\s*\{\s*expression\s*\{\s*(return\s+)?false\s*;?\s*\}")


def read_workflows(repository: "Repository") -> list[Workflow]:
    """Read every Jenkinsfile."""
    found: list[Workflow] = []
    for path in repository.find(
        "Jenkinsfile*", "*.jenkinsfile", "*.Jenkinsfile", shared=True
    ):
        text = repository.read(path, SHELL_BYTES)
        tree = Parser(GROOVY).parse(text.encode("utf-8", "replace"))
        calls = list(read_calls(tree.root_node))
        jobs = tuple(read_jobs(calls, path, repository.steps))
        if jobs:
            triggers = tuple(read_triggers(calls))
            found.append(Workflow("jenkins", path, "Jenkins", triggers, jobs))
    return found


def text_of(node: Node | None) -> str:
    """Give the source of a node."""
    return (node.text or b"").decode(errors="replace") if node is not None else ""


def name_of(node: Node) -> str:
    """Give the name of what a call calls."""
    first = node.named_children[0] if node.named_children else None
    return text_of(first) if first is not None and first.type == "identifier" else ""


def literal(node: Node) -> str:
    """Give the text in quotes that a node holds."""
    text = text_of(node)
    for mark in ("'''", '"""', "'", '"'):
        if text.startswith(mark):
            return (
                text[len(mark) :]
                .removesuffix(mark)
                .replace("\\n", "\n")
                .replace('\\"', '"')
            )
    return ""


def arguments(node: Node) -> tuple[list[str], dict[str, str]]:
    """Give the texts and the named arguments of a call."""
    texts: list[str] = []
    named: dict[str, str] = {}
    for part in node.named_children[1:]:
        for one in part.named_children if part.type == "argument_list" else []:
            if one.type == "map_item" and len(one.named_children) == 2:
                key, value = one.named_children
                named[text_of(key)] = literal(value) or text_of(value)
            else:
                texts.append(literal(one))
    return texts, named


class Call:
    """A call with the calls that it stands in: `sh` in `dir` in `stage`."""

    def __init__(self, node: Node, outer: "Call | None") -> None:
        self.node = node
        self.outer = outer
        self.name = name_of(node)
        self.line = node.start_point.row + 1

    @cached_property
    def arguments(self) -> tuple[list[str], dict[str, str]]:
        """The texts and the named arguments."""
        return arguments(self.node)

    @property
    def text(self) -> str:
        """The first text that it is given."""
        return next(iter(self.arguments[0]), "")

    @cached_property
    def is_off(self) -> bool:
        """Whether, being a stage, it asks for `false`."""
        return OFF.search(text_of(self.node)) is not None

    def inside(self, *names: str) -> "Call | None":
        """Give the nearest call of some names that it stands in."""
        one = self.outer
        for _ in range(DEPTH):
            if one is None or one.name in names:
                return one
            one = one.outer
        return None


def read_calls(root: Node) -> Iterator[Call]:
    """Give every call, in the order of the text."""
    waiting: list[tuple[Node, Call | None]] = [(root, None)]
    while waiting:
        node, outer = waiting.pop()
        if node.type in CALLS:
            outer = Call(node, outer)
            yield outer
        waiting += [(one, outer) for one in reversed(node.named_children)]


def read_jobs(calls: list[Call], path: str, budget: Budget) -> Iterator[Job]:
    """Give one job for each stage that runs a shell."""
    stages: dict[str, list[Step]] = {}
    lines: dict[str, int] = {}
    waits: set[str] = set()
    for call in calls:
        stage = call.inside("stage")
        name = stage.text if stage else ""
        lines.setdefault(name, stage.line if stage else 1)
        if call.name in SHELLS and budget.spend():
            stages.setdefault(name, []).append(read_step(call, path, stage))
        elif call.name == "input":
            waits.add(name)
    for name, steps in stages.items():
        yield Job(
            name or "build", path, lines[name], tuple(steps), approval=name in waits
        )


def read_step(call: Call, path: str, stage: Call | None) -> Step:
    """Read one shell step, with what may make it idle."""
    texts, named = call.arguments
    run = named.get("script") or next(filter(None, texts), "")
    reasons: list[str] = []
    if named.get("returnStatus") == "true":
        reasons.append("its failure is ignored: `returnStatus: true`")
    if call.inside("catchError", "warnError"):
        reasons.append("its failure is ignored: it stands in catchError")
    if stage and stage.is_off:
        reasons.append("it never runs: its stage asks for `false`")
    folder = call.inside("dir")
    return Step(
        call.name,
        path,
        call.line,
        run,
        call.line,
        reasons=tuple(reasons),
        cwd=folder.text if folder else "",
    )


def read_triggers(calls: list[Call]) -> list[Trigger]:
    """Read the schedules of a pipeline; who else starts it, Jenkins itself knows."""
    found = [Trigger("external")]
    for call in calls:
        if call.name in ("cron", "parameterizedCron"):
            detail = "".join(call.arguments[0])
            found.append(Trigger("schedule", detail, call.line))
        if call.name in ("pollSCM", "githubPush"):
            found.append(Trigger("push", "", call.line))
    return found
