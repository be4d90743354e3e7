"""What the service measures can be read by Prometheus, and every alert leads somewhere."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from test_live import (  # pylint: disable=unused-import
    connect,
    fixture_place,
    wait_for_address,
)
from test_service import fixture_rows  # pylint: disable=unused-import

from {{ cookiecutter.package_name }} import (
    findings,
    history,
    monitored,
    telemetry,
)
from {{ cookiecutter.package_name }}.events import (
    store,
)
from {{ cookiecutter.package_name }}.files import (
    write_json,
)
from {{ cookiecutter.package_name }}.rendezvous import (
    board,
    metrics,
    policy,
)
from {{ cookiecutter.package_name }}.streams.bus import (
    Local,
)
from {{ cookiecutter.package_name }}.table import (
    Table,
)

ROOT = Path(__file__).resolve().parent.parent
MONITORING, RUNBOOKS = ROOT / "monitoring", ROOT / "docs/runbooks"
PACKAGE, _, COMMAND = monitored.__name__.partition(".")
ROW = {
    "id": "7",
    "request": "a",
    "time": 1e9,
    "model": "1",
    "arm": "champion",
    "inputs": {},
    "latency": 0.5,
}
Metrics = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture(name="client", scope="module")
def fixture_client(place: Path) -> Iterator[httpx.Client]:
    """The level-4 service, run as `make serve` runs it."""
    log = place / "log-monitored"
    words = [sys.executable, "-m", PACKAGE, COMMAND, "--port", "0"]
    with (
        log.open("w") as out,
        subprocess.Popen(words, cwd=place, stdout=out, stderr=out) as process,
    ):
        with connect(wait_for_address(log, process)) as client:
            yield client
        process.terminate()
        assert process.wait(30) == 0, log.read_text("utf-8")


def read(text: str) -> Metrics:
    """Read what /metrics says: a number for each name and its labels."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def ask(client: httpx.Client, name: str, **labels: str) -> float:
    """Give one metric of the service, 0 where it is not there yet."""
    found = read(client.get("/metrics").text)
    return found.get((name, frozenset(labels.items())), 0.0)


def render(folder: Path, tally: telemetry.Tally, **state: Any) -> Metrics:
    """Give the metrics of a service that does not run, over the files of a folder."""
    champion = SimpleNamespace(name="m", version="2", kind="onnx")
    log = SimpleNamespace(lost=0, healthy=True)
    service = SimpleNamespace(champion=champion, log=log, strategy=None)
    service.__dict__.update(state)
    registry = telemetry.make_registry(tally, service, ("auc", True), folder)
    return read(telemetry.render(registry).decode())


def test_requests_are_counted_with_their_code_and_time(
    client: httpx.Client, rows: list[dict[str, Any]]
) -> None:
    codes = {"200": rows[:3], "422": {"no such column": 1}}
    before = {
        code: ask(client, "ml_requests_total", route="predict", code=code)
        for code in codes
    }
    timed = ask(client, "ml_request_seconds_count")
    for code, body in codes.items():
        assert client.post("/predict", json=body).status_code == int(code)
        now = ask(client, "ml_requests_total", route="predict", code=code)
        assert now == before[code] + 1
    assert ask(client, "ml_request_seconds_count") == timed + 2


def test_a_stranger_cannot_fill_the_memory_with_paths(client: httpx.Client) -> None:
    before = ask(client, "ml_requests_total", route="other", code="404")
    for path in ("/one", "/two", "/three"):
        assert client.get(path).status_code == 404
    assert ask(client, "ml_requests_total", route="other", code="404") == before + 3
    assert "three" not in client.get("/metrics").text


def test_rows_are_counted_by_the_model_that_answered(
    client: httpx.Client, rows: list[dict[str, Any]], table: Table
) -> None:
    before = ask(client, "ml_rows_total", model="1", arm="champion")
    answers = client.post("/predict", json=rows).json()["predictions"]
    found = read(client.get("/metrics").text)
    labels = frozenset({("model", "1"), ("arm", "champion")})
    assert found["ml_rows_total", labels] == before + len(rows)
    assert ask(client, "ml_score_count", model="1") >= len(rows)
    if table.task == "classification":
        given = {item["prediction"] for item in answers}
        named = {dict(labels).get("prediction") for _, labels in found}
        assert given <= named


def test_it_names_the_model_and_keeps_its_events(client: httpx.Client) -> None:
    found = read(client.get("/metrics").text)
    models = [dict(labels) for name, labels in found if name == "ml_model_info"]
    assert [model["version"] for model in models] == ["1"]
    assert ask(client, "ml_events_lost_total") == 0
    assert ask(client, "ml_events_healthy") == 1


def test_it_shows_the_status_page_and_the_page_of_an_alert(
    client: httpx.Client, place: Path
) -> None:
    missing = client.get("/status")
    assert (missing.status_code, "make status" in missing.text) == (404, True)
    (place / "reports").mkdir()
    (place / "reports/status.html").write_text("<p>all is well", "utf-8")
    assert client.get("/status").text == "<p>all is well"
    (place / "docs/runbooks").mkdir(parents=True)
    (place / "docs/runbooks/ServiceDown.md").write_text("# Look here", "utf-8")
    assert client.get("/docs/runbooks/ServiceDown.md").text == "# Look here"
    for name in ("NoSuch.md", "..%2f..%2fconf%2ftable.md"):
        assert client.get(f"/docs/runbooks/{name}").status_code == 404


