"""The command reports, refuses in one sentence, and writes only what it was told to."""

import json
import os
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result
from conftest import tree
from reports import read_schema

from maturity_assessment.capabilities import read_assessed
from maturity_assessment.cli import main
from maturity_assessment.questionnaire import file

CI = """
on: [push, pull_request]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: pip install -r requirements.txt
      - run: pytest -q
"""
TEST = "from app import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n"
FILES = {
    "README.md": "# Flights\n\n"
    + "It predicts late arrivals, with `make train`. " * 12,
    ".gitignore": "data/\n*.pkl\n",
    "app.py": "def add(a, b):\n    return a + b\n",
    "tests/test_app.py": TEST,
    ".github/workflows/ci.yml": CI,
    "data file.csv": "a,b\n1,2\n",
}


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write some files under a folder."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture(name="repository")
def fixture_repository(tmp_path: Path) -> Path:
    """Give a repository with tests in CI, in a path with a space."""
    return write(tmp_path / "a repository", FILES)


def run(*arguments: str | Path, typed: str = "") -> Result:
    """Run the command; nothing may escape it as a traceback."""
    result = CliRunner().invoke(main, [str(a) for a in arguments], input=typed)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def refusal(*arguments: str | Path) -> str:
    """Give the one sentence with which the command refuses."""
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    return result.stderr.strip().splitlines()[-1]


def test_a_scan_says_the_level_and_leaves_the_tree_alone(repository: Path) -> None:
    before = tree(repository)
    result = run("scan", repository)
    assert result.exit_code == 0
    assert "Level 1 by evidence" in result.stdout
    assert "\x1b" not in result.stdout
    assert tree(repository) == before


def test_a_level_that_is_too_low_fails_and_says_so(repository: Path) -> None:
    assert run("scan", repository, "--fail-under", "1").exit_code == 0
    low = run("scan", repository, "--fail-under", "2")
    assert low.exit_code == 1
    assert low.stderr == "Level 1 by evidence is below 2.\n"


def test_what_is_required_must_be_evidenced(repository: Path) -> None:
    assert run("scan", repository, "--require", "ci_tests").exit_code == 0
    both = run("scan", repository, "--require", "ci_tests", "--require", "license")
    assert (both.exit_code, both.stderr) == (
        1,
        "license is required and not evidenced.\n",
    )
    assert "license" in refusal("scan", repository, "--require", "licence")


def test_a_claim_never_satisfies_a_gate_in_ci(repository: Path) -> None:
    said = "answers: {license: automated, roles: automated}"
    write(repository, {file.NAME: said})
    for name in ("license", "roles"):
        assert run("scan", repository, "--require", name).exit_code == 1


def test_every_format_goes_where_its_name_says(
    repository: Path, tmp_path: Path
) -> None:
    names = ["r.json", "r.html", "r.md", "r.svg", "r.sarif", "r.txt"]
    outputs = [part for name in names for part in ("--output", tmp_path / "out" / name)]
    assert run("scan", repository, *outputs).stdout == ""
    made = {path.name: path.read_text("utf-8") for path in (tmp_path / "out").iterdir()}
    assert sorted(made) == sorted(names)
    jsonschema.validate(json.loads(made["r.json"]), read_schema())
    starts = {"r.html": "<!DOCTYPE", "r.md": "<!--", "r.svg": "<svg", "r.txt": "a repo"}
    assert all(made[name].startswith(start) for name, start in starts.items())
    assert json.loads(made["r.sarif"])["version"] == "2.1.0"


def test_a_format_can_be_named(repository: Path) -> None:
    found = json.loads(run("scan", repository, "--format", "json").stdout)
    assert found["repository"]["name"] == "a repository"
    assert found["level"]["evidence"] == 1
    advice = [c["advice"] for c in found["capabilities"] if c["id"] == "ci_tests"]
    assert advice[0]


def test_a_baseline_says_what_changed(repository: Path, tmp_path: Path) -> None:
    base = tmp_path / "base.json"
    run("scan", repository, "--output", base)
    (repository / ".gitignore").unlink()
    text = run("scan", repository, "--baseline", base, "--format", "markdown").stdout
    assert "**worse**: `version_control_ignore` evidenced → absent" in text


