"""Several repositories as one system: each capability where it is best."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..evidence import Evidence, Finding, Scan, Status
from ..questionnaire.answers import Answers

ORDER = (Status.PRESENT, Status.PARTIAL, Status.ABSENT, Status.NOT_ASSESSABLE)
TRIGGERS = ("automatic", "approval", "manual")


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
