"""Checks of the data in the pipeline that stop it: a schema, expectations, or rules of one's own.

Great Expectations, pandera, TensorFlow Data Validation, Deequ, Deepchecks, Soda, dbt tests,
Evidently's test suites, pydantic over rows, SageMaker's quality checks and functions that
raise on bad data count. What only logs, is skipped, is never called or exists only in tests
is half of it.
"""

from maturity_assessment.evidence import Evidence, Finding
from maturity_assessment.scan.commands import Leaf
from maturity_assessment.scan.repository import Repository

from .._findings import cite_leaf, conclude, first_lines
from .columns import by_columns
from .libraries import by_library
from .own_code import by_own_code
from .words import COMMANDS

ADVICE = (
    "Check columns, types, ranges and missing values before training, and stop when one"
    " fails."
)
PRONE = "Medium: rules of one's own are recognised by names such as `validate_schema`."


def detect(repository: Repository) -> Finding:
    """Look at libraries, commands and functions that check data."""
    leaves = [leaf for leaf in repository.commands.all if leaf.runs(*COMMANDS)]
    found = [cite_command(repository, leaf) for leaf in first_lines(leaves)]
    found += [*by_library(repository), *by_own_code(repository)]
    found += by_columns(repository)
    return conclude(
        "data_validation",
        found,
        present="Checks of the data stop the pipeline.",
        partial=(
            "The data is checked, but nothing stops when it is bad, or only tests"
            " do it."
        ),
        absent="Nothing checks the data before it is used.",
    )


def cite_command(repository: Repository, leaf: Leaf) -> Evidence:
    """Make evidence of a command that fails on bad data."""
    return cite_leaf(repository, leaf)
