"""Scans made by hand, for what comes after a scan."""

from collections.abc import Mapping
from datetime import date

from maturity_assessment.capabilities import read_assessed
from maturity_assessment.evidence import Evidence, Finding, Note, Scan, Status, Strength

DAY = date(2026, 11, 27)
HOSTILE = '<script>alert("1")</script><img src=x onerror=alert(2)>'


def find(
    capability: str,
    status: Status = Status.PRESENT,
    evidence: tuple[Evidence, ...] = (),
    trigger: str = "",
) -> Finding:
    """Give a finding with one piece of evidence, unless others are named."""
    place = Evidence(f"src/{capability}.py", 7, "ast", f"{capability}()")
    there = status in (Status.PRESENT, Status.PARTIAL)
    pieces = evidence or ((place,) if there else ())
    attributes = {"trigger": trigger} if trigger else {}
    return Finding(capability, status, f"{status}: {capability}", pieces, attributes)


def scan(
    *present: str,
    partial: tuple[str, ...] = (),
    unseen: tuple[str, ...] = (),
    scope: str = "end_to_end",
    trigger: str = "automatic",
    **others: Finding,
) -> Scan:
    """Give a scan in which some capabilities are present, some partial, the others absent."""
    findings: dict[str, Finding] = {}
    for capability in read_assessed().values():
        if not capability.detectable:
            continue
        name = capability.id
        status = Status.PRESENT if name in present else Status.ABSENT
        status = Status.PARTIAL if name in partial else status
        status = Status.NOT_ASSESSABLE if name in unseen else status
        started = trigger if name == "cd_deploy" else ""
        findings[name] = find(name, status, trigger=started)
    return make({**findings, **others}, scope)


def make(findings: Mapping[str, Finding], scope: str = "end_to_end") -> Scan:
    """Give a scan with these findings."""
    notes = (Note("data/huge.csv", "It is larger than what is read."),)
    return Scan("flights", scope, findings, notes, 42, "0" * 40, "test")


def step(path: str, line: int, excerpt: str, *reasons: str) -> Evidence:
    """Give a step of a workflow."""
    return Evidence(path, line, "workflow_step", excerpt, Strength.STRONG, reasons)