def test_answers_in_the_repository_are_read_unless_they_are_a_link(
    repository: Path, tmp_path: Path
) -> None:
    mine = write(tmp_path, {"mine.yaml": "answers: {roles: by hand}"}) / "mine.yaml"
    (repository / file.NAME).symlink_to(mine)
    assert "Declared: by hand" not in run("scan", repository).stdout
    assert "Declared: by hand" in run("scan", repository, "--answers", mine).stdout
    (repository / file.NAME).unlink()
    write(repository, {file.NAME: "answers: {roles: by hand}"})
    assert "Declared: by hand" in run("scan", repository).stdout


def test_a_mistake_in_the_answers_names_its_line(repository: Path) -> None:
    write(repository, {file.NAME: "answers:\n  roles: yes\n"})
    said = refusal("scan", repository)
    assert said.startswith("Error: ") and "line 2: 'yes' is no answer" in said


def test_what_is_not_there_is_refused(repository: Path, tmp_path: Path) -> None:
    assert "does not exist" in refusal("scan", tmp_path / "nowhere")
    assert "is a file" in refusal("scan", repository / "app.py")
    assert "no folder" in refusal("scan", repository, "--subdir", "nowhere")
    assert "--format json" in refusal(
        "scan", repository, "--baseline", repository / "app.py"
    )


def test_an_output_that_cannot_be_written_leaves_nothing(
    repository: Path, tmp_path: Path
) -> None:
    write(tmp_path, {"taken": ""})
    said = run("scan", repository, "--output", tmp_path / "taken" / "r.json")
    assert said.exit_code == 2 and "choose another --output" in said.stderr
    assert not list(tmp_path.rglob("*.part"))


def test_a_project_within_a_repository_is_assessed_alone(tmp_path: Path) -> None:
    write(tmp_path / "one", {k: v for k, v in FILES.items() if "workflows" not in k})
    write(
        tmp_path, {"LICENSE": "MIT License\n" + "Permission is hereby granted. " * 30}
    )
    found = json.loads(
        run("scan", tmp_path, "--subdir", "one", "--format", "json").stdout
    )
    assert found["repository"]["name"] == "one"


def test_asking_keeps_each_answer_and_goes_on_later(repository: Path) -> None:
    target = repository / file.NAME
    first = run("ask", repository, typed="h\n\nq\n")
    assert first.exit_code == 0
    (name,) = file.read(target).answers
    again = run("ask", repository, typed="n\nq\n")
    assert f": {name}\n" not in again.stdout
    assert len(file.read(target).answers) == 2


def test_one_capability_can_be_answered_again(repository: Path, tmp_path: Path) -> None:
    target = tmp_path / "answers.yaml"
    for key, reply in (("n", "no"), ("p", "planned")):
        run("ask", repository, "roles", "--answers", target, typed=f"{key}\n")
        assert file.read(target).answers["roles"].reply == reply
    assert not (repository / file.NAME).exists()


def test_a_capability_is_described_with_how_it_is_found() -> None:
    assert len(run("describe").stdout.splitlines()) == len(read_assessed())
    text = run("describe", "ci_tests").stdout
    for part in ("Looked for: ", "Advice: ", "Asked: ", "ML Test Score: Data7, Infra2"):
        assert part in text
    assert max(map(len, text.splitlines())) <= 80
    assert "'nothing' is not one of" in refusal("describe", "nothing")


def test_a_version_is_told_in_a_clone_too() -> None:
    assert run("--version").stdout.strip()


@pytest.mark.parametrize("command", ["scan", "ask", "history", "portfolio", "describe"])
def test_every_command_explains_itself(command: str) -> None:
    assert command in run("--help").stdout
    assert "Exit codes: 0 done" in run("--help").stdout
    assert run(command, "--help").exit_code == 0


def test_a_pipe_or_a_device_is_written_and_not_replaced(
    repository: Path, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert run("scan", repository, "--format", "badge", "--output", pipe).exit_code == 0
    assert b"level" in os.read(reader, 100_000)
    os.close(reader)
    assert pipe.is_fifo()
