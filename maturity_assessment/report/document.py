"""The whole assessment as plain values: the JSON report, and what the others draw from."""

from collections.abc import Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from ..capabilities import Capability, read_assessed
from ..evidence import Evidence
from ..questionnaire.writing import dump_answer, dump_waiver
from ..roadmap import Item
from ..scanning import About
from ..scoring.assessment import Assessment
from . import Document
from .clean import clean_all
from .links import link
from .views import tell_views

SCHEMA = 1
NOTHING: Mapping[str, About] = MappingProxyType({})


def build(
    assessment: Assessment,
    items: tuple[Item, ...] = (),
    base: str = "",
    about: Mapping[str, About] = NOTHING,
) -> Document:
    """Give the document of an assessment.

    With its road map, the address of its files, and what the detectors say of themselves.
    """
    scan = assessment.scan
    document: Document = {
        "schema": SCHEMA,
        "ruler": assessment.ruler,
        "date": assessment.day.isoformat(),
        "repository": {
            "name": scan.name,
            "scope": scan.scope,
            "commit": scan.commit,
            "files": scan.files,
            "address": base,
        },
        "headline": assessment.headline(),
        "level": tell_level(assessment),
        "share": round_share(assessment.share),
        "dimensions": tell_dimensions(assessment),
        "capabilities": [
            {
                **tell_capability(capability, assessment, base),
                **asdict(about.get(name, About())),
            }
            for name, capability in read_assessed().items()
        ],
        "roadmap": [asdict(item) for item in items],
        "views": tell_views(assessment),
        "notes": [asdict(note) for note in scan.notes],
    }
    cleaned: Document = clean_all(document)
    return cleaned


def round_share(share: float | None) -> float | None:
    """Round a share so that it reads the same everywhere."""
    return None if share is None else round(share, 3)


def tell_level(assessment: Assessment) -> dict[str, Any]:
    """Say the level, what claims would add, and what is in the way of the next."""
    level = assessment.level
    return {
        "evidence": level.evidence,
        "shown": level.shown,
        "possible": level.possible,
        "name": level.rung.name,
        "ready": assessment.ready,
        "several": assessment.several,
        "claims": level.claims,
        "unseen": level.unseen,
        "blockers": level.blockers,
        "blocking": level.blocking,
    }


def tell_dimensions(assessment: Assessment) -> list[dict[str, Any]]:
    """Give the share of each dimension, by evidence and with claims."""
    return [
        {
            "id": dimension.id,
            "name": dimension.name,
            "evidence": round_share(dimension.evidence),
            "claimed": round_share(dimension.claimed),
            "open": dimension.open,
            "capabilities": [s.capability for s in dimension.standings],
        }
        for dimension in assessment.dimensions
    ]


def tell_capability(
    capability: Capability, assessment: Assessment, base: str
) -> dict[str, Any]:
    """Give where a capability stands, and the places that say so."""
    name = capability.id
    finding, standing = assessment.findings[name], assessment.standings[name]
    answer = assessment.answers.answers.get(name)
    waiver = assessment.answers.waivers.get(name)
    return {
        "id": name,
        "title": capability.name,
        "dimension": capability.dimension,
        "level": capability.level,
        "question": capability.question,
        "status": finding.status.value,
        "state": standing.state.value,
        "confidence": standing.confidence.value,
        "ladder": standing.ladder,
        "points": {
            "evidence": standing.evidence,
            "claimed": standing.claimed,
            "shown": standing.shown,
        },
        "why": finding.why,
        "remarks": standing.remarks,
        "attributes": dict(finding.attributes),
        "answer": dump_answer(answer) if answer else None,
        "waiver": dump_waiver(waiver) if waiver else None,
        "evidence": [tell_place(place, base) for place in finding.evidence],
    }


def tell_place(place: Evidence, base: str) -> dict[str, Any]:
    """Give one place with its address."""
    return {
        "path": place.path,
        "line": place.line,
        "kind": place.kind,
        "excerpt": place.excerpt,
        "strength": place.strength.value,
        "operative": place.operative,
        "reasons": place.reasons,
        "link": link(base, place.path, place.line),
    }
