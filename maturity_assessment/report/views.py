"""The published models as plain values, each with what is ours in it."""

from dataclasses import asdict
from typing import Any

from .. import models
from ..scoring.assessment import Assessment
from ..scoring.levels import Statement
from ..scoring.views import checklist, governance, matrix, test_score


def tell_views(assessment: Assessment) -> dict[str, Any]:
    """Give every view by the id of its model, in the order of a report."""
    staged = {
        name: {**introduce(name), **tell_stages(assessment.levels[name])}
        for name in ("microsoft", "google", "aws")
    }
    return staged | {
        "ml_test_score": {**introduce("ml_test_score"), **tell_score(assessment)},
        "marvelousmlops": {**introduce("marvelousmlops"), **tell_checklist(assessment)},
        "matrix": {**introduce("matrix"), **asdict(matrix.view(assessment))},
        "governance": {**introduce("governance"), **tell_governance(assessment)},
    }


def introduce(name: str) -> dict[str, Any]:
    """Say what a model is, where it comes from and what in the view is our judgement."""
    model = models.read(name)
    return {
        "name": model["name"],
        "title": model["title"],
        "source": model.get("source", ""),
        "provenance": model["provenance"],
        "warning": models.warn(model),
        "attribution": model.get("attribution", ""),
        "judgement": model["judgement"].strip(),
    }


def tell_stages(statement: Statement) -> dict[str, Any]:
    """Give the levels of a staged model with their rules, and which ones are met."""
    return {
        "level": statement.evidence,
        "shown": statement.shown,
        "blockers": statement.blockers,
        "levels": [
            {
                "level": rung.level,
                "name": rung.name,
                "means": rung.means,
                "rule": rung.rule(),
                "met": rung.level <= statement.evidence,
            }
            for rung in statement.rungs
        ],
    }


def tell_score(assessment: Assessment) -> dict[str, Any]:
    """Give the ML Test Score with the sum of each section."""
    found = test_score.view(assessment)
    sections = [
        {**asdict(section), "total": section.total, "open": section.open}
        for section in found.sections
    ]
    return {**asdict(found), "mean": round(found.mean, 2), "sections": sections}


def tell_checklist(assessment: Assessment) -> dict[str, Any]:
    """Give the statements with how many of each section hold."""
    found = checklist.view(assessment)
    parts = [{**asdict(part), "true": part.true} for part in found.parts]
    return {"mature": found.mature, "parts": parts}


def tell_governance(assessment: Assessment) -> dict[str, Any]:
    """Give each article or control with the capabilities that bear on it."""
    items = [
        {
            "id": item.id,
            "of": item.of,
            "says": item.says,
            "capabilities": {s.capability: s.state.value for s in item.standings},
        }
        for item in governance.view(assessment)
    ]
    return {"items": items, "sources": models.read("governance")["sources"]}
