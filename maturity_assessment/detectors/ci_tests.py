"""A workflow that runs the tests on every push or pull request.

The command may lie behind make, tox, a script, a container, a reusable workflow or a job that
is submitted elsewhere; what only says that it tests does not.
"""

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.commands import Leaf
from maturity_assessment.scan.repository import Repository

from ._findings import cite_leaf, conclude, first_lines
from ._tests import find_tests

ADVICE = "Run the tests in a workflow that starts on push and on pull requests."
PRONE = "Medium: CI that is set up outside the repository, or an unknown runner, is not seen."

RUNNERS = (
    "pytest",
    "py.test",
    "unittest",
    "nose2",
    "nosetests",
    "tox",
    "nox",
    "hatch test",
    "trial",
    "ward",
    "behave",
    "robot",
    "stestr",
    "zope.testrunner",
    "green",
    "bats",
    "ctest",
    "pytest-3",
    "nose",
    "doctest",
    "xdoctest",
    "karton test",
    "kedro test",
    "dbt test",
    "manage.py test",
)
# Without them a run lists, explains or prepares.
IDLE = (
    "--collect-only",
    "--co",
    "--version",
    "--help",
    "-h",
    "--setup-plan",
    "--fixtures",
    "--notest",
    "--showconfig",
)
EVERY = (
    "push",
    "pull_request",
    "external",
    "merge_request",
    "tag",
    "check_suite",
    "workflow_run",
)


def detect(repository: Repository) -> Finding:
    """Look at every command that a workflow ends in."""
    leaves = [
        leaf for leaf in repository.commands.ci if is_run(leaf) or is_called(leaf)
    ]
    found = [cite(repository, leaf) for leaf in first_lines(leaves)]
    stops = any(leaf.blocking and leaf.operative for leaf in leaves)
    return conclude(
        "ci_tests",
        found,
        present="CI runs the tests on every change."
        + ("" if stops else " Their failure does not stop it."),
        partial="CI can run the tests, but not on every change.",
        absent="No workflow runs the tests.",
    )


def is_run(leaf: Leaf) -> bool:
    """Whether a command runs tests."""
    if (
        leaf.tool == "python"
        and leaf.args[:1]
        and leaf.args[0].endswith(("setup.py", "manage.py"))
    ):
        return "test" in leaf.args[1:3]
    return leaf.runs(*RUNNERS)


def is_called(leaf: Leaf) -> bool:
    """Whether a workflow or action from elsewhere is given tests to run."""
    if "/" not in leaf.tool or leaf.tool.startswith("."):
        return False
    named = any(
        part.startswith("test")
        for part in leaf.tool.lower().replace("_", "-").split("/")[-1].split("-")
    )
    given = any(
        one.lower().startswith(("test", "pytest", "run-test", "run_test", "unit"))
        and "=false" not in one.lower()
        for one in leaf.args
    )
    return (
        given
        and (".github/workflows/" in leaf.tool or named)
        or "pytest" in leaf.tool.lower()
        and "coverage" not in leaf.tool.lower()
        and "comment" not in leaf.tool.lower()
    )


def cite(repository: Repository, leaf: Leaf) -> Evidence:
    """Make evidence of a run of tests, with what makes it idle."""
    reasons = [f"`{one}` runs no test" for one in leaf.args if one in IDLE]
    if (
        is_run(leaf)
        and not any(test.checks for test in find_tests(repository))
        and not other_tests(repository)
    ):
        reasons.append("there is no test to run")
    strength = (
        Strength.STRONG
        if not leaf.triggers or leaf.starts_on(*EVERY)
        else Strength.WEAK
    )
    return cite_leaf(repository, leaf, *reasons, strength=strength)


def other_tests(repository: Repository) -> bool:
    """Whether there are tests in other languages than Python, or doctests."""
    return bool(
        repository.find(
            "*.bats",
            "*_test.go",
            "*Test.java",
            "*.robot",
            "*.feature",
            "**/testthat/*.R",
            "*_test.cc",
            "*_test.cpp",
        )
    )
