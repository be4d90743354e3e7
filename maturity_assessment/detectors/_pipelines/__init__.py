"""Pipelines that are declared: where, of which framework, and with how many steps."""

from maturity_assessment.scan.once import once
from maturity_assessment.scan.repository import Repository

from .code import from_code
from .declared import Declared
from .files import from_files

__all__ = ["Declared", "find_pipelines"]


@once
def find_pipelines(repository: Repository) -> tuple[Declared, ...]:
    """Give every pipeline with at least two steps."""
    found = [*from_code(repository), *from_files(repository)]
    return tuple(one for one in found if len(one.steps) >= 2)
