"""Tests of a metric that stand, in a workflow, between a training and what releases the model.

Such a test is a gate: where it fails, the job ends before the release.
"""

import ast
import re
from collections.abc import Iterator

from maturity_assessment.scan.commands import Leaf
from maturity_assessment.scan.python.syntax import is_order
from maturity_assessment.scan.repository import Repository

from ._nodes import walk
from ._tests import is_test
from ._training import how_it_trains, tested_paths
from ._verdicts import PLAIN, Body, expand, read_body

RELEASES = re.compile(
    r"(?<![a-z])(publish|deploy|release|promote|register|upload)", re.I
)


def find_gating_tests(repository: Repository) -> Iterator[Leaf]:
    """Give the runs of tests of a metric, after a training and before a release."""
    leaves = repository.commands.ci  # in the order in which a job runs them
    for place, leaf in enumerate(leaves):
        if leaf.tool != "pytest" or not leaf.blocking:
            continue
        later = [one for one in leaves[place + 1 :] if in_job(one, leaf)]
        later += [one for one in leaves if waits(one, leaf)]
        if not any(RELEASES.search(said(one)) for one in later):
            continue
        earlier = [one for one in leaves[:place] if in_job(one, leaf)]
        earlier += [one for one in leaves if waits(leaf, one)]
        trained = any(
            how_it_trains(repository, one) not in ("", "test") for one in earlier
        )
        paths = tested_paths(repository, leaf) if trained else []
        if any(repository.keep("metric tests", path, tests_metric) for path in paths):
            yield leaf


def in_job(one: Leaf, other: Leaf) -> bool:
    """Whether one job of a workflow runs both commands."""
    return one.workflow is other.workflow and one.job is other.job


def waits(later: Leaf, earlier: Leaf) -> bool:
    """Whether the job of a command only starts after that of another has succeeded."""
    if later.workflow is not earlier.workflow or not later.job or not earlier.job:
        return False
    return earlier.job.id in later.job.needs


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
