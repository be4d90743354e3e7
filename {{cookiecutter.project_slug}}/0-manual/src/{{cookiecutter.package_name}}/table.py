"""What the table is: its target, its columns and its split, read from conf/table.yaml."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import yaml

from . import files
from .refusal import Refusal

PATH = Path("conf/table.yaml")
KINDS = ("number", "boolean", "category", "date")
TASKS = ("classification", "regression")
PARTS = ("train", "validation", "live")


@dataclass(frozen=True)
class Column:
    """One input of the model; `min` and `max` are in the column's own unit."""

    name: str
    kind: str
    missing: bool = False
    min: float | str | None = None
    max: float | str | None = None
    categories: list[str] | None = None


@dataclass(frozen=True)
class Table:
    """A table for supervised learning.

    `split` gives each part either as [from, until) on the time column or, without one,
    as a share of the rows. In a task with two classes the last one is the positive class.
    """

    source: str
    task: str
    target: str
    columns: list[Column]
    split: dict[str, Any]
    classes: list[str] = field(default_factory=list)
    time: str | None = None
    id: str | None = None
    slices: list[str] = field(default_factory=list)
    sensitive: list[str] = field(default_factory=list)
    directions: list[dict[str, Any]] = field(default_factory=list)

    @property
    def features(self) -> list[str]:
        """The names of the model's inputs, in order."""
        return [column.name for column in self.columns]

    @property
    def binary(self) -> bool:
        """Whether there are two classes, so that one score tells all."""
        return self.task == "classification" and len(self.classes) == 2

    @property
    def positive(self) -> str:
        """The class that the score of a two-class model speaks of."""
        return self.classes[-1]

    @property
    def headline(self) -> tuple[str, bool]:
        """The metric that decides, and whether more of it is better."""
        if self.task == "regression":
            return "mean_absolute_error", False
        return ("auc", True) if self.binary else ("log_loss", False)

    def of_kind(self, *kinds: str) -> list[str]:
        """Name the inputs of these kinds."""
        return [column.name for column in self.columns if column.kind in kinds]


def read_table(path: Path = PATH) -> Table:
    """Read and check the description of the table."""
    content = files.read_yaml(path)
    for required in ("source", "task", "target", "columns", "split"):
        if not content.get(required):
            raise Refusal(f"{path} does not say `{required}`; add it.")
    columns = [_read_column(path, item) for item in content.pop("columns")]
    content["classes"] = [str(name) for name in content.get("classes") or []]
    try:
        table = Table(columns=columns, **content)
    except TypeError as error:
        known = ", ".join(item.name for item in fields(Table))
        raise Refusal(f"{path} has a setting that is not one of {known}.") from error
    _check(path, table)
    return table


def _read_column(path: Path, item: Any) -> Column:
    """Read one column; YAML lets a user write almost anything here."""
    try:
        column = Column(**item)
        if column.categories:  # written as 1, meant as "1"
            column = replace(
                column, categories=[str(name) for name in column.categories]
            )
    except TypeError as error:
        known = ", ".join(entry.name for entry in fields(Column))
        raise Refusal(f"{path} has a column {item!r} that is not {known}.") from error
    if column.kind not in KINDS:
        raise Refusal(
            f"Column {column.name!r} in {path} is of kind {column.kind!r}; "
            f"choose one of {', '.join(KINDS)}."
        )
    return column


def _check(path: Path, table: Table) -> None:
    """Refuse what would fail later and elsewhere."""
    if table.task not in TASKS:
        raise Refusal(f"`task` in {path} must be {' or '.join(TASKS)}.")
    if table.task == "classification" and len(table.classes) < 2:
        raise Refusal(f"`classes` in {path} must list at least two classes.")
    if table.target in table.features:
        raise Refusal(
            f"{path} lists the target {table.target!r} as an input; remove it."
        )
    if set(table.split) != set(PARTS):
        raise Refusal(f"`split` in {path} must say {', '.join(PARTS)}.")
    _check_names(path, table)


def _check_names(path: Path, table: Table) -> None:
    """Each role must be given to a column that is there, and to one only."""
    if len(set(table.features)) < len(table.features):
        raise Refusal(f"{path} lists a column twice; remove one.")
    named = [*table.slices, *table.sensitive, *(d["column"] for d in table.directions)]
    unknown = sorted(set(named) - set(table.features))
    if unknown:
        raise Refusal(
            f"{path} names {', '.join(unknown)}, which is not among its columns."
        )


class _Dumper(yaml.SafeDumper):
    """Writes a column on one line, so that a thousand of them stay readable."""


def _dump_column(dumper: yaml.SafeDumper, column: Column) -> yaml.Node:
    said = {name: value for name, value in asdict(column).items() if value is not None}
    return dumper.represent_mapping("tag:yaml.org,2002:map", said, flow_style=True)


_Dumper.add_representer(Column, _dump_column)


def write_table(table: Table, comments: Sequence[str] = (), path: Path = PATH) -> None:
    """Write the description so that a person can read and change it."""
    content = {item.name: getattr(table, item.name) for item in fields(Table)}
    content["columns"] = content.pop("columns")  # the long part comes last
    text = yaml.dump(
        {name: value for name, value in content.items() if value not in (None, [])},
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=10_000,
    )
    head = "".join(f"# {line}\n" for line in comments)
    files.replace(path, lambda draft: draft.write_text(head + text, "utf-8"))
