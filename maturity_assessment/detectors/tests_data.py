"""Tests of the data: of the code that loads, splits and shapes it, or of the data itself.

A test counts where it calls such code of the project and checks what comes out, or where it
reads a table and asserts its properties. One that is always skipped is half of it.
"""

from maturity_assessment.evidence import Finding
from maturity_assessment.scan.repository import Repository

from ._findings import conclude
from ._test_cases import DATA, cite_cases, find_cases

ADVICE = (
    "Test the loading and shaping code on a few rows, and assert what the data must"
    " hold."
)
PRONE = "Medium: code whose names do not speak of data is not recognised."


def detect(repository: Repository) -> Finding:
    """Look at every test function."""
    return conclude(
        "tests_data",
        cite_cases(repository, find_cases(repository, DATA)),
        present="Tests check the data, or the code that loads and shapes it.",
        partial="Such tests exist, but are always skipped.",
        absent="No test checks the data, nor the code that loads or shapes it.",
    )
