"""Tests that build, train or load a model and assert its shape, loss, metric or answers."""

from maturity_assessment.evidence import Finding
from maturity_assessment.scan.repository import Repository

from ._findings import conclude
from ._test_cases import MODEL, cite_cases, find_cases

ADVICE = (
    "Test that the model learns on a few rows, and how its answers move with the"
    " inputs."
)
PRONE = "Medium: code whose names do not speak of models is not recognised."


def detect(repository: Repository) -> Finding:
    """Look at every test function."""
    return conclude(
        "tests_model",
        cite_cases(repository, find_cases(repository, MODEL)),
        present="Tests check what a model does.",
        partial="Such tests exist, but are always skipped.",
        absent="No test checks a model.",
    )
