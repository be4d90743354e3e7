"""Many repositories are one heat map; one that fails leaves the others alone."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from scans import DAY, HOSTILE, find, scan
from test_cli import CI, FILES, refusal, run, write
from test_report_html import Page
from test_scoring import LADDER

from maturity_assessment import portfolio
from maturity_assessment.evidence import Status
from maturity_assessment.portfolio import Member, Row, systems
from maturity_assessment.report import heat
from maturity_assessment.scoring.assessment import assess

PLAIN = {k: v for k, v in FILES.items() if "workflows" not in k}


@pytest.fixture(name="repositories")
def fixture_repositories(tmp_path: Path) -> Path:
    """Give a list of two repositories, one with a name of its own."""
    write(tmp_path / "training here", PLAIN)
    write(tmp_path / "service", {**FILES, ".github/workflows/ci.yml": CI})
    text = "# ours\n\ntraining here\nservice web\n"
    return write(tmp_path, {"repos.txt": text}) / "repos.txt"


def test_a_list_is_paths_and_names_beside_it(repositories: Path) -> None:
    members = portfolio.read_list(repositories)
    folder = repositories.parent
    assert members == [
        Member("training here", folder / "training here"),
        Member("web", folder / "service"),
    ]


MISTAKES = [
    ("nowhere\n", "line 1: "),
    ("service\n\nservice\n", "line 3: service is there twice"),
    ("https://github.com/acme/flights\n", "clone it, or mend the path"),
    ("# nothing\n", "names no repository"),
]


@pytest.mark.parametrize("text, says", MISTAKES)
def test_a_mistake_in_the_list_is_one_sentence(
    repositories: Path, text: str, says: str
) -> None:
    repositories.write_text(text, "utf-8")
    assert says in refusal("portfolio", repositories)


def test_the_map_fits_80_columns_and_counts_the_levels(repositories: Path) -> None:
    done = run("portfolio", repositories, "--processes", "1")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert [line.split()[:2] for line in lines if line.startswith("web")] == [
        ["web", "1"]
    ]
    assert "  0  # 1" in lines and "  1  # 1" in lines
    assert "What is missing most:" in lines


def test_many_processes_find_the_same_as_one(repositories: Path) -> None:
    one = run("portfolio", repositories, "--processes", "1", "--format", "json")
    two = run("portfolio", repositories, "--processes", "2", "--format", "json")
    assert json.loads(one.stdout) == json.loads(two.stdout)


def test_the_map_is_a_page_and_a_table_too(repositories: Path, tmp_path: Path) -> None:
    page, table = tmp_path / "map.html", tmp_path / "map.csv"
    run("portfolio", repositories, "--output", page, "--output", table)
    assert not Page(page.read_text("utf-8")).open
    with table.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert [(row["name"], row["level"]) for row in rows] == [
        ("training here", "0"),
        ("web", "1"),
    ]


def test_one_broken_repository_leaves_the_others_alone(repositories: Path) -> None:
    broken = repositories.parent / "service"
    write(broken, {".mlops-maturity.yaml": "answers: {roles: yes}"})
    done = run("portfolio", repositories)
    assert done.exit_code == 1
    assert done.stderr == "Could not be scanned: web.\n"
    assert "training here" in done.stdout


def row(name: str, *present: str) -> Row:
    """Give the row of a scan."""
    found = replace(scan(*present), name=name)
    return Row(name, assess(found, day=DAY))


def test_a_system_is_at_the_level_that_its_repositories_reach_together() -> None:
    made = [name for name in LADDER[3] if name != "cd_deploy"]
    training = row("training", *made)
    service = row("service", "tests_unit", "ci_tests", "cd_deploy", "online_serving")
    system = portfolio.join("flights", [training, service])
    assert [
        r.assessment.level.evidence for r in (training, service) if r.assessment
    ] == [2, 1]
    assert system.assessment and system.assessment.level.evidence == 3
    places = system.assessment.findings["cd_deploy"].evidence
    assert places[0].path == "service/src/cd_deploy.py"
    assert system.members == ("training", "service")


def test_of_two_releases_the_one_that_starts_by_itself_counts() -> None:
    manual = find("cd_deploy", trigger="manual")
    automatic = find("cd_deploy", trigger="automatic")
    merged = systems.merge_findings([("a", manual), ("b", automatic)])
    assert merged.attributes == {"trigger": "automatic"}
    nothing = find("cd_deploy", Status.NOT_ASSESSABLE)
    absent = find("cd_deploy", Status.ABSENT)
    both = systems.merge_findings([("a", nothing), ("b", absent)])
    assert both.status is Status.ABSENT


def test_a_system_of_what_could_not_be_scanned_is_not_judged() -> None:
    system = portfolio.join("flights", [row("a"), Row("b", None, failure="It broke.")])
    assert system.assessment is None and system.failure == "b could not be scanned."


def test_the_weakest_capability_is_the_one_that_most_repositories_lack() -> None:
    rows = [row("a", "iac", "license"), row("b", "license")]
    weakest = portfolio.find_weakest(rows)
    by_name = {weak.capability: weak for weak in weakest}
    assert (by_name["iac"].have, by_name["iac"].of) == (1, 2)
    assert weakest[0].share == 0 and weakest[-1].capability == "license"
    assert "roles" not in by_name


SYSTEMS = [
    ("systems: {web: [web]}", "web is a repository already"),
    ("systems: {all: [web, trainer]}", "'trainer' is no repository of the list"),
    ("systems: {all: web}", "have to be a list"),
    ("flights: [web]", "expected `systems:`"),
]


@pytest.mark.parametrize("text, says", SYSTEMS)
def test_a_mistake_in_the_systems_is_one_sentence(
    repositories: Path, text: str, says: str
) -> None:
    systems = write(repositories.parent, {"systems.yaml": text}) / "systems.yaml"
    assert says in refusal("portfolio", repositories, "--systems", systems)


def test_a_system_stands_beside_its_repositories(repositories: Path) -> None:
    text = "systems:\n  flights: [training here, web]\n"
    systems = write(repositories.parent, {"systems.yaml": text}) / "systems.yaml"
    done = run("portfolio", repositories, "--systems", systems)
    assert [line for line in done.stdout.splitlines() if line.startswith("flights")]
    assert "  1  # 1" in done.stdout.splitlines()


def test_nothing_of_a_hostile_name_becomes_a_tag_or_a_formula() -> None:
    rows = (row(HOSTILE), Row("=cmd()", None, failure=HOSTILE))
    found = portfolio.Portfolio(rows, portfolio.count(rows), ())
    page = Page(heat.render_html(found))
    assert not {tag for tag, _ in page.tags} & {"script", "img"}
    assert "\n'=cmd()," in heat.render_csv(found)
