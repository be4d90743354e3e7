"""Jenkins: the shell steps of a Jenkinsfile, in their stages."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import tree_sitter_groovy
from tree_sitter import Language, Node, Parser

from ..limits import SHELL_BYTES
from .model import Job, Step, Trigger, Workflow

if TYPE_CHECKING:
    from ..repository import Repository

GROOVY = Language(tree_sitter_groovy.language())
SHELLS = ("sh", "bat", "powershell", "pwsh")
CALLS = ("method_invocation", "juxt_function_call")
DEPTH = 400


def read_workflows(repository: "Repository") -> list[Workflow]:
    """Read every Jenkinsfile."""
    found: list[Workflow] = []
    for path in repository.find(
        "Jenkinsfile*", "*.jenkinsfile", "*.Jenkinsfile", shared=True
    ):
        text = repository.read(path, SHELL_BYTES)
        root = Parser(GROOVY).parse(text.encode()).root_node
        jobs = tuple(read_jobs(root, path))
        if jobs:
            found.append(
                Workflow("jenkins", path, "Jenkins", tuple(read_triggers(root)), jobs)
            )
    return found


def text_of(node: Node | None) -> str:
    """Give the source of a node."""
    return (node.text or b"").decode(errors="replace") if node is not None else ""


def walk(node: Node) -> Iterator[Node]:
    """Give every node below one, in the order of the text."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += reversed(one.named_children)


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


def enclosing(node: Node, *names: str) -> list[Node]:
    """Give the calls of some names that a node stands in, nearest first."""
    found: list[Node] = []
    parent = node.parent
    while parent is not None and len(found) < DEPTH:
        if parent.type in CALLS and name_of(parent) in names:
            found.append(parent)
        parent = parent.parent
    return found


def read_jobs(root: Node, path: str) -> Iterator[Job]:
    """Give one job for each stage that runs a shell."""
    stages: dict[str, list[Step]] = {}
    lines: dict[str, int] = {}
    waits: set[str] = set()
    for node in walk(root):
        if node.type not in CALLS:
            continue
        stage = enclosing(node, "stage")
        name = next(iter(arguments(stage[0])[0]), "") if stage else ""
        lines.setdefault(name, stage[0].start_point.row + 1 if stage else 1)
        if name_of(node) in SHELLS:
            stages.setdefault(name, []).append(read_step(node, path, stage))
        elif name_of(node) == "input":
            waits.add(name)
    for name, steps in stages.items():
        yield Job(
            name or "build", path, lines[name], tuple(steps), approval=name in waits
        )


def read_step(node: Node, path: str, stage: list[Node]) -> Step:
    """Read one shell step, with what may make it idle."""
    texts, named = arguments(node)
    run = named.get("script") or next(filter(None, texts), "")
    reasons: list[str] = []
    if named.get("returnStatus") == "true":
        reasons.append("its failure is ignored: `returnStatus: true`")
    if enclosing(node, "catchError", "warnError"):
        reasons.append("its failure is ignored: it stands in catchError")
    if stage and re.search(
        r"when\s*\{\s*expression\s*\{\s*(return\s+)?false\s*;?\s*\}", text_of(stage[0])
    ):
        reasons.append("it never runs: its stage asks for `false`")
    folder = next((arguments(one)[0] for one in enclosing(node, "dir")), [])
    line = node.start_point.row + 1
    return Step(
        name_of(node),
        path,
        line,
        run,
        line,
        reasons=tuple(reasons),
        cwd="".join(folder[:1]),
    )


def read_triggers(root: Node) -> list[Trigger]:
    """Read the schedules of a pipeline; who else starts it, Jenkins itself knows."""
    found = [Trigger("external")]
    for node in walk(root):
        if node.type in CALLS and name_of(node) in ("cron", "parameterizedCron"):
            detail = "".join(arguments(node)[0])
            found.append(Trigger("schedule", detail, node.start_point.row + 1))
        if node.type in CALLS and name_of(node) in ("pollSCM", "githubPush"):
            found.append(Trigger("push", "", node.start_point.row + 1))
    return found
