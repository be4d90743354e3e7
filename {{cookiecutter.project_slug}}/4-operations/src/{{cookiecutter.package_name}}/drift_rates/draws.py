"""Windows whose drift is known: rows drawn at random, and what is done to them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..table import Table

Shift = Callable[[pd.DataFrame, np.random.Generator], pd.DataFrame]


@dataclass(frozen=True)
class Case:
    """One thing that may have happened to a window, and whether an alarm is right."""

    name: str
    drifted: bool
    shift: Shift


def choose(table: Table, importance: Mapping[str, float] | None, kind: str) -> str:
    """Name the column of a kind that the model leans on most, else the first one."""
    names = table.of_kind(kind)
    return max(names, key=lambda name: (importance or {}).get(name, 0.0))


def list_cases(
    population: pd.DataFrame, table: Table, importance: Mapping[str, float] | None
) -> list[Case]:
    """Name the cases that the table has columns for; nothing and next to nothing first."""
    found = [Case("no drift", False, lambda rows, _: rows)]
    if table.of_kind("number"):
        name = choose(table, importance, "number")
        spread = float(population[name].std())
        found += [
            Case(f"{name} +0.01 sd (immaterial)", False, _move(name, 0.01 * spread)),
            Case(f"{name} +0.2 sd", True, _move(name, 0.2 * spread)),
            Case(f"{name} +0.5 sd", True, _move(name, 0.5 * spread)),
            Case(f"a quarter of {name} lost", True, _lose(name, 0.25)),
        ]
    if table.of_kind("category"):
        name = choose(table, importance, "category")
        common = population[name].mode()[0]
        found.append(Case(f"a fifth of {name} -> {common}", True, _turn(name, common)))
        found.append(Case(f"a tenth of {name} new", True, _turn(name, "~new~", 0.1)))
    return found


def _move(name: str, by: float) -> Shift:
    return lambda rows, _: rows.assign(**{name: rows[name] + by})


def _lose(name: str, share: float) -> Shift:
    def lose(rows: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
        return rows.assign(**{name: rows[name].mask(random.random(len(rows)) < share)})

    return lose


def _turn(name: str, into: str, share: float = 0.2) -> Shift:
    def turn(rows: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
        hit = random.random(len(rows)) < share
        return rows.assign(**{name: rows[name].mask(hit, into)})

    return turn


def draw(
    population: pd.DataFrame, rows: int, random: np.random.Generator
) -> pd.DataFrame:
    """Draw rows with replacement: a window of any size is of one and the same kind."""
    chosen = random.integers(0, len(population), rows)
    return population.take(chosen).reset_index(drop=True)


def forget_time(table: Table) -> Table:
    """Leave dates out: rows that are drawn at random have no order."""
    inputs = [column for column in table.columns if column.kind != "date"]
    return replace(table, columns=inputs, time=None)
