"""A type checker that is configured and run: by a hook, in CI or by a target.

mypy, pyright (or basedpyright), ty, pytype, pyre and pyrefly count. A configuration that
nothing runs, or that CI switches off, is half of it; a name in a list of requirements is
nothing.
"""

from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.commands import Leaf
from maturity_assessment.scan.config.tables import dig, line_of
from maturity_assessment.scan.repository import Repository

from ._findings import cite_leaf, conclude, first_lines

ADVICE = "Configure mypy or pyright and run it in a hook and in CI."
PRONE = "Low: the names of checkers are few. One that only an editor runs is not seen."

CHECKERS = (
    "mypy",
    "dmypy",
    "pyright",
    "basedpyright",
    "ty check",
    "ty-check",
    "pytype",
    "pyre",
    "pyrefly",
    "zuban check",
    "mypy-check",
    "run-mypy",
    "pyright-python",
)
NAMES = ("mypy", "pyright", "basedpyright", "pytype", "pyre", "pyrefly", "ty")
FILES = (
    "mypy.ini",
    ".mypy.ini",
    "pyrightconfig.json",
    "ty.toml",
    "pyrefly.toml",
    "pytype.cfg",
)
IDLE = ("--version", "--help", "-h", "--install-types")
OFF = ("false", "no", "off", "0")


def detect(repository: Repository) -> Finding:
    """Look at every command, then at configuration."""
    leaves = [leaf for leaf in repository.commands.all if is_check(leaf)]
    found = [cite(repository, leaf) for leaf in first_lines(leaves)]
    return conclude(
        "type_check",
        [*found, *configured(repository)],
        present="Types are checked.",
        partial="A type checker is configured, and nothing runs it.",
        absent="Nothing checks types.",
    )


def is_check(leaf: Leaf) -> bool:
    """Whether a command checks types, or an action that a workflow uses does."""
    if leaf.runs(*CHECKERS) or leaf.tool == "pytest" and "--mypy" in leaf.args:
        return True
    parts = leaf.tool.lower().replace("_", "-").replace("/", "-").split("-")
    if "/" in leaf.tool and set(parts) & set(NAMES):
        return True
    return "/" in leaf.tool and any(wanted(one) for one in leaf.args)


def wanted(given: str) -> bool:
    """Whether an input of an action or a workflow switches a checker on."""
    name, _, value = given.lower().partition("=")
    speaks = any(
        mark in name for mark in ("typecheck", "type_check", "type-check", "mypy")
    )
    return speaks and value.strip() not in (*OFF, "")


def cite(repository: Repository, leaf: Leaf) -> Evidence:
    """Make evidence of a run of a checker."""
    idle = [f"`{one}` checks nothing" for one in leaf.args if one in IDLE[:3]]
    return cite_leaf(repository, leaf, *idle)


def configured(repository: Repository) -> Iterator[Evidence]:
    """Give the configurations, which are weak by themselves."""
    for path in repository.find(*FILES):
        if repository.read(path).strip():
            yield repository.cite(path, 1, "config", Strength.WEAK)
    for path in repository.find("pyproject.toml"):
        for name in NAMES:
            if dig(repository.toml(path), "tool", name):
                line = line_of(repository.read(path), f"tool.{name}")
                yield repository.cite(path, line or 1, "config", Strength.WEAK)
    for path in repository.find("setup.cfg", "tox.ini"):
        if any(name.split(":")[0] in NAMES for name in repository.ini(path)):
            yield repository.cite(path, 1, "config", Strength.WEAK)
