"""The sections on traffic, answers and records; what is not known is said in words."""

from ..history import Line, show_time
from . import charts, traffic
from .page import Grid, Section
from .situation import Situation

MOST_LINES = 15
NO_ROWS = "Nothing was predicted yet."


def show_traffic(known: Situation) -> Section:
    """How many rows were asked for."""
    if known.rows.empty:
        return Section("Traffic", [NO_ROWS], third=True)
    days = traffic.summarise(known.rows)
    total = f"{days['rows'].sum():,} rows in {days['requests'].sum():,} requests."
    drawn = charts.draw_bars("traffic", days["rows"], "rows")
    return Section("Traffic", [total], [drawn], third=True)


def show_latency(known: Situation) -> Section:
    """How long the service took; the log holds answers only, so errors come from /metrics."""
    if known.rows.empty:
        return Section("Time of an answer", [NO_ROWS], third=True)
    days = traffic.smooth(traffic.summarise(known.rows)[["p50", "p99"]])
    named = days.rename(columns={"p50": "half within", "p99": "99 of 100 within"})
    text = ["From the request's arrival until its answer was ready, in milliseconds."]
    return Section(
        "Time of an answer",
        text,
        [charts.draw_lines("latency", named, "ms")],
        third=True,
    )


def show_answers(known: Situation) -> Section:
    """What the model says, over time."""
    title = "What the model answers"
    if known.rows.empty:
        return Section(title, [NO_ROWS], third=True)
    mixed = traffic.smooth(traffic.mix(known.rows, known.table))
    floor = None if known.table.task == "regression" else 0
    label = "chance" if known.table.binary else "share"
    if known.table.task == "regression":
        label = known.table.target
    drawn = charts.draw_lines("answers", mixed, label[:24], floor)
    return Section(
        title,
        ["A sudden step is a change of the inputs, or of the model."],
        [drawn],
        third=True,
    )


def show_decisions(trail: list[Line]) -> Section:
    """The audit trail, the newest line first."""
    if not trail:
        text = "No decision yet: operations/trail.jsonl is empty. `make operate` takes a turn."
        return Section("Decisions", [text])
    rows = [
        [
            show_time(line["time"]),
            str(line.get("decision", "")),
            str(line.get("version") or "–"),
            str(line.get("reason", "")),
            str(line.get("by", "")),
        ]
        for line in trail[::-1][:MOST_LINES]
    ]
    header = ["When (UTC)", "Decision", "Version", "Why", "By"]
    more = [f"{len(trail):,} in all, with their evidence, in operations/trail.jsonl."]
    return Section(
        "Decisions about challengers", more, grids=[Grid(header, rows, long=3)]
    )


def show_deployments(deployed: list[Line]) -> Section:
    """What was released, the newest first."""
    if not deployed:
        text = "Nothing was deployed yet: `make deploy TARGET=local`."
        return Section("Deployments", [text])
    rows = [
        [
            show_time(line["time"]),
            f"{line.get('from') or '–'} → {line.get('to') or '–'}",
            str(line.get("outcome", "")),
            str(line.get("target", "")),
            str(line.get("why") or line.get("detail") or ""),
            str(line.get("who", "")),
        ]
        for line in deployed[::-1][:MOST_LINES]
    ]
    header = ["When (UTC)", "Version", "Outcome", "Where", "Why", "Who"]
    return Section("Deployments", grids=[Grid(header, rows, long=4)])
