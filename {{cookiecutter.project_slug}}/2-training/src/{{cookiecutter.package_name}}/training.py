"""The settings of automated training, read from conf/training.yaml."""

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from .files import read_yaml
from .refusal import Refusal

PATH = Path("conf/training.yaml")
Section = TypeVar("Section")


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
    content = read_yaml(path)
    _refuse_unknown(path, content, list(SECTIONS))
    return Training(
        **{
            name: _read_section(path, name, kind, content.get(name) or {})
            for name, kind in SECTIONS.items()
        }
    )


def _read_section(path: Path, name: str, kind: type[Section], content: Any) -> Section:
    """Read one section; what it leaves out keeps its default."""
    if not isinstance(content, dict):
        raise Refusal(f"`{name}` in {path} must hold settings as `name: value`.")
    defaults = kind()
    known = {item.name: getattr(defaults, item.name) for item in fields(kind)}  # type: ignore[arg-type]
    _refuse_unknown(path, content, list(known), f"{name}.")
    for key, value in content.items():
        if not _fits(value, known[key]):
            raise Refusal(f"`{name}.{key}` in {path} cannot be {value!r}; mend it.")
    return kind(**content)


def _refuse_unknown(path: Path, content: Any, known: list[str], at: str = "") -> None:
    unknown = sorted(map(str, set(content) - set(known)))
    if unknown:
        names = ", ".join(at + name for name in unknown)
        raise Refusal(f"{path} has no setting {names}; known are {', '.join(known)}.")


def _fits(value: Any, default: Any) -> bool:
    """Tell whether a value is of its default's type; a whole number may be a float."""
    if isinstance(value, bool) or isinstance(default, bool):
        return isinstance(value, bool) and isinstance(default, bool)
    if default is None:
        return value is None or isinstance(value, (int, float))
    if isinstance(default, float):
        return isinstance(value, (int, float))
    return isinstance(value, type(default))
