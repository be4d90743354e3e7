"""The risk sheet: what people state of the risks, beside what was measured.

It grades nothing by itself, and it is no proof that a law or a standard is kept.
"""

from pathlib import Path
from typing import Any

from .. import findings, slices
from ..card import UNSTATED as CARD_UNSTATED
from ..card import show_purpose
from ..card.evidence import show_fairness
from ..card.markdown import escape, grid, name, number
from ..files import METRICS, REPORTS, replace, write_json
from ..table import Table, read_table
from ..training import read_training
from .settings import PATH, Sheet, read_risks, read_sheet

TEXT, JSON = REPORTS / "risk_sheet.md", REPORTS / "risk_sheet.json"
UNSTATED = f"*Not stated: fill in `risk` in {PATH}.*"
UNMEASURED = "*Not measured: {}.*"
NOTE = (
    "This sheet says what the owner states and what was measured, each by its own words. It is "
    "no assessment by somebody independent, and no proof that a law or a standard is kept."
)


def show_people(sheet: Sheet) -> str:
    """Who answers for the model, who watches it, and how it can be questioned."""
    asked = {
        "Owner": sheet.owner,
        "Last reviewed": sheet.reviewed,
        "Human oversight": sheet.oversight,
        "How to have an answer looked at": sheet.appeal,
        "When it is taken out of use": sheet.retirement,
    }
    return "\n\n".join(f"**{title}.** {_state(text)}" for title, text in asked.items())


def _state(text: str) -> str:
    return escape(text) if text.strip() else UNSTATED


def show_risks(sheet: Sheet) -> str:
    """The risks, the worst first; one that nobody graded stands above all others."""
    risks = read_risks(sheet)
    if not risks:
        return UNSTATED
    rows = [
        [
            _state(one.risk),
            one.likelihood or "–",
            one.severity or "–",
            _state(one.mitigation),
        ]
        for one in risks
    ]
    header = ["Risk", "Likelihood", "Severity", "What is done against it"]
    text = grid(header, rows).replace("---:", "---")
    ungraded = sum(not (one.likelihood and one.severity) for one in risks)
    if ungraded:
        text += f"\n\n{ungraded} of {len(risks)} risks are not graded."
    return f"{text}\n\nGraded by the owner, not measured."


def measure(table: Table) -> dict[str, Any]:
    """Gather what was measured; None stands for what was not."""
    metrics = findings.read_json(METRICS) or {}
    judged = findings.read_json(slices.SLICES)
    headline, more_is_better = table.headline
    later = [
        item[headline]
        for item in metrics.get("live", [])
        if item.get(headline) is not None
    ]
    live = findings.read_performance()
    drift = findings.read_json(findings.DRIFT)
    return {
        "metric": headline,
        "validation": metrics.get("validation", {}).get(headline),
        "worst_later_period": (min if more_is_better else max)(later, default=None),
        "realised_newest": findings.find_newest(live),
        "rows_with_a_label": live.labelled if live else None,
        "drift_alarm": drift and drift.get("alarm"),
        "differences_between_groups": judged
        and {
            column: item["differences"] for column, item in judged["fairness"].items()
        },
        "sensitive_columns": table.sensitive,
    }


def show_measured(found: dict[str, Any]) -> str:
    """The figures that a reader of the risks asks for."""
    metric = name(found["metric"])
    asked = [
        (
            f"{metric} on rows that the model had not seen",
            found["validation"],
            "run `make evaluate`",
        ),
        (
            f"{metric} in the worst later period, never retrained",
            found["worst_later_period"],
            "the table has no later rows",
        ),
        (
            f"{metric} on the newest labels in production",
            found["realised_newest"],
            "run `make performance` when labels are here",
        ),
        (
            "Predictions with a label",
            found["rows_with_a_label"],
            "run `make performance`",
        ),
    ]
    rows = [
        [text, UNMEASURED.format(advice) if value is None else number(value)]
        for text, value, advice in asked
    ]
    drift = {
        True: "alarm",
        False: "no alarm",
        None: UNMEASURED.format("run `make drift`"),
    }
    rows.append(["Last check of drift", drift[found["drift_alarm"]]])
    return grid(["What", "Measured"], rows)


def show_groups(table: Table) -> str:
    """Fairness as the card shows it, or that it was not tested."""
    judged = findings.read_json(slices.SLICES)
    if judged is None:
        return UNMEASURED.format("run `make slices`")
    if not table.sensitive:
        return show_fairness({"fairness": {}})
    return show_fairness(judged)


def show(table: Table, sheet: Sheet, found: dict[str, Any]) -> str:
    """Put the sheet together."""
    sections = {
        "What the model is for": show_purpose(read_training().card, table),
        "Who answers for it": show_people(sheet),
        "Risks": show_risks(sheet),
        "What was measured": show_measured(found),
        "How groups are served": show_groups(table),
    }
    body = "\n\n".join(f"## {title}\n\n{text}" for title, text in sections.items())
    return f"# Risk sheet: {escape(table.target)} of {escape(table.source)}\n\n{NOTE}\n\n{body}\n"


def write(_version: str | None = None) -> tuple[list[str], list[Path]]:
    """Write reports/risk_sheet.*; gives what to say of it, and their paths."""
    table = read_table()
    sheet, found = read_sheet(table), measure(table)
    text = show(table, sheet, found)
    replace(TEXT, lambda draft: draft.write_text(text, "utf-8"))
    risks = [vars(risk) for risk in read_risks(sheet)]
    write_json(JSON, {"risks": risks, "measured": found})
    unstated = text.count(UNSTATED) + text.count(CARD_UNSTATED)
    told = [f"{len(risks)} risks, {unstated} sentences not stated"]
    return told, [TEXT, JSON]
