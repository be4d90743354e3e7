"""One assessment: everything that the reports show, worked out once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from .. import models
from ..capabilities import Capability, read_assessed
from ..evidence import Finding, Scan, Status
from ..questionnaire.answers import Answers
from .combine import combine
from .dimensions import Dimension, evidenced, group
from .levels import Statement, state
from .scopes import holds_several, is_ready_for
from .standing import Standing

NOBODY = Answers()


@dataclass(frozen=True)
class Assessment:  # pylint: disable=too-many-instance-attributes
    """A repository as this ruler sees it on a day.

    `share` is the part of all points that evidence carries, None without any point.
    """

    scan: Scan
    answers: Answers
    day: date
    ruler: str
    findings: Mapping[str, Finding]
    standings: Mapping[str, Standing]
    dimensions: tuple[Dimension, ...]
    levels: Mapping[str, Statement]
    share: float | None

    @property
    def level(self) -> Statement:
        """The statement that the headline makes."""
        return self.levels["microsoft"]

    @property
    def ready(self) -> bool:
        """Whether the level is one that others reach with it."""
        return is_ready_for(self.scan.scope)

    @property
    def several(self) -> bool:
        """Whether the repository holds several projects."""
        return holds_several(self.scan.scope)

    def headline(self) -> str:
        """Say the level in one line."""
        level = self.level
        start = "Ready for level" if self.ready else "Level"
        said = f"{start} {level.evidence} by evidence"
        if level.shown > level.evidence:
            plural = "claim is" if len(level.claims) == 1 else "claims are"
            said += f", {level.shown} if {len(level.claims)} {plural} shown"
        if level.possible > level.shown:
            said += f"; up to {level.possible} if what cannot be seen here is shown"
        return said


def look(capability: Capability, scan: Scan) -> Finding:
    """Give the finding for a capability; what no detector looks for is asked."""
    finding = scan.findings.get(capability.id)
    if finding is not None:
        return finding
    why = "No file of a repository shows it: it is asked."
    if capability.detectable:
        why = "This scan does not look for it: it is asked."
    return Finding(capability.id, Status.NOT_ASSESSABLE, why)


def name_ruler(scan: Scan) -> str:
    """Name detectors and gates: scores of different rulers do not compare."""
    gates = f"gates-{models.read('microsoft')['gates_version']}"
    return f"{scan.ruler}+{gates}" if scan.ruler else gates


def assess(
    scan: Scan, answers: Answers = NOBODY, day: date | None = None
) -> Assessment:
    """Work out the standings, dimensions and levels of a scan with its answers."""
    day = day or date.today()
    findings = {c.id: look(c, scan) for c in read_assessed().values()}
    standings = {
        name: combine(
            finding, answers.answers.get(name), answers.waivers.get(name), day
        )
        for name, finding in findings.items()
    }
    attributes = {name: dict(f.attributes) for name, f in findings.items()}
    levels = {
        model: state(model, standings.values(), attributes)
        for model in ("microsoft", "google", "aws")
    }
    return Assessment(
        scan,
        answers,
        day,
        name_ruler(scan),
        findings,
        standings,
        group(standings),
        levels,
        evidenced(standings.values()),
    )
