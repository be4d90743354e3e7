"""What people state of the risks, read from conf/governance.yaml."""

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from ..refusal import Refusal
from ..sections import read_sections
from ..table import Table

PATH = Path("conf/governance.yaml")
GRADES = ("low", "medium", "high")


@dataclass(frozen=True)
class Risk:
    """What may go wrong, how likely and how bad it is, and what is done against it."""

    risk: str
    likelihood: str = ""
    severity: str = ""
    mitigation: str = ""

    @property
    def rank(self) -> int:
        """How far up in the sheet it stands; one that nobody graded stands first."""
        if not self.likelihood or not self.severity:
            return len(GRADES) ** 2
        return GRADES.index(self.likelihood) * GRADES.index(self.severity)


@dataclass(frozen=True)
class Sheet:
    """The sentences of the sheet; an empty one is shown as not stated.

    `speaks_of` is the source of the table meant: of another one nothing is stated.
    """

    speaks_of: str = ""
    owner: str = ""
    reviewed: str = ""
    oversight: str = ""
    appeal: str = ""
    retirement: str = ""
    risks: list[dict[str, Any]] = field(default_factory=list)


def read_sheet(table: Table, path: Path = PATH) -> Sheet:
    """Read what is stated of this table; a name that is not known is refused."""
    sheet: Sheet = read_sections(path, {"risk": Sheet})["risk"]
    for item in sheet.risks:
        _check(item, path)
    return sheet if sheet.speaks_of in ("", table.source) else Sheet()


def read_risks(sheet: Sheet) -> list[Risk]:
    """Give the risks, the worst first."""
    risks = [Risk(**item) for item in sheet.risks]
    return sorted(risks, key=lambda risk: -risk.rank)


def _check(item: Any, path: Path) -> None:
    """Refuse a risk that says something unknown, or grades in other words."""
    known = [one.name for one in fields(Risk)]
    if (
        not isinstance(item, dict)
        or not set(item) <= set(known)
        or not item.get("risk")
    ):
        raise Refusal(
            f"`risk.risks` in {path} has an entry that is not {', '.join(known)}; mend it."
        )
    for name in ("likelihood", "severity"):
        if item.get(name, "") not in ("", *GRADES):
            raise Refusal(
                f"`risk.risks` in {path} grades {name} as {item[name]!r}; "
                f"choose {', '.join(GRADES)}."
            )
