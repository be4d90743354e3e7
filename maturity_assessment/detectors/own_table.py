"""The data described in one declarative file that code reads: its columns and its target.

A file of settings (YAML, TOML or JSON) that lists the columns or features with the target
counts where code names it; more so with types, ranges or the split. A list of columns without
a target, or a file that no code reads, is half of it; constants in code are nothing.
"""

import re
from collections.abc import Iterator
from typing import Any

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.commands.tasks import plain
from maturity_assessment.scan.repository import Repository

from ._findings import conclude
from ._places import source_modules

ADVICE = "Describe columns, target and split in one file that every step reads."
PRONE = "Medium: words other than columns, features and target are not recognised."

COLUMNS = re.compile(
    r"^(columns?|features?|feature_(columns|names|list)|input_(columns|features)"
    r"|numeric(al)?_(columns|features|cols|vars)"
    r"|categorical_(columns|features|cols|vars)|num_(features|cols)|cat_(features|cols)"
    r"|predictors|schema)$",
    re.I,
)
TARGET = re.compile(
    r"^(target|target_(column|col|name|variable|feature)|label|label_(column|col|name)"
    r"|targets?|labels?|response|dependent_variable|y_column)$",
    re.I,
)
NOT_DATA = re.compile(
    r"(^|/)(\.github|\.gitlab|k8s|kubernetes|charts?|helm|monitoring|grafana|terraform"
    r"|node_modules|i18n)(/|$)|package(-lock)?\.json$|\.lock$"
)


def detect(repository: Repository) -> Finding:
    """Look at every file of settings that is not too large."""
    return conclude(
        "own_table",
        tables(repository),
        present="One file describes the columns and the target, and code reads it.",
        partial=(
            "A file describes the columns, but not the target, or no code reads it."
        ),
        absent="No file describes the data.",
    )


def tables(repository: Repository) -> Iterator[Evidence]:
    """Give the files that describe a table."""
    paths = repository.find(
        "*.yaml", "*.yml", "*.toml", "*.json", without=("test", "docs", "generated")
    )
    for path in paths:
        if (
            NOT_DATA.search(path)
            or repository.files[path].size > 200_000
            or path.startswith(".")
        ):
            continue
        text = repository.read(path)
        if (
            not re.search(r"column|feature|schema|cols|predictors", text, re.I)
            or '"cells"' in text[:200]
        ):
            continue
        content = load(repository, path)
        columns, target = describe(content)
        if columns:
            read = is_read(repository, path)
            strength = Strength.STRONG if target and read else Strength.WEAK
            line = next(
                (
                    n
                    for n, t in enumerate(text.splitlines(), 1)
                    if COLUMNS.match(
                        t.strip(" -\"'")
                        .partition(":")[0]
                        .strip(" \"'")
                        .partition(" ")[0]
                    )
                ),
                1,
            )
            yield repository.cite(path, line, "config", strength)


def load(repository: Repository, path: str) -> Any:
    """Read a file as plain values."""
    if path.endswith(".toml"):
        return repository.toml(path)
    return (
        repository.json(path)
        if path.endswith(".json")
        else plain(repository.yaml(path))
    )


def describe(content: Any, depth: int = 4) -> tuple[bool, bool]:
    """Say whether a value lists columns, and whether it names a target."""
    columns = target = False
    for key, value in content.items() if isinstance(content, dict) else []:
        several = isinstance(value, (list, dict)) and len(value) > 1
        columns = columns or bool(COLUMNS.match(str(key))) and several and names(value)
        target = target or bool(TARGET.match(str(key))) and bool(value)
        if depth and isinstance(value, dict):
            inner = describe(value, depth - 1)
            columns, target = columns or inner[0], target or inner[1]
    return columns, target


def names(value: Any) -> bool:
    """Whether a value names columns: texts, or a table for each."""
    if isinstance(value, dict):
        return all(isinstance(one, (str, dict)) for one in value.values())
    return all(isinstance(one, (str, dict)) for one in value)


def is_read(repository: Repository, path: str) -> bool:
    """Whether code, or a command, names the file."""
    name = path.rpartition("/")[2]
    stem = name.rpartition(".")[0]
    for module in source_modules(repository):
        text = repository.read(module.path)
        if name in text or re.search(
            rf"config_name\s*=\s*[\"']{re.escape(stem)}[\"']", text
        ):
            return True
    return any(name in word for leaf in repository.commands.all for word in leaf.args)
