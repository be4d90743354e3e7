"""What level 4 gives Prometheus and Grafana is judged by Prometheus itself."""

import json
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import Bake, BakedProject
from environments import Project
from test_tracking_store import find_port

PROMTOOL, PROMETHEUS = shutil.which("promtool"), shutil.which("prometheus")
WHY = "is not installed: apt-get install --no-install-recommends prometheus"
needs_promtool = pytest.mark.skipif(not PROMTOOL, reason=f"promtool {WHY}")
needs_prometheus = pytest.mark.skipif(not PROMETHEUS, reason=f"prometheus {WHY}")
DASHBOARD = "monitoring/grafana/dashboard.json"
PATIENCE = 60


@pytest.fixture(name="project")
def fixture_project(bake: Bake) -> BakedProject:
    """A project of level 4, to change."""
    return bake(maturity_level="4")


def judge(project: BakedProject, *words: str) -> str:
    """Ask promtool; give what it found, nothing if it is content."""
    done = project.run("promtool", *words)
    return done.stdout + done.stderr if done.returncode else ""


def judge_settings(project: BakedProject) -> str:
    """Ask whether the settings and the alerts are well formed."""
    return judge(project, "check", "config", "monitoring/prometheus.yml")


def judge_alerts(project: BakedProject) -> str:
    """Ask whether each alert fires when it must, and only then."""
    return judge(project, "test", "rules", "monitoring/rules_test.yml")


def judge_queries(project: BakedProject) -> str:
    """Ask whether each query of the dashboard can be evaluated: as a rule that records it."""
    rules = [
        {"record": f"query:{place}", "expr": query}
        for place, query in enumerate(list_queries(project))
    ]
    path = project.path / "queries.yml"
    group = {"groups": [{"name": "dashboard", "rules": rules}]}
    path.write_text(yaml.safe_dump(group), encoding="utf-8")
    return judge(project, "check", "rules", path.name)


def list_queries(project: BakedProject) -> list[str]:
    """Give what each panel and each annotation of the dashboard asks for."""
    found = json.loads(project.read(DASHBOARD))
    panels = [
        one["expr"] for panel in found["panels"] for one in panel.get("targets", [])
    ]
    marks = [one["expr"] for one in found["annotations"]["list"] if one.get("expr")]
    return panels + marks


@needs_promtool
def test_prometheus_takes_the_settings_and_every_alert_does_as_it_should(
    project: BakedProject,
) -> None:
    assert not judge_settings(project)
    assert not judge_alerts(project)


@needs_promtool
def test_every_query_of_the_dashboard_is_sound(project: BakedProject) -> None:
    assert len(list_queries(project)) > 20
    assert not judge_queries(project)


@needs_promtool
@pytest.mark.parametrize(
    "ask, file, good, bad",
    [
        (judge_settings, "monitoring/prometheus.yml", "rule_files", "rules"),
        (judge_settings, "monitoring/rules.yml", "for: 1m", "for: soon"),
        (judge_alerts, "monitoring/rules.yml", "> 0.01", "> 0.2"),
        (judge_alerts, "monitoring/rules.yml", "severity: page", "severity: none"),
        (judge_alerts, "monitoring/rules_test.yml", "10%", "11%"),
        (judge_queries, DASHBOARD, "[5m])", "[5m)"),
    ],
)
def test_each_judge_can_find_something(
    ask: Callable[[BakedProject], str],
    file: str,
    good: str,
    bad: str,
    project: BakedProject,
) -> None:
    text = project.read(file)
    assert good in text
    (project.path / file).write_text(text.replace(good, bad, 1), encoding="utf-8")
    assert ask(project)


def test_the_variables_of_the_dashboard_are_declared(project: BakedProject) -> None:
    found = json.loads(project.read(DASHBOARD))
    declared = {one["name"] for one in found["templating"]["list"]}
    used = set(re.findall(r"\$\{?([a-z]+)\}?", json.dumps(found["panels"])))
    assert used == declared
    assert found["schemaVersion"] >= 39 and found["uid"] and found["title"]


