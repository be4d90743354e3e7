"""The composite action is safe and well formed, and its scripts do what they say."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from environments import HOUSE
from test_cli import FILES, write
from test_judges import judge, judge_schema

ACTION = HOUSE / "action.yml"
TOOL = f'#!/bin/sh\nexec "{sys.executable}" -m maturity_assessment.cli "$@"\n'
FORGE = """#!/bin/sh
echo "$@" >> "$CALLS"
case "$*" in *--paginate*) printf '%s' "$BEFORE"; exit "$UNREADABLE";; esac
"""


@pytest.fixture(name="runner")
def fixture_runner(tmp_path: Path) -> dict[str, str]:
    """Give the variables of a runner on which the action was installed."""
    programs = {"tools/gh": FORGE, "mlops-maturity/bin/mlops-maturity": TOOL}
    write(tmp_path, programs)
    for name in programs:
        (tmp_path / name).chmod(0o755)
    write(tmp_path, {"output": "", "summary": "", "calls": ""})
    return {
        "PATH": f"{tmp_path / 'tools'}:{os.environ['PATH']}",
        "PYTHONPATH": str(HOUSE),
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "GITHUB_REPOSITORY": "acme/flights",
        "CALLS": str(tmp_path / "calls"),
        "BEFORE": "",
        "UNREADABLE": "0",
    }


def read_step(name: str) -> dict[str, Any]:
    """Read one step of the action."""
    steps = yaml.safe_load(ACTION.read_text("utf-8"))["runs"]["steps"]
    return next(step for step in steps if step["name"] == name)


def play(
    name: str, runner: dict[str, str], **values: str
) -> subprocess.CompletedProcess[str]:
    """Run the script of a step as a runner does, with some of its values."""
    step = read_step(name)
    unset = {key: "" for key in step["env"]}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        env={**runner, **unset, **values},
        capture_output=True,
        text=True,
        check=False,
    )


def outputs(runner: dict[str, str]) -> dict[str, str]:
    """Give what the steps put out."""
    lines = Path(runner["GITHUB_OUTPUT"]).read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)


def test_the_action_is_safe_and_well_formed() -> None:
    assert not judge(HOUSE, "zizmor", "--offline", "--quiet", "--pedantic", ACTION)
    assert not judge_schema(HOUSE, "vendor.github-actions", [ACTION])


@pytest.mark.parametrize("name", ["install", "scan", "comment", "judge"])
def test_its_scripts_are_sound_and_hold_no_value_of_the_event(
    name: str, tmp_path: Path
) -> None:
    script = read_step(name)["run"]
    assert "${{" not in script
    write(tmp_path, {"step.sh": f"#!/bin/bash\n{script}"})
    assert not judge(tmp_path, "shellcheck", "--exclude=SC2016", "step.sh")


@pytest.mark.skipif(not shutil.which("jq"), reason="runners have jq, this machine not")
def test_a_scan_puts_out_level_report_and_summary(
    runner: dict[str, str], tmp_path: Path
) -> None:
    repository = write(tmp_path / "a repository", FILES)
    done = play("scan", runner, REPOSITORY=str(repository))
    assert done.returncode == 0, done.stderr
    put = outputs(runner)
    assert (put["level"], put["code"]) == ("1", "0")
    report = json.loads(Path(put["report"], "report.json").read_text("utf-8"))
    assert report["level"]["evidence"] == 1
    summary = Path(runner["GITHUB_STEP_SUMMARY"]).read_text("utf-8")
    assert summary.startswith("<!-- mlops-maturity -->")


@pytest.mark.skipif(not shutil.which("jq"), reason="runners have jq, this machine not")
def test_a_level_that_is_too_low_is_reported_first_and_fails_last(
    runner: dict[str, str], tmp_path: Path
) -> None:
    repository = write(tmp_path / "repository", FILES)
    asked = {
        "REPOSITORY": str(repository),
        "LEAST": "3",
        "REQUIRED": "ci_tests license",
    }
    assert play("scan", runner, **asked).returncode == 0
    assert outputs(runner)["code"] == "1"
    assert play("judge", runner, CODE="1").returncode == 1
    assert play("judge", runner, CODE="0").returncode == 0


def test_a_scan_that_is_refused_fails_at_once(
    runner: dict[str, str], tmp_path: Path
) -> None:
    done = play("scan", runner, REPOSITORY=str(tmp_path / "nowhere"))
    assert done.returncode == 2 and "does not exist" in done.stderr


def comment(runner: dict[str, str], **values: str) -> tuple[str, str]:
    """Run the step that comments; give what the forge was asked last, and what was said."""
    done = play("comment", {**runner, **values}, NUMBER="7", COMMENT="comment.md")
    assert done.returncode == 0
    return Path(runner["CALLS"]).read_text("utf-8").splitlines()[-1], done.stdout


def test_the_first_comment_is_new_and_later_ones_replace_it(
    runner: dict[str, str],
) -> None:
    first, _ = comment(runner)
    assert "POST repos/acme/flights/issues/7/comments" in first
    later, _ = comment(runner, BEFORE="41\n42\n")
    assert "PATCH repos/acme/flights/issues/comments/41 " in later


def test_a_token_that_may_not_comment_is_a_warning(runner: dict[str, str]) -> None:
    _, said = comment(runner, UNREADABLE="1")
    assert said.startswith("::warning::")
