"""The settings of automated training, read from conf/training.yaml."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .sections import read_sections

PATH = Path("conf/training.yaml")


@dataclass(frozen=True)
class Validation:
    """How bad a table may be; shares are of rows, from 0 to 1."""

    min_rows: dict[str, int] = field(default_factory=dict)
    max_unreadable: float = 0.01
    max_missing: float = 0.0
    max_out_of_range: float = 0.01
    max_new_categories: float = 0.05
    max_duplicates: float = 0.0
    max_outside: float = 0.01
    min_month: float = 0.1
    max_explained: float = 0.98
    skip: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Gate:
    """How good a model must be; `floor` is in the headline metric's unit.

    `tolerance` is a share of the champion's metric.
    """

    floor: float | None = None
    tolerance: float = 0.005


@dataclass(frozen=True)
class Tuning:
    """How long to search and where; tune/space.py says what a range may be."""

    trials: int = 20
    space: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Card:
    """What only a person knows of the model; an empty sentence is shown as not stated.

    `speaks_of` is the source of the table meant: of another one nothing is stated.
    """

    speaks_of: str = ""
    owner: str = ""
    intended_use: str = ""
    not_intended_use: str = ""
    people: str = ""
    limits: str = ""


@dataclass(frozen=True)
class Training:
    """One section for each step of the pipeline that can be set."""

    validation: Validation = field(default_factory=Validation)
    gate: Gate = field(default_factory=Gate)
    tuning: Tuning = field(default_factory=Tuning)
    card: Card = field(default_factory=Card)


SECTIONS: dict[str, type] = {
    "validation": Validation,
    "gate": Gate,
    "tuning": Tuning,
    "card": Card,
}


def read_training(path: Path = PATH) -> Training:
    """Read the settings; a name that is not known is refused, for it is a typing error."""
    return Training(**read_sections(path, SECTIONS))
