"""What the table is: its target, its columns and its split, read from conf/table.yaml."""

from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from . import files
from .refusal import Refusal

PATH = Path("conf/table.yaml")
KINDS = ("number", "boolean", "category", "date")
TASKS = ("classification", "regression")
ROLES = ("target", "time", "id")
PARTS = ("train", "validation", "live")


@dataclass(frozen=True)
class Column:
    """One input of the model; `min` and `max` are in the column's own unit.

    `format` is the pattern of dates that are not in ISO 8601, as strptime knows it.
    """

    name: str
    kind: str
    missing: bool = False
    min: float | str | None = None
    max: float | str | None = None
    categories: list[str] | None = None
    format: str | None = None


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

    def column(self, name: str) -> Column:
        """Give the input of this name."""
        return next(column for column in self.columns if column.name == name)

    def show_part(self, part: str) -> str:
        """Say what a part of the split holds: its time, or its share of the rows."""
        share = self.split[part]
        if isinstance(share, list):
            return f"{share[0]} to {share[1]}"
        return f"{share:.0%} of the rows"

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
    for role in ROLES:  # a column may be called 2013
        content[role] = None if content.get(role) is None else str(content[role])
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
        column = replace(Column(**item), name=str(item["name"]))
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
    for role, name in (("target", table.target), ("id", table.id)):
        if name in table.features:
            raise Refusal(f"{path} lists the {role} {name!r} as an input; remove it.")
    _check_split(path, table)
    _check_names(path, table)


def _check_split(path: Path, table: Table) -> None:
    """Each part needs two dates if there is a time column, and else a share."""
    shares: Any = table.split  # YAML lets a user write almost anything here
    if not isinstance(shares, dict) or set(shares) != set(PARTS):
        raise Refusal(f"`split` in {path} must say {', '.join(PARTS)}.")
    for part, said in shares.items():
        try:
            if table.time:
                begin, end = (datetime.fromisoformat(str(at)) for at in said)
                good = begin < end
            else:
                good = 0 < float(said) < 1
        except (TypeError, ValueError):
            good = False
        if not good:
            form = "two dates [from, until)" if table.time else "a share such as 0.6"
            raise Refusal(f"`split` in {path} must give {part} as {form}.")


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
