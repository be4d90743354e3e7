"""Many repositories at once: the heat map of an organisation, and the systems they form."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ..capabilities import read_assessed
from ..evidence import Scan
from ..parallel import run_all
from ..questionnaire import file
from ..questionnaire.answers import Answers
from ..scanning import scan_folder
from ..scoring.assessment import Assessment, assess
from ..scoring.dimensions import share
from .members import Member, read_list, read_systems
from .systems import merge_answers, merge_scans

__all__ = [
    "Member",
    "Portfolio",
    "Row",
    "Weakness",
    "read_list",
    "read_systems",
    "survey",
]


@dataclass(frozen=True)
class Row:
    """One repository or system; `failure` says why there is no assessment."""

    name: str
    assessment: Assessment | None
    members: tuple[str, ...] = ()
    failure: str = ""


@dataclass(frozen=True)
class Weakness:
    """A capability over the repositories where it counts: how many have it, and its share."""

    capability: str
    have: int
    of: int
    share: float


@dataclass(frozen=True)
class Portfolio:
    """All rows, with how many repositories are on each level and what most of them lack."""

    rows: tuple[Row, ...]
    distribution: Mapping[int, int]
    weakest: tuple[Weakness, ...]


def survey(
    members: Sequence[Member], systems: Mapping[str, Sequence[str]], processes: int = 0
) -> Portfolio:
    """Scan all repositories, and put the systems beside them."""
    results = run_all(look, members, processes)
    rows = []
    for member, result in zip(members, results, strict=True):
        if isinstance(result, str):
            rows.append(Row(member.name, None, failure=result))
        else:
            rows.append(Row(member.name, assess(*result)))
    by_name = {row.name: row for row in rows}
    joined = [
        join(name, [by_name[n] for n in names]) for name, names in systems.items()
    ]
    return Portfolio(tuple(rows + joined), count(rows), find_weakest(rows))


def look(member: Member) -> tuple[Scan, Answers]:
    """Scan one repository, and read the answers that lie in it."""
    answers = file.find(member.path)
    said = file.read(answers) if answers else Answers()
    return replace(scan_folder(member.path), name=member.name), said


def count(rows: Iterable[Row]) -> dict[int, int]:
    """Count the repositories on each level."""
    levels = [row.assessment.level.evidence for row in rows if row.assessment]
    return {level: levels.count(level) for level in range(5)}


def find_weakest(rows: Iterable[Row]) -> tuple[Weakness, ...]:
    """Give the capabilities by how little of them there is, the most useful one first."""
    found = [row.assessment for row in rows if row.assessment]
    weak = []
    for name in read_assessed():
        standings = [assessment.standings[name] for assessment in found]
        counted = [s.evidence or 0.0 for s in standings if s.counts]
        if counted:
            have = sum(value == 1 for value in counted)
            weak.append(Weakness(name, have, len(counted), share(counted) or 0.0))
    known = read_assessed()
    weak.sort(key=lambda w: (w.share, -known[w.capability].usefulness, w.capability))
    return tuple(weak)


def join(name: str, rows: Sequence[Row]) -> Row:
    """Assess some repositories as one system: each capability where it is best."""
    members = tuple(row.name for row in rows)
    found = [row.assessment for row in rows if row.assessment]
    if len(found) < len(rows):
        missing = [row.name for row in rows if not row.assessment]
        return Row(name, None, members, f"{', '.join(missing)} could not be scanned.")
    scans = [assessment.scan for assessment in found]
    answers = merge_answers([assessment.answers for assessment in found])
    return Row(name, assess(merge_scans(name, scans), answers), members)
