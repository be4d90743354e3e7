"""Tests of a metric that stand, in a workflow, between a training and what releases the model.

Such a test is a gate: where it fails, the job ends before the release.
"""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from maturity_assessment.scan.commands import Leaf
from maturity_assessment.scan.python.syntax import is_order
from maturity_assessment.scan.repository import Repository

from ._nodes import walk
from ._tests import is_test
from ._training import how_it_trains, tested_paths
from ._verdicts import PLAIN, Body, expand, read_body

Name = tuple[int, str]
RELEASES = re.compile(
    r"(?<![a-z])(publish|deploy|release|promote|register|upload)", re.I
)


class Runs:
    """Where the commands of one kind run: the first and the last of each job."""

    def __init__(self, leaves: Iterable[Leaf], fits: Callable[[Leaf], bool]) -> None:
        self.first: dict[Name, int] = {}
        self.last: dict[Name, int] = {}
        self.awaited: set[Name] = set()
        for place, leaf in enumerate(leaves):
            if fits(leaf):
                self.first.setdefault(name(leaf), place)
                self.last[name(leaf)] = place
                self.awaited.update(list_needs(leaf))

    def come_after(self, place: int, leaf: Leaf) -> bool:
        """Whether one runs later in the job, or in a job that waits for it."""
        return self.last.get(name(leaf), place) > place or name(leaf) in self.awaited

    def come_before(self, place: int, leaf: Leaf) -> bool:
        """Whether one runs earlier in the job, or in a job that it waits for."""
        earlier = self.first.get(name(leaf), place) < place
        return earlier or any(need in self.first for need in list_needs(leaf))


def find_gating_tests(repository: Repository) -> Iterator[Leaf]:
    """Give the runs of tests of a metric, after a training and before a release."""
    leaves = repository.commands.ci  # in the order in which a job runs them
    releases = Runs(leaves, lambda leaf: bool(RELEASES.search(said(leaf))))
    tests = [
        (place, leaf)
        for place, leaf in enumerate(leaves)
        if leaf.tool == "pytest" and leaf.blocking and releases.come_after(place, leaf)
    ]
    trains = Runs(leaves if tests else [], partial(makes_model, repository))
    for place, leaf in tests:
        if trains.come_before(place, leaf) and is_of_metric(repository, leaf):
            yield leaf


def makes_model(repository: Repository, leaf: Leaf) -> bool:
    """Whether a command trains what is kept."""
    return how_it_trains(repository, leaf) not in ("", "test")


def is_of_metric(repository: Repository, leaf: Leaf) -> bool:
    """Whether one of the tests that a command runs is that of a metric."""
    paths = tested_paths(repository, leaf)
    return any(repository.keep("metric tests", path, tests_metric) for path in paths)


def name(leaf: Leaf) -> Name:
    """Give what tells the job of a command from every other."""
    return id(leaf.workflow), leaf.job.id if leaf.job else ""


def list_needs(leaf: Leaf) -> list[Name]:
    """Name the jobs for which that of a command waits."""
    return [(id(leaf.workflow), need) for need in leaf.job.needs] if leaf.job else []


def said(leaf: Leaf) -> str:
    """Give what a command and its step are called."""
    return f"{leaf.step.name if leaf.step else ''} {leaf.text}"


def tests_metric(repository: Repository, path: str) -> bool:
    """Whether a test of a file asserts that a metric of a model reaches a number."""
    module = repository.python.modules[path]
    return any(
        asserts_metric(read_body(repository, module, one))
        for one in module.functions
        if is_test(one.short) and one.name in module.compares
    )


def asserts_metric(body: Body) -> bool:
    """Whether a function asserts that a metric reaches a number."""
    return any(
        holds(part, body)
        for node in body.nodes
        if isinstance(node, ast.Assert)
        for part in walk(node.test)
    )


def holds(node: ast.AST, body: Body) -> bool:
    """Whether a comparison holds a metric against a number that says something."""
    if not isinstance(node, ast.Compare) or len(node.ops) > 1 or not is_order(node):
        return False
    sides = [node.left, *node.comparators]
    trivial = any(
        isinstance(one, ast.Constant) and one.value in (0, 1) for one in sides
    )
    return not trivial and bool(PLAIN.search(expand(node, body.assigned)))