def test_measuring_needs_none_of_the_tools_that_train() -> None:
    heavy = "pandas", "sklearn", "mlflow", "matplotlib"
    code = f"import sys, {monitored.__name__}; print({heavy!r} and [n for n in {heavy!r} if n in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.fixture(name="whole")
def fixture_whole(tmp_path: Path) -> Path:
    """A folder where every command has left what it found."""
    change = {"name": "a", "size": 0.4, "drifted": True}
    drift = {
        "time": "2013-05-01T00:00:00+00:00",
        "rows": 900,
        "alarm": True,
        "score": 0.1,
        "columns": [change],
        "predictions": [change | {"name": "chance"}],
        "estimate": {"available": True, "auc": 0.66},
    }
    measured = {
        "headline": "auc",
        "labels": {
            "predictions": 9,
            "labelled": 5,
            "delay_days": {"p50": 1.0, "p90": 2.0},
        },
        "versions": {
            "1": {"periods": [{"period": "2013-04", "rows": 3, "auc": 0.7}]},
            "2": {"periods": [{"period": "2013-05", "rows": 2, "auc": 0.6}]},
        },
    }
    write_json(tmp_path / findings.DRIFT, drift)
    write_json(tmp_path / findings.PERFORMANCE, measured)
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf/training.yaml").write_text("gate: {floor: 0.65}\n", "utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / findings.BATCHES[0]).write_text("scores", "utf-8")
    challenge = {"decision": "challenge", "evidence": {"holdout": {"auc": 0.71}}}
    lines: list[dict[str, Any]] = [
        {"time": 5.0, "version": "2", **challenge},
        {"time": 6.0, "version": "2", "decision": "retrain"},
        {"time": 7.0, "version": "2", "decision": "promote"},
    ]
    text = "".join(f"{json.dumps(line)}\n" for line in lines)
    (tmp_path / history.TRAIL).write_text(text + '{"time": 8, "deci', "utf-8")
    (tmp_path / "events").mkdir()
    rows = [(str(number), "r", 100.0 * number) for number in range(4)]
    with store.connect(tmp_path / "events/events.db") as log:
        query = "INSERT INTO predictions (id, request, time) VALUES (?, ?, ?)"
        log.executemany(query, rows)
        log.execute("INSERT INTO labels VALUES ('1', 500, 'x'), ('0', 500, 'x')")
        log.commit()
    return tmp_path


def test_what_commands_found_becomes_metrics(whole: Path) -> None:
    found = render(whole, telemetry.Tally())
    more = frozenset({("metric", "auc"), ("better", "more")})
    assert found["ml_performance_realised", more] == 0.6
    assert found["ml_performance_estimated", more] == 0.66
    assert found["ml_performance_expected", more] == 0.71
    assert found["ml_performance_floor", more] == 0.65
    assert found["ml_drift_moved", frozenset({("column", "a")})] == 0.4
    assert found["ml_drift_alarm", frozenset()] == 1
    assert found["ml_label_lag_seconds", frozenset()] == 200
    assert found["ml_label_delay_seconds", frozenset({("share", "0.9")})] == 2 * 86_400
    assert found["ml_model_since_timestamp_seconds", frozenset()] == 7
    assert found["ml_decisions_total", frozenset({("decision", "promote")})] == 1


def test_what_nobody_found_out_has_no_metric(tmp_path: Path) -> None:
    names = {name for name, _ in render(tmp_path, telemetry.Tally())}
    assert not [name for name in names if re.match("ml_(drift|perf|label|batch)", name)]
    assert "ml_decisions_total" in names


def test_a_report_that_is_half_written_changes_nothing(whole: Path) -> None:
    tally = telemetry.Tally()
    service = SimpleNamespace(
        champion=SimpleNamespace(name="m", version="2", kind="onnx"),
        log=None,
        strategy=None,
    )
    registry = telemetry.make_registry(tally, service, ("auc", True), whole)
    before = telemetry.render(registry)
    assert b"ml_drift_rows 900" in before
    time.sleep(0.02)  # so that the file has another time
    (whole / findings.DRIFT).write_text('{"rows": 9', "utf-8")
    assert b"ml_drift_rows 900" in telemetry.render(registry)


def test_lost_events_and_a_challenger_that_falls_behind_are_shown(
    tmp_path: Path,
) -> None:
    counts = {"asked": 9, "answered": 5, "failed": 2, "shed": 4, "late": 1}
    shadow = counts | {"started": 3, "waiting": 2}
    said = {"mode": "shadow", "challenger": "3", "shadow": shadow}
    found = render(
        tmp_path,
        telemetry.Tally(),
        log=SimpleNamespace(lost=6, healthy=False),
        strategy=SimpleNamespace(describe=lambda: said),
    )
    model = ("model", "3")
    assert found["ml_events_lost_total", frozenset()] == 6
    assert found["ml_events_healthy", frozenset()] == 0
    assert found["ml_shadow_rows_total", frozenset({model})] == 13
    assert found["ml_shadow_restarts_total", frozenset({model})] == 2
    shed = frozenset({model, ("outcome", "shed")})
    assert found["ml_shadow_answers_total", shed] == 4


