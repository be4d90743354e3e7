"""The status page and the page of the week say what is known, and what is not."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import ROOT
from sklearn.pipeline import Pipeline
from test_service import fixture_rows  # pylint: disable=unused-import

from {{ cookiecutter.package_name }} import (
    history,
    predict,
    status,
)
from {{ cookiecutter.package_name }}.events import (
    store,
)
from {{ cookiecutter.package_name }}.files import (
    read_yaml,
    write_json,
)
from {{ cookiecutter.package_name }}.findings import (
    PERFORMANCE,
)
from {{ cookiecutter.package_name }}.status import (
    advice,
    charts,
    situation,
    week,
)
from {{ cookiecutter.package_name }}.status.page import (
    WARN,
    Grid,
    Page,
    Section,
    write_html,
    write_markdown,
)
from {{ cookiecutter.package_name }}.table import (
    Table,
)

DAY = 86_400.0
BEGIN = 1_365_000_000.0  # in April 2013
AWKWARD = "<script>alert(1)</script> & | $x$"


class Watcher(HTMLParser):
    """Notes what a page would load, run or leave open."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that is opened, and what it asks for."""
        self.loads += [tag] if tag in {"script", "iframe", "object", "link"} else []
        wanted = {"src", "href", "xlink:href"}
        found = [value or "" for name, value in attrs if name in wanted]
        self.loads += [
            value for value in found if not value.startswith(("#", "../docs/"))
        ]
        if tag not in {"meta", "link", "br", "img"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that closes itself, as in SVG."""
        self.handle_starttag(tag, attrs)
        if tag in self.open[-1:]:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        """Note a tag that is closed."""
        assert self.open.pop() == tag


@pytest.fixture(name="_nowhere", scope="module", autouse=True)
def fixture_nowhere() -> Iterator[None]:
    """Ask no service that may run on this machine, nor the owner's registry."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(situation, "ask_service", lambda: None)
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        yield


@pytest.fixture(name="place")
def fixture_place(
    workplace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A folder with settings and nothing else: the first day."""
    (tmp_path / "conf").symlink_to(workplace / "conf")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(name="answers", scope="module")
def fixture_answers(
    rows: list[dict[str, Any]], sample: pd.DataFrame, fitted: Pipeline, table: Table
) -> list[tuple[str, Any, str | None]]:
    """Inputs, prediction and chances of some rows, as the log holds them."""
    found = predict.predict(fitted, sample.head(len(rows)), table)
    names = {f"chance of {name}": name for name in table.classes}
    there = [name for name in names if name in found]
    return [
        (
            json.dumps(row),
            answer["prediction"],
            json.dumps({names[n]: float(answer[n]) for n in there}) if there else None,
        )
        for row, (_, answer) in zip(rows, found.iterrows(), strict=True)
    ]


@pytest.fixture(name="lived")
def fixture_lived(
    place: Path, answers: list[tuple[str, Any, str | None]], table: Table
) -> Path:
    """The same folder after forty days: two versions, labels, decisions, a deployment."""
    (place / "events").mkdir()
    with store.connect(place / "events/events.db") as log:
        for number in range(400):
            moment, model = BEGIN + number * DAY / 10, "1" if number < 300 else "2"
            log.execute(
                "INSERT INTO predictions VALUES (?, ?, ?, ?, 'champion', ?, ?, ?, ?)",
                (
                    str(number),
                    f"r{number // 2}",
                    moment,
                    model,
                    *answers[number % len(answers)],
                    1.0 + number % 7,
                ),
            )
        log.commit()
    headline, _ = table.headline
    period = {"period": "2013-04", "rows": 90, headline: 0.5}
    delay = {"p50": 1.0, "p90": 3.0}
    labels = {"predictions": 400, "labelled": 90, "delay_days": delay}
    versions = {"1": {"periods": [period]}}
    measured = {"headline": headline, "labels": labels, "versions": versions}
    write_json(place / PERFORMANCE, measured)
    trail, deployed = place / history.TRAIL, place / history.DEPLOYMENTS
    _record(trail, decision="reject", reason=AWKWARD, day=5, version="9")
    _record(trail, decision="promote", reason="better", day=38, version="2")
    _record(deployed, outcome="live", to="2", day=38, why="new")
    return place


def _record(path: Path, day: float, **said: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"time": BEGIN + day * DAY, **said}) + "\n")


def watch(text: str) -> Watcher:
    """Read a whole page."""
    watcher = Watcher()
    watcher.feed(text)
    assert watcher.open == []
    return watcher


@pytest.mark.usefixtures("place")
def test_on_the_first_day_the_page_says_what_is_missing() -> None:
    text = status.write().read_text("utf-8")
    watch(text)
    for said in (
        "Nothing was predicted yet",
        "Neither measured nor estimated yet",
        "Nothing was deployed yet",
        "No decision yet",
        "No service answers",
    ):
        assert said in text
    assert "<svg" not in text


@pytest.mark.usefixtures("lived")
def test_the_page_needs_nothing_but_itself() -> None:
    watcher = watch(status.write().read_text("utf-8"))
    assert set(watcher.loads) <= {"link", "data:,"}


@pytest.mark.usefixtures("lived")
def test_every_picture_is_sound_and_takes_its_colours_from_the_page() -> None:
    text = status.write().read_text("utf-8")
    pictures = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(pictures) >= 4
    names: list[str] = []
    for picture in pictures:
        drawn = ET.fromstring(picture)
        assert drawn.get("aria-label")
        assert not drawn.get("width") and drawn.get("viewBox")
        names += [
            one.get("id", "") for one in drawn.iter() if one.tag.endswith("clipPath")
        ]
        assert not [colour for colour in charts.COLOURS if colour in picture]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.usefixtures("lived")
def test_the_page_shows_what_happened(table: Table) -> None:
    known = situation.gather()
    text = write_html(status.make(known))
    assert known.now == pytest.approx(BEGIN + 399 * DAY / 10)
    assert "400 rows in 200 requests" in text
    assert "90 of 400 predictions have a label" in text
    assert "version 2" in text
    if table.binary:
        assert "mean chance of" in text


@pytest.mark.usefixtures("lived")
def test_words_of_others_cannot_become_part_of_the_page() -> None:
    text = status.write().read_text("utf-8")
    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)" in text


@pytest.mark.usefixtures("lived")
def test_the_week_holds_its_own_days_only() -> None:
    markdown, html = week.write()
    watch(html.read_text("utf-8"))
    text = markdown.read_text("utf-8")
    assert "better" in text and "| new |" in text
    assert "alert" not in text  # that was in the first week
    assert "Rows: **70**" in text
    rows = [
        line for line in text.splitlines() if re.match(r"\| \w{3} \d\d \w{3} \|", line)
    ]
    assert 7 <= len(rows) <= 8


def test_a_metric_that_fell_leads_to_the_page_of_its_alert(
    lived: Path, table: Table
) -> None:
    headline, more_is_better = table.headline
    holdout = {headline: 0.9 if more_is_better else 0.1}
    said = {"decision": "challenge", "version": "1", "evidence": {"holdout": holdout}}
    _record(lived / history.TRAIL, day=39, **said)
    todos = advice.advise(situation.gather())
    pages = [item.runbook for item in todos if item.tone == WARN]
    assert "docs/runbooks/PerformanceFalls.md" in pages


def test_errors_and_lost_events_of_the_service_come_first(
    lived: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lived.is_dir()
    found = {
        "ml_requests_total 2xx": 90.0,
        "ml_requests_total 5xx": 10.0,
        "ml_events_lost_total": 3.0,
    }
    monkeypatch.setattr(situation, "ask_service", lambda: found)
    pages = [item.runbook for item in advice.advise(situation.gather())]
    assert pages[:2] == [
        f"docs/runbooks/{x}.md" for x in ("RequestsFail", "EventsLost")
    ]


def test_the_page_and_the_alerts_draw_the_line_at_the_same_place() -> None:
    rules = {
        rule["alert"]: rule["expr"]
        for group in read_yaml(ROOT / "monitoring/rules.yml")["groups"]
        for rule in group["rules"]
        if "alert" in rule
    }
    assert rules["RequestsFail"].rstrip().endswith(f"> {advice.ERRORS}")
    for alert in ("PerformanceFalls", "EstimateFalls"):
        assert f"< {1 - advice.WORSE:g} *" in rules[alert]
        assert f"> {1 + advice.WORSE:g} *" in rules[alert]


def test_every_page_that_is_pointed_at_is_there() -> None:
    source = Path(advice.__file__).read_text("utf-8")
    named = set(re.findall(r'"([A-Z][a-z]+[A-Z][A-Za-z]+)"', source))
    assert len(named) >= 5
    assert not [
        name for name in named if not (ROOT / f"docs/runbooks/{name}.md").is_file()
    ]


def test_a_cell_of_a_table_stays_a_cell() -> None:
    grid = Grid(["a", "b"], [[AWKWARD, "`x` | y"]], frozenset({1}))
    page = Page(
        "t", (WARN, "p"), "b", [], [], [Section("s", [AWKWARD], grids=[grid])], "f"
    )
    assert set(watch(write_html(page)).loads) <= {"link", "data:,"}
    lines = write_markdown(page).splitlines()
    row = next(line for line in lines if "alert" in line and line.startswith("|"))
    assert row.replace("\\|", "").count("|") == 3
