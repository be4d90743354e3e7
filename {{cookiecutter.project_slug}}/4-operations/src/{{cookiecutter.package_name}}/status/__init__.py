"""Show the model in production on one page: reports/status.html, or the week in reports/week.*"""

import argparse
import time
from pathlib import Path

from ..card.markdown import name as name_metric
from ..card.markdown import number
from ..files import REPORTS, replace
from ..history import show_time
from ..progress import say, step
from . import moved, performance, sections, week
from .advice import advise
from .page import BAD, GOOD, WARN, Page, Tile, Todo, write_html
from .situation import Situation, gather

STATUS = REPORTS / "status.html"
PILLS = {GOOD: "all is well", WARN: "worth a look", BAD: "somebody is needed"}
DAY = 86_400.0


def make(known: Situation) -> Page:
    """Put the page together: first what to do, then how things are, then what was done."""
    todos = advise(known)
    tone = next(tone for tone in (BAD, WARN, GOOD) if _has(todos, tone))
    return Page(
        title=f"{__name__.partition('.')[0].replace('_', ' ')}: status",
        pill=(tone, PILLS[tone]),
        below=f"Predicts {known.table.target}. As of {show_time(known.now)} UTC, by the log's clock.",
        tiles=show_tiles(known),
        todos=todos,
        sections=[
            performance.show(known),
            sections.show_traffic(known),
            sections.show_answers(known),
            sections.show_latency(known),
            moved.show(known),
            sections.show_decisions(known.trail),
            sections.show_deployments(known.deployed),
        ],
        footer=f"Made by `make status` on {show_time(time.time())} UTC.",
    )


def _has(todos: list[Todo], tone: str) -> bool:
    return any(item.tone == tone for item in todos)


def show_tiles(known: Situation) -> list[Tile]:
    """The figures at a glance."""
    return [
        _tell_model(known),
        *_tell_traffic(known),
        _tell_errors(known),
        _tell_performance(known),
        _tell_labels(known),
        _tell_drift(known),
        _tell_challenger(known),
    ]


def _tell_model(known: Situation) -> Tile:
    if known.version is None:
        return Tile("Model", "none", "run `make pipeline`", WARN)
    since = (
        f"since {show_time(known.since)[:10]}" if known.since else "since: not recorded"
    )
    return Tile("Model that answers", f"version {known.version}", since)


def _tell_traffic(known: Situation) -> list[Tile]:
    last = known.rows[known.rows["time"] > known.now - 7 * DAY]
    if last.empty:
        return [Tile("Rows, last 7 days", "none", "nothing was predicted")]
    rows = Tile(
        "Rows, last 7 days",
        f"{len(last):,}",
        f"in {last['request'].nunique():,} requests",
    )
    slow = Tile(
        "Time of an answer",
        f"{last['latency'].median():.1f} ms",
        f"99 of 100 within {last['latency'].quantile(0.99):.1f} ms",
    )
    return [rows, slow]


def _tell_errors(known: Situation) -> Tile:
    found = known.measured
    if found is None:
        return Tile("Errors", "not known", "no service answers here", WARN)
    failed, lost = found.get("ml_requests_total 5xx", 0), found.get(
        "ml_events_lost_total", 0
    )
    refused = found.get("ml_requests_total 4xx", 0)
    below = f"{refused:,.0f} refused, {lost:,.0f} events lost"
    return Tile(
        "Errors since start", f"{failed:,.0f}", below, BAD if failed or lost else ""
    )


def _tell_performance(known: Situation) -> Tile:
    newest = known.performance.newest if known.performance else None
    metric = name_metric(known.table.headline[0])
    if newest is None:
        return Tile(f"Realised {metric}", "not known", "no labels yet")
    promise = known.promise.get(newest.model)
    below = f"in {newest.name}; {number(promise, 3)} before release"
    return Tile(f"Realised {metric}", number(newest.value, 3), below)


def _tell_labels(known: Situation) -> Tile:
    found = known.performance
    if found is None or not found.predictions:
        return Tile("Rows with a label", "not known", "run `make performance`")
    share = f"{found.labelled / found.predictions:.0%}"
    lag = (
        "none yet"
        if known.lag is None
        else f"newest is {known.lag / DAY:.1f} days behind"
    )
    return Tile("Rows with a label", share, lag)


def _tell_drift(known: Situation) -> Tile:
    verdict = known.looks[-1].verdict if known.looks else None
    if verdict is None:
        return Tile("Drift", "not known", "run `make profile`")
    many = sum(item.drifted for item in verdict.columns)
    below = f"{many} of {len(verdict.columns)} columns moved in {known.looks[-1].period.name}"
    return Tile(
        "Drift",
        "alarm" if verdict.alarm else "none",
        below,
        WARN if verdict.alarm else "",
    )


def _tell_challenger(known: Situation) -> Tile:
    tried = known.challenger if known.challenger != known.version else None
    decided = [
        line for line in known.trail if line.get("decision") in {"promote", "reject"}
    ]
    last = "none decided yet"
    if decided:
        done = "promoted" if decided[-1]["decision"] == "promote" else "rejected"
        last = f"version {decided[-1].get('version')} was {done} {show_time(decided[-1]['time'])[:10]}"
    return Tile("Challenger", f"version {tried}" if tried else "none", last)


def write(known: Situation | None = None) -> Path:
    """Write reports/status.html and give its path."""
    text = write_html(make(known or gather()))
    replace(STATUS, lambda draft: draft.write_text(text, "utf-8"))
    return STATUS


def main(arguments: list[str]) -> None:
    """Write the status page, or the page of the last week."""
    parser = argparse.ArgumentParser(prog="status", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("status", "week"), default="status")
    if parser.parse_args(arguments).what == "week":
        with step("week: reading the log and the records"):
            written = week.write()
        say(f"  {'  '.join(map(str, written))}")
        return
    with step("status: reading the log and the records"):
        known = gather()
        path = write(known)
    for item in advise(known):
        say(f"  {item.title} {item.text}")
    say(f"  {path}")
