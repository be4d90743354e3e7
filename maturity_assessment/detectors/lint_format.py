"""A linter or formatter that is configured, is a hook, or runs in CI or a task."""

from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.config.tables import dig, line_of
from maturity_assessment.scan.repository import Repository

from ._findings import cite_leaf, conclude, first_lines

ADVICE = "Configure ruff or black in pyproject.toml, and run it in CI and before each commit."
PRONE = (
    "Low: linters have few names. One that only an editor is set up to run is not seen."
)

TOOLS = (
    "ruff",
    "black",
    "flake8",
    "pylint",
    "isort",
    "pycodestyle",
    "yapf",
    "autopep8",
    "pydocstyle",
    "ruff-format",
    "ruff-check",
    "autoflake",
    "blue",
    "pyflakes",
    "prospector",
    "sqlfluff",
    "super-linter/super-linter",
    "github/super-linter",
    "psf/black",
    "astral-sh/ruff-action",
    "chartboost/ruff-action",
    "py-actions/flake8",
    "lintr",
    "styler",
    "hlint",
    "docformatter",
    "black-jupyter",
    "nbqa",
    "nbqa-black",
    "nbqa-ruff",
    "nbqa-flake8",
    "pyupgrade",
    "reorder-python-imports",
)
FILES = (
    ".flake8",
    ".pylintrc",
    "pylintrc",
    "ruff.toml",
    ".ruff.toml",
    ".style.yapf",
    ".isort.cfg",
    ".lintr",
    ".pycodestyle",
)
TABLES = (
    "ruff",
    "black",
    "isort",
    "pylint",
    "flake8",
    "yapf",
    "autopep8",
    "pydocstyle",
    "blue",
)
SECTIONS = (
    "flake8",
    "pylint",
    "pycodestyle",
    "isort",
    "pylint.MASTER",
    "tool:isort",
    "yapf",
    "pep8",
)


def detect(repository: Repository) -> Finding:
    """Look at commands, hooks and configuration."""
    leaves = [leaf for leaf in repository.commands.ci if leaf.tool in TOOLS]
    found = [cite_leaf(repository, leaf) for leaf in first_lines(leaves)]
    found += [*hooks(repository), *configuration(repository)]
    tasks = [leaf for leaf in repository.commands.tasks if leaf.tool in TOOLS]
    found += [
        cite_leaf(repository, leaf, strength=Strength.MEDIUM)
        for leaf in first_lines(tasks)
    ]
    return conclude(
        "lint_format",
        found,
        present="A linter or formatter is configured or run.",
        absent="No linter or formatter is configured or run.",
    )


def hooks(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of hooks that lint or format."""
    for hook in repository.hooks:
        if hook.id in TOOLS or hook.entry.split(" ")[0] in TOOLS:
            reasons = ("the hook runs only by hand",) if hook.manual else ()
            yield repository.cite(
                hook.path, hook.line, "config", Strength.STRONG, reasons
            )


def configuration(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of configuration files and of tables in shared ones."""
    for path in repository.find(*FILES, without=("example", "docs")):
        reasons = () if repository.read(path).strip() else ("the file is empty",)
        yield repository.cite(path, 1, "config", Strength.MEDIUM, reasons)
    for path in repository.find("pyproject.toml", without=("example", "docs")):
        for name in TABLES:
            if isinstance(dig(repository.toml(path), "tool", name), dict):
                line = line_of(repository.read(path), f"tool.{name}")
                yield repository.cite(path, line, "config")
    for path in repository.find("setup.cfg", "tox.ini", without=("example", "docs")):
        for name in SECTIONS:
            if name in repository.ini(path):
                yield repository.cite(
                    path, line_of(repository.read(path), name), "config"
                )
