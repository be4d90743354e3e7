"""The thresholds of an alarm, read from conf/drift.yaml."""

from dataclasses import dataclass, field
from pathlib import Path

from ..sections import read_sections

PATH = Path("conf/drift.yaml")


@dataclass(frozen=True)
class ColumnRule:
    """What counts as a change of one column; all but `significance` are shares of rows.

    `significance` is a false discovery rate over the tests of one check.
    """

    distance: float = 0.05
    missing: float = 0.05
    unseen: float = 0.01
    significance: float = 0.001
    wander: bool = True
    min_rows: int = 50
    skip: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class TableRule:
    """What counts for the whole table.

    `important` is in equal shares of the weight, `classifier` an AUC, `skew` a share of
    the rows that were both served and prepared.
    """

    score: float = 0.05
    important: float = 1.0
    predictions: float = 0.05
    classifier: float = 0.60
    skew: float = 0.001


@dataclass(frozen=True)
class Rules:
    """When to raise an alarm."""

    column: ColumnRule = field(default_factory=ColumnRule)
    table: TableRule = field(default_factory=TableRule)


SECTIONS: dict[str, type] = {"column": ColumnRule, "table": TableRule}


def read_rules(path: Path = PATH) -> Rules:
    """Read the thresholds; a name that is not known is refused, for it is a typing error."""
    return Rules(**read_sections(path, SECTIONS))
