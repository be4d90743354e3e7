"""Write reports/model_card.md: what the model is for, how good it is, and where it is not.

The sections follow Mitchell et al. (2019), https://arxiv.org/abs/1810.03993
"""

from typing import Any

from .. import data, explain, slices
from ..files import ABOUT, METRICS, REPORTS, read_json, replace
from ..progress import say, step
from ..table import Table
from ..training import PATH, Card, read_training
from ..versions import find_lock
from .evidence import show_fairness, show_groups, show_importance, show_months
from .facts import show_data, show_metrics
from .markdown import count, escape, grid, name, number

CARD = REPORTS / "model_card.md"
# The file that experiment.py writes; to import mlflow for its name would cost seconds.
RUN = ABOUT.with_name("run.json")

UNSTATED = f"*Not stated: fill in `card` in {PATH}.*"


def show_purpose(card: Card, table: Table) -> str:
    """What only a person can state; sentences about another table are not taken over."""
    ours = card if card.speaks_of in ("", table.source) else Card()
    asked = {
        "Intended use": ours.intended_use,
        "Not intended use": ours.not_intended_use,
        "Who is affected": ours.people,
        "Known limits": ours.limits,
        "Owner": ours.owner,
    }
    said = [
        f"**{title}.** {escape(text) if text.strip() else UNSTATED}"
        for title, text in asked.items()
    ]
    return "\n\n".join(said)


def show_details(about: dict[str, Any], run_id: str | None, table: Table) -> str:
    """What the model is and which run made it."""
    settings = [f"{key} {value}" for key, value in about["settings"].items()]
    kind = "regression" if table.task == "regression" else "classification"
    kind += f" of {', '.join(table.classes)}" if table.classes else ""
    lines = {
        "Run": f"`{run_id}`" if run_id else "none: trained outside the pipeline",
        "Task": escape(kind),
        "Target": escape(about["target"]),
        "Inputs": f"{len(about['features']):,} columns, described in conf/table.yaml",
        "Settings": escape(", ".join(settings) or "the library's defaults"),
        "Seed": str(about["seed"]),
        "Packages": _name_lock(),
        "Libraries": escape(", ".join(" ".join(i) for i in about["libraries"].items())),
    }
    return grid(["", "What"], lines.items()).replace("---:", "---")


def _name_lock() -> str:
    """The list of exact versions that `make setup` installs."""
    lock = find_lock()
    if lock is None:
        return "not locked"
    return f"{lock.as_posix()}, SHA-256 `{data.fingerprint(lock)}`"


def show_limits(found: dict[str, Any], judged: dict[str, Any], table: Table) -> str:
    """What the measurements above do not cover, and the decay they show."""
    headline, more_is_better = table.headline
    told = [item[headline] for item in found["live"] if item[headline] is not None]
    limits = []
    if told:
        worst = (min if more_is_better else max)(told)
        limits.append(
            f"Without new training {name(headline)} goes from {number(found['validation'][headline], 3)} "
            f"to {number(worst, 3)} in the worst later period."
        )
    if not table.time:
        limits.append(
            "The rows are cut at random: how the model does on rows of a later time is not tested."
        )
    if not table.sensitive:
        limits.append("Fairness is not tested: no sensitive column is declared.")
    groups = [g for column in judged["slices"].values() for g in column if g["small"]]
    if groups:
        limits.append(
            f"{count(len(groups), 'group')} with too few rows for a judgement: see the mark \\*."
        )
    limits += [
        "Groups are judged one column at a time; combinations of columns are not tested.",
        "Inputs outside the ranges and categories of conf/table.yaml are not tested.",
        "Robustness against rows made to mislead the model is not tested.",
    ]
    return "\n".join(f"- {limit}" for limit in limits)


def show_reproduction(run_id: str | None) -> str:
    """The commands that rebuild the run and prove the same metrics."""
    words = f" RUN={run_id}" if run_id else ""
    return (
        "```sh\nmake setup                # the tested versions, by hash\n"
        "make pipeline             # data, validation, training, evidence\n"
        f"make reproduce{words}\n```"
    )


def write(table: Table, parts: data.Parts) -> str:
    """Put the sections together from what the other commands have measured."""
    about = read_json(ABOUT, "run `make train`")
    found = read_json(METRICS, "run `make evaluate`")
    judged = read_json(slices.SLICES, "run `make slices`")
    explained = read_json(explain.IMPORTANCE, "run `make explain`")
    run_id = read_json(RUN, "")["run_id"] if RUN.is_file() else None
    headline, _ = table.headline
    sections = {
        "Purpose": show_purpose(read_training().card, table),
        "Model": show_details(about, run_id, table),
        "Data": show_data(about, parts, table),
        "Metrics": show_metrics(found, judged, parts, table),
        "Groups": show_groups(judged),
        "Fairness": show_fairness(judged),
        "Later rows": show_months(found["live"], headline),
        "What the model leans on": show_importance(explained),
        "Limits": show_limits(found, judged, table),
        "How to reproduce": show_reproduction(run_id),
    }
    body = "\n\n".join(f"## {title}\n\n{text}" for title, text in sections.items())
    return f"# Model card: {escape(table.target)} of {escape(table.source)}\n\n{body}\n"


def main(_arguments: list[str]) -> None:
    """Write the card from the reports."""
    table, parts = data.read_parts()
    with step("card: putting the reports together"):
        text = write(table, parts)
        replace(CARD, lambda draft: draft.write_text(text, "utf-8"))
    unstated = text.count(UNSTATED)
    if unstated:
        say(f"  {count(unstated, 'sentence')} not stated; fill in `card` in {PATH}")
    say(f"  {CARD}")
