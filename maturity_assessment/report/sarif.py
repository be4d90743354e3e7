"""SARIF for code scanning: only places that someone can act on, never what is missing.

A pipeline of security alerts is no place for a wish list; a step that looks like a check
and is none belongs there.
"""

import json
from typing import Any
from urllib.parse import quote

from . import Document

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(document: Document) -> str:
    """Write the places with a line and a reason as SARIF 2.1.0."""
    capabilities = [c for c in document["capabilities"] if find_places(c)]
    results = [
        tell_result(capability, place)
        for capability in capabilities
        for place in find_places(capability)
    ]
    driver = {
        "name": "mlops-maturity",
        "semanticVersion": "1.0.0",
        "rules": [tell_rule(capability) for capability in capabilities],
    }
    run = {
        "tool": {"driver": driver},
        "results": results,
        "columnKind": "utf16CodeUnits",
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2) + "\n"


def find_places(capability: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the places that look like more than they are."""
    return [e for e in capability["evidence"] if e["reasons"] and e["line"] > 0]


def tell_rule(capability: dict[str, Any]) -> dict[str, Any]:
    """Describe what is looked for."""
    says = f"{capability['title']}: this place looks like it and does not count."
    return {"id": capability["id"], "shortDescription": {"text": says}}


def tell_result(capability: dict[str, Any], place: dict[str, Any]) -> dict[str, Any]:
    """Describe one place and why it does not count."""
    artifact = {"uri": quote(place["path"], errors="replace"), "uriBaseId": "%SRCROOT%"}
    region = {"startLine": place["line"], "snippet": {"text": place["excerpt"]}}
    location = {"artifactLocation": artifact, "region": region}
    return {
        "ruleId": capability["id"],
        "level": "warning",
        "message": {"text": "; ".join(place["reasons"])},
        "locations": [{"physicalLocation": location}],
    }
