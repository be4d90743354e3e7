"""The dossier of a decision: fairness, explanation, card, lineage and the verdict together.

It is measured on the newest labelled rows that the version did not learn from: what it was
decided on, and not what it was trained on.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib
import pandas as pd
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from .. import data, events, explain, slices
from ..card.evidence import show_fairness, show_groups, show_importance
from ..card.markdown import escape, grid, number
from ..events import query
from ..files import read_json, write_json
from ..refusal import Refusal
from ..settings import read_settings
from ..table import Table, read_table
from . import lineage
from .registered import PACKAGES

FOLDER = Path("operations/promotions")
# Enough for a judgement of groups; more would hold up the decision.
MOST_ROWS, LEAST_ROWS = 20_000, 200


@dataclass(frozen=True)
class Evidence:
    """The rows a version is judged on, and what they are in words."""

    rows: pd.DataFrame
    said: str


def file_promotion(version: str, verdict: dict[str, Any]) -> Path:
    """File what speaks for and against a version, and give the folder.

    `verdict` is what was decided and why, as the audit trail has it. What cannot be
    measured is said in the dossier: a missing figure must not stop a decision.
    """
    place, draft = FOLDER / version, FOLDER / f".{version}.draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    table = read_table()
    write_json(draft / "verdict.json", verdict)
    sections = {
        "Verdict": _show_verdict(verdict),
        **_measure(version, table, draft),
        "Card": _try("the card", lambda: _copy_card(version, draft)),
        "Lineage": _try("the lineage", lambda: _trace(version, draft)),
    }
    body = "\n\n".join(f"## {title}\n\n{text}" for title, text in sections.items())
    text = f"# Version {escape(version)}: what was decided on\n\n{body}\n"
    (draft / "README.md").write_text(text, "utf-8")
    shutil.rmtree(place, ignore_errors=True)
    os.replace(draft, place)
    return place


def _try(what: str, work: Callable[[], str]) -> str:
    """Do a part of the dossier, or say in it why it is missing."""
    try:
        return work()
    except Exception as error:  # pylint: disable=broad-except
        reason = " ".join(str(error).split())[:300] or type(error).__name__
        return f"*Missing: {what} ({escape(reason)}).*"


def _show_verdict(verdict: dict[str, Any]) -> str:
    """Show each part of the verdict; what has parts of its own stands in verdict.json."""
    rows = [
        [
            escape(name),
            "see verdict.json" if isinstance(value, dict | list) else _word(value),
        ]
        for name, value in verdict.items()
    ]
    return grid(["", "What"], rows).replace("---:", "---") if rows else "*Not stated.*"


def _word(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(value)
    return escape("–" if value is None else value)


def _measure(version: str, table: Table, draft: Path) -> dict[str, str]:
    """Judge groups and columns; without a package or rows both sections say so."""
    try:
        fitted, evidence = _load(version), find_evidence(version, table)
    except Refusal as refusal:
        missing = f"*Missing: {escape(refusal)}*"
        return {"Groups and fairness": missing, "What the model leans on": missing}
    # Many small predictions: threads that wait for one another cost more than they give.
    with threadpool_limits(limits=1, user_api="openmp"):
        fair = _try("fairness", lambda: _judge(fitted, evidence, table, draft))
        leans = _try(
            "the explanation", lambda: _explain(fitted, evidence, table, draft)
        )
    said = escape(evidence.said)
    return {
        "Groups and fairness": f"{said}\n\n{fair}",
        "What the model leans on": f"{said}\n\n{leans}",
    }


def _load(version: str) -> Pipeline:
    """Load the pipeline of a package; joblib runs code while loading: our own packages only."""
    path = PACKAGES / version / "model.joblib"
    if not path.is_file():
        raise Refusal(f"version {version} has no package here.")
    return joblib.load(path)


def find_evidence(version: str, table: Table) -> Evidence:
    """Give labelled rows of the log that the version did not learn from, else validation rows."""
    about = read_json(PACKAGES / version / "about.json", "run `make package`")
    rows, span = _read_labelled(table), about.get("trained_on")
    if table.time and isinstance(span, list):
        rows = rows[rows[table.time] >= pd.Timestamp(span[1])]
    if len(rows) >= LEAST_ROWS:
        rows = rows.tail(MOST_ROWS).reset_index(drop=True)
        return Evidence(
            rows, f"On the newest {len(rows):,} labelled rows of the event log."
        )
    rows = data.read_parts()[1].validation
    if rows.empty:
        raise Refusal("no labelled row is at hand that it did not learn from.")
    return Evidence(
        rows.head(MOST_ROWS).reset_index(drop=True),
        f"On {min(len(rows), MOST_ROWS):,} rows of the validation part, for the log holds too "
        f"few labels of rows that came later. Version {version} may have learned from them.",
    )


def _read_labelled(table: Table) -> pd.DataFrame:
    """Give inputs and targets of the predictions whose label is known, in time's order."""
    names = list(
        dict.fromkeys([*table.features, *([table.time] if table.time else [])])
    )
    if not (events.FOLDER / "events.db").is_file():
        return pd.DataFrame(columns=[*names, table.target])
    joined = query.join_labels().sort_values("time")
    inputs = pd.DataFrame(joined["inputs"].tolist(), index=joined.index)
    rows = inputs.reindex(columns=names).assign(**{table.target: joined["label"]})
    rows = data.conform(rows, table)
    rows[table.target] = data.read_target(rows[table.target], table)
    return rows.dropna(subset=[table.target])


def _judge(fitted: Pipeline, evidence: Evidence, table: Table, draft: Path) -> str:
    found = slices.find(fitted, evidence.rows, table)
    write_json(draft / "fairness.json", found)
    return _leave_out_pictures(f"{show_groups(found)}\n\n{show_fairness(found)}")


def _explain(fitted: Pipeline, evidence: Evidence, table: Table, draft: Path) -> str:
    found = explain.explain(fitted, evidence.rows, table, read_settings().seed)
    write_json(draft / "importance.json", found)
    return _leave_out_pictures(show_importance(found))


def _leave_out_pictures(text: str) -> str:
    """The card has the pictures; here they would have to be drawn again."""
    return "\n\n".join(part for part in text.split("\n\n") if not part.startswith("!["))


def _copy_card(version: str, draft: Path) -> str:
    card = PACKAGES / version / "card.md"
    if not card.is_file():
        raise Refusal(f"version {version} has no {card.name} in its package")
    shutil.copyfile(card, draft / card.name)
    return f"[{card.name}]({card.name}), as it was packaged."


def _trace(version: str, draft: Path) -> str:
    from . import registry  # pylint: disable=import-outside-toplevel # it takes seconds

    lineage.save(registry.find(version), draft / "lineage")
    return "[lineage.md](lineage.md): from the data to the predictions."
