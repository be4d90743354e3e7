"""Many repositories at once: the heat map of an organisation, and the systems they form.

A list names a repository a line, as a path and, if wanted, a name after it. A file of
systems says which repositories are one, such as the training and the serving of a model:

    systems:
      flights: [flights-training, flights-service]
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from .capabilities import read_assessed
from .evidence import Evidence, Finding, Scan, Status
from .parallel import run_all
from .questionnaire import file
from .questionnaire.answers import Answers
from .questionnaire.nodes import Place, read_nodes
from .refusal import Refusal
from .scanning import scan_folder
from .scoring.assessment import Assessment, assess
from .scoring.dimensions import share

ORDER = (Status.PRESENT, Status.PARTIAL, Status.ABSENT, Status.NOT_ASSESSABLE)
TRIGGERS = ("automatic", "approval", "manual")


@dataclass(frozen=True)
class Member:
    """One repository of the list."""

    name: str
    path: Path


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


def read_list(path: Path) -> list[Member]:
    """Read the list of repositories. Raises Refusal, which names the line."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"{path} cannot be read: name a UTF-8 text file.") from error
    members: dict[str, Member] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        member = read_member(line.strip(), path.parent)
        where = f"{path}, line {number}: "
        if not member.path.is_dir():
            raise Refusal(
                f"{where}{member.path} is no folder: clone it, or mend the path."
            )
        if member.name in members:
            raise Refusal(
                f"{where}{member.name} is there twice: give it a name after its path."
            )
        members[member.name] = member
    if not members:
        raise Refusal(f"{path} names no repository: write a path on each line.")
    return list(members.values())


def read_member(line: str, folder: Path) -> Member:
    """Read a line: a path, which may hold spaces, or a path and a name after it."""
    whole = folder / line
    if whole.is_dir() or " " not in line:
        return Member(whole.resolve().name, whole)
    path, _, name = line.rpartition(" ")
    return Member(name, folder / path.strip())


def read_systems(path: Path, names: Iterable[str]) -> dict[str, list[str]]:
    """Read which repositories form a system. Raises Refusal, which names the line."""
    known = list(names)
    top = Place(read_nodes(path), path).entries("the file")
    if list(top) != ["systems"]:
        raise Refusal(f"{path}: expected `systems:` and nothing else at the top.")
    systems = {}
    for name, place in top["systems"].entries("systems").items():
        if name in known:
            raise place.refuse(
                f"{name} is a repository already: name the system otherwise."
            )
        systems[name] = [
            member.known(member.text("a repository"), known, "repository of the list")
            for member in place.items("the repositories of a system")
        ]
    return systems


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


def merge_answers(several: Iterable[Answers]) -> Answers:
    """Take all answers together; of two to one question the one that claims more."""
    merged = Answers({}, {}, {})
    for one in several:
        better = {
            name: answer
            for name, answer in one.answers.items()
            if name not in merged.answers
            or answer.reply.ladder > merged.answers[name].reply.ladder
        }
        merged = Answers(
            {**merged.answers, **better},
            {**merged.waivers, **one.waivers},
            {**merged.statements, **one.statements},
        )
    return merged


def merge_scans(name: str, scans: Sequence[Scan]) -> Scan:
    """Make one scan of several, each place with the name of its repository before it."""
    capabilities = dict.fromkeys(name for scan in scans for name in scan.findings)
    findings = {
        capability: merge_findings(
            [
                (s.name, s.findings[capability])
                for s in scans
                if capability in s.findings
            ]
        )
        for capability in capabilities
    }
    notes = tuple(
        replace(note, path=f"{scan.name}/{note.path}")
        for scan in scans
        for note in scan.notes
    )
    files = sum(scan.files for scan in scans)
    return Scan(name, "end_to_end", findings, notes, files, "", scans[0].ruler)


def merge_findings(found: Sequence[tuple[str, Finding]]) -> Finding:
    """Take the best of some findings of one capability, with the places of all."""
    best_name, best = min(found, key=lambda pair: rank(pair[1]))
    evidence: tuple[Evidence, ...] = ()
    for name, finding in sorted(found, key=lambda pair: rank(pair[1])):
        evidence += tuple(
            replace(place, path=f"{name}/{place.path}") for place in finding.evidence
        )
    return replace(best, why=f"{best_name}: {best.why}", evidence=evidence)


def rank(finding: Finding) -> tuple[int, int]:
    """Order findings from the best to the worst, and a release by how it starts."""
    trigger = finding.attributes.get("trigger", "")
    place = TRIGGERS.index(trigger) if trigger in TRIGGERS else len(TRIGGERS)
    return ORDER.index(finding.status), place
