"""A file of tests that checks something and exercises the project's own code.

`assert True` and `pass` check nothing; a test that imports nothing of the project exercises
nothing of it, unless it starts the project as a process.
"""

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._findings import conclude
from ._tests import TestFile, find_tests

ADVICE = "Write a test for each function that data and predictions go through, and run them in CI."
PRONE = "Medium: tests of code installed from elsewhere, or in another language, are not seen."


def detect(repository: Repository) -> Finding:
    """Look at every file of tests."""
    return conclude(
        "tests_unit",
        [cite_test(repository, one) for one in find_tests(repository)],
        present="Tests check the project's own code.",
        partial="Tests check something, but the project's code only from outside.",
        absent="No test checks the project's code.",
    )


def cite_test(repository: Repository, test: TestFile) -> Evidence:
    """Make evidence of a file of tests."""
    reasons = []
    if not test.checks:
        reasons.append("it checks nothing")
    elif not test.uses and not test.starts:
        reasons.append("it exercises nothing of the project")
    line = test.checks[0] if test.checks else 0
    strength = Strength.STRONG if test.uses else Strength.MEDIUM
    excerpt = "" if line else "no assertion"
    return repository.cite(test.path, line, "ast", strength, reasons, excerpt=excerpt)
