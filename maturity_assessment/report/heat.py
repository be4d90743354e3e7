"""The heat map of a portfolio: in a terminal, as JSON, as CSV and as a page."""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

from markupsafe import Markup

from ..capabilities import read_assessed, read_model
from ..portfolio import Portfolio, Row
from .clean import clean_all
from .html import HERE, prepare

NAME, WEAK = 26, 5


def tell(portfolio: Portfolio) -> dict[str, Any]:
    """Give the portfolio as plain values."""
    known = read_assessed()
    weakest = [
        {
            **vars(weak),
            "share": round(weak.share, 3),
            "name": known[weak.capability].name,
        }
        for weak in portfolio.weakest
    ]
    content: dict[str, Any] = {
        "schema": 1,
        "dimensions": read_model()["dimensions"],
        "distribution": {str(n): count for n, count in portfolio.distribution.items()},
        "weakest": weakest,
        "rows": [tell_row(row) for row in portfolio.rows],
    }
    cleaned: dict[str, Any] = clean_all(content)
    return cleaned


def tell_row(row: Row) -> dict[str, Any]:
    """Give one row as plain values."""
    found = row.assessment
    told: dict[str, Any] = {
        "name": row.name,
        "members": row.members,
        "failure": row.failure,
    }
    if found is None:
        return told
    return told | {
        "headline": found.headline(),
        "level": found.level.evidence,
        "shown": found.level.shown,
        "ready": found.ready,
        "scope": found.scan.scope,
        "commit": found.scan.commit,
        "ruler": found.ruler,
        "share": found.share,
        "dimensions": {d.id: d.evidence for d in found.dimensions},
        "capabilities": {name: s.state.value for name, s in found.standings.items()},
        "blockers": found.level.blockers,
    }


def render_json(portfolio: Portfolio) -> str:
    """Write the portfolio as JSON."""
    return json.dumps(tell(portfolio), indent=2) + "\n"


def render_csv(portfolio: Portfolio) -> str:
    """Write a row for each repository and system, for a spreadsheet.

    A name that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    told, out = tell(portfolio), StringIO()
    dimensions = list(told["dimensions"])
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["name", "scope", "level", "shown", *dimensions, "failure"])
    for row in told["rows"]:
        shares = [row.get("dimensions", {}).get(key) for key in dimensions]
        fields = [row.get(field, "") for field in ("name", "scope", "level", "shown")]
        writer.writerow([guard(field) for field in [*fields, *shares, row["failure"]]])
    return out.getvalue()


def guard(value: object) -> object:
    """Keep a spreadsheet from reading a text as a formula."""
    risky = isinstance(value, str) and value.startswith(("=", "+", "-", "@"))
    return f"'{value}" if risky else value


def render_terminal(portfolio: Portfolio) -> str:
    """Draw the heat map in 80 columns: each dimension's share in tenths."""
    told = tell(portfolio)
    head = " ".join(f"{key:>3}" for key in told["dimensions"])
    lines = [f"{'':{NAME}} level {head}", *(draw_row(row) for row in told["rows"]), ""]
    names = (f"{key} {name}" for key, name in told["dimensions"].items())
    lines += ["Tenths of each dimension by evidence, . where nothing counts:"]
    lines += wrap(list(names))
    lines += ["", "Repositories on each level:"]
    lines += [f"  {n}  {'#' * c} {c}" for n, c in told["distribution"].items()]
    lines += ["", "What is missing most:"]
    lines += [
        f"  {weak['capability']:{NAME}} {weak['have']} of {weak['of']} have it"
        for weak in told["weakest"][:WEAK]
        if weak["share"] < 1
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def wrap(names: list[str]) -> list[str]:
    """Put names on lines, two on each."""
    pairs = zip(names[::2], [*names[1::2], ""], strict=False)
    return [f"  {left:36} {right}" for left, right in pairs]


def draw_row(row: dict[str, Any]) -> str:
    """Draw one line of the heat map."""
    name = row["name"] if len(row["name"]) <= NAME else f"{row['name'][: NAME - 1]}~"
    if row["failure"]:
        return f"{name:{NAME}} {row['failure']}"[:80]
    shares = (
        "." if share is None else str(round(share * 10))
        for share in row["dimensions"].values()
    )
    upper = f"-{row['shown']}" if row["shown"] > row["level"] else ""
    mark = "*" if row["members"] else ""
    level = f"{row['level']}{upper}{mark}"
    return f"{name:{NAME}} {level:>5} " + " ".join(f"{share:>3}" for share in shares)


def render_html(portfolio: Portfolio) -> str:
    """Draw the heat map as a page of its own."""
    style = (HERE / "style.css").read_text("utf-8")
    told = tell(portfolio)
    return (
        prepare()
        .get_template("portfolio.html")
        .render(
            told=told,
            style=Markup(style),
            most=max([1, *portfolio.distribution.values()]),
        )
    )


FORMATS = {
    "terminal": render_terminal,
    "json": render_json,
    "csv": render_csv,
    "html": render_html,
}
SUFFIXES = {".json": "json", ".csv": "csv", ".html": "html"}


def name_format(path: Path) -> str:
    """Tell the format by the end of a file's name."""
    return SUFFIXES.get(path.suffix.lower(), "terminal")