def test_the_score_is_the_chance_that_is_looked_for_or_the_number(
    tmp_path: Path,
) -> None:
    chances = {"yes": 0.2, "no": 0.8}
    of_class = ROW | {"prediction": "no", "chances": chances}
    for tally, event, score in (
        (telemetry.Tally("yes"), of_class, 0.2),
        (telemetry.Tally(), of_class, 0.8),
        (telemetry.Tally(), ROW | {"prediction": -3.5}, -3.5),
    ):
        tally.observe([event, event])
        found = render(tmp_path, tally)
        assert found["ml_score_sum", frozenset({("model", "1")})] == pytest.approx(
            2 * score
        )
        assert found["ml_log_time_seconds", frozenset()] == 1e9


def read_rules() -> list[dict[str, Any]]:
    """Give every alert."""
    groups = yaml.safe_load((MONITORING / "rules.yml").read_text("utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def read_panels() -> list[dict[str, Any]]:
    """Give every panel of the dashboard."""
    text = (MONITORING / "grafana/dashboard.json").read_text("utf-8")
    panels: list[dict[str, Any]] = json.loads(text)["panels"]
    return panels


def test_every_alert_has_its_page_and_every_page_its_alert() -> None:
    rules = read_rules()
    pages = {f"docs/runbooks/{path.name}" for path in RUNBOOKS.glob("*.md")}
    assert {rule["annotations"]["runbook_url"] for rule in rules} == pages
    for rule in rules:
        page = ROOT / rule["annotations"]["runbook_url"]
        assert page.stem == rule["alert"]
        assert page.read_text("utf-8").startswith(f"# {rule['alert']}\n")
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["summary"] and rule["annotations"]["description"]


def test_every_page_says_where_to_look_and_what_to_do() -> None:
    for path in RUNBOOKS.glob("*.md"):
        text = path.read_text("utf-8")
        for title in ("## Look", "## Do", "## Afterwards"):
            assert title in text, path
        for link in re.findall(r"\]\((\w+\.md)\)", text):
            assert (RUNBOOKS / link).is_file(), path


def test_every_alert_is_tested_to_fire_and_to_stay_silent() -> None:
    tests = yaml.safe_load((MONITORING / "rules_test.yml").read_text("utf-8"))["tests"]
    cases = [case for test in tests for case in test["alert_rule_test"]]
    fired = {case["alertname"] for case in cases if case["exp_alerts"]}
    assert fired == {rule["alert"] for rule in read_rules()}
    for test in tests:
        names = {case["alertname"] for case in test["alert_rule_test"]}
        fired = {
            case["alertname"] for case in test["alert_rule_test"] if case["exp_alerts"]
        }
        assert fired == names, test["name"]


def test_every_metric_that_is_asked_for_is_measured(whole: Path) -> None:
    tally = telemetry.Tally()
    tally.observe([ROW | {"prediction": "a", "chances": {"a": 1.0}}])
    counts = "asked answered failed shed late started waiting".split()
    said: dict[str, Any] = {"challenger": "3", "shadow": dict.fromkeys(counts, 1)}
    said["canary"] = {"missed": 1, "out": False}
    strategy = SimpleNamespace(describe=lambda: said, metrics=measure_meeting())
    measured = {name for name, _ in render(whole, tally, strategy=strategy)}
    asked = [rule["expr"] for rule in read_rules()]
    asked += [
        one["expr"] for panel in read_panels() for one in panel.get("targets", [])
    ]
    names = set(re.findall(r"\bml_[a-z0-9_]+", " ".join(asked)))
    assert len(names) > 20
    assert names <= measured


def measure_meeting() -> metrics.Metrics:
    """Give what a rendezvous measures once two models have answered."""
    heard = board.Board()
    counts = dict.fromkeys("asked answered failed shed late started".split(), 1)
    for name in ("challenger", "canary"):
        said = {"name": name, "model": "3", "counts": counts}
        heard.hear(said, [{"latency": 1.0, "prediction": 2.5}])
    heard.observe([ROW | {"prediction": 2.5}], None)
    models = cast(Any, SimpleNamespace(policy=policy.Policy(canary="canary")))
    models.wanted = {"challenger": "3"}
    return metrics.Metrics(heard, models, Local())


def test_the_panels_of_the_dashboard_do_not_overlap() -> None:
    panels = read_panels()
    numbers = [panel["id"] for panel in panels]
    assert sorted(set(numbers)) == sorted(numbers)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel["gridPos"]
        across = range(place["x"], place["x"] + place["w"])
        down = range(place["y"], place["y"] + place["h"])
        cells = {(x, y) for x in across for y in down}
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells
        assert panel["type"] == "row" or panel["targets"], panel["title"]
