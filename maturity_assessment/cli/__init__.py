"""The command `mlops-maturity`: each of its parts is a module of this folder.

Exit codes: 0 done; 1 what was asked with --fail-under or --require is not met, or a
repository of a portfolio could not be scanned; 2 the command could not do what was asked,
and says so in one sentence.
"""

from importlib.metadata import PackageNotFoundError, version

import click

from .ask import ask
from .describe import describe
from .history import history
from .portfolio import portfolio
from .scan import scan

EXIT_CODES = (
    "Exit codes: 0 done; 1 below --fail-under, without a --require, or a repository of a "
    "portfolio that could not be scanned; 2 refused, with one sentence that says why."
)


def find_version() -> str:
    """Give the version that is installed, if any is."""
    try:
        return version("mlops-ladder")
    except PackageNotFoundError:
        return "from a clone, not installed"


@click.group(
    epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(find_version(), message="%(version)s")
def main() -> None:
    """Say which level of the MLOps ladder a repository reaches, with the evidence.

    Nothing of a repository is run, nothing is fetched, and a scan writes nothing into it.
    """


for command in (scan, ask, history, portfolio, describe):
    main.add_command(command)