def test_compose_starts_what_the_folder_holds(project: BakedProject) -> None:
    services = yaml.safe_load(project.read("compose.monitoring.yaml"))["services"]
    assert set(services) == {"prometheus", "alertmanager", "grafana"}
    for service in services.values():
        assert re.fullmatch(r"[\w.]+/[\w.-]+/[\w.-]+:v?\d+\.\d+\.\d+", service["image"])
        for volume in service["volumes"]:
            source = volume.partition(":")[0]
            if source.startswith("./"):
                assert (project.path / source).is_file(), source


@contextmanager
def running(
    words: list[str | Path], folder: Path, **options: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program until the end of the block; what it says is in a log beside it."""
    log = folder / f"log-{Path(words[0]).name}-{time.monotonic_ns()}"
    with (
        log.open("w") as out,
        subprocess.Popen(words, stdout=out, stderr=out, **options) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)


def ask(port: int, path: str, **words: str) -> Any:
    """Ask Prometheus, or whatever listens on the port; None while nobody answers."""
    query = f"?{urllib.parse.urlencode(words)}" if words else ""
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}{path}{query}", timeout=5
        ) as answer:
            return json.load(answer) if path.startswith("/api") else answer.read()
    except OSError:
        return None


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Wait until something holds."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"in {PATIENCE} s {what}"
        time.sleep(0.3)


def set_up(project: Path, folder: Path, service: int) -> Path:
    """Write the project's settings with times that a test can wait for."""
    settings = yaml.safe_load(
        (project / "monitoring/prometheus.yml").read_text("utf-8")
    )
    rules = (project / "monitoring/rules.yml").read_text("utf-8")
    (folder / "rules.yml").write_text(rules.replace("for: 1m", "for: 1s"), "utf-8")
    settings["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    del settings["alerting"]
    target = [{"targets": [f"127.0.0.1:{service}"]}]
    settings["scrape_configs"][0]["static_configs"] = target
    path = folder / "prometheus.yml"
    path.write_text(yaml.safe_dump(settings), "utf-8")
    return path


def find_value(prometheus: int, query: str) -> float | None:
    """Give the value of a query; None where it has none yet."""
    found = ask(prometheus, "/api/v1/query", query=query)
    result = found["data"]["result"] if found else []
    return float(result[0]["value"][1]) if result else None


@needs_prometheus
@pytest.mark.slow
def test_prometheus_reads_the_service_and_notices_when_it_is_gone(
    finished: Callable[[int], Project], tmp_path: Path
) -> None:
    assert PROMETHEUS
    project = finished(4)
    watch(project.path, project.environment, tmp_path)


def watch(project: Path, environment: dict[str, str], folder: Path) -> None:
    """Let the service answer, be scraped, and end; then wait for the alert."""
    service, prometheus = find_port(), find_port()
    settings = set_up(project, folder, service)
    command: list[str | Path] = [
        PROMETHEUS or "",
        f"--config.file={settings}",
        f"--storage.tsdb.path={folder / 'tsdb'}",
        f"--web.listen-address=127.0.0.1:{prometheus}",
    ]
    serve: list[str | Path] = ["make", "serve", f"PORT={service}"]
    with running(command, folder):
        with running(serve, folder, cwd=project, env=environment):
            wait_until(lambda: ask(service, "/health") is not None, "no service")
            wait_until(lambda: find_value(prometheus, "up") == 1, "no scrape")
            version = find_value(prometheus, "ml_model_info")
            requests = 'ml_requests_total{route="other", code="200"}'
            wait_until(lambda: bool(find_value(prometheus, requests)), "no request")
            assert version == 1
        alert = 'ALERTS{alertname="ServiceDown", alertstate="firing"}'
        wait_until(lambda: find_value(prometheus, alert) == 1, "no alert")
