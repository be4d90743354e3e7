"""The commands of this repository refuse with one sentence, and are all listed."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import LEVELS, BakedProject
from environments import HOUSE
from newest import copy_house

OLD_PYTHON = "#!/bin/sh\nexit 1\n"


@pytest.fixture(name="house")
def fixture_house(tmp_path: Path) -> Path:
    """Give a copy of this repository, in a path with a space."""
    return copy_house(tmp_path / "a house")


def make(house: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make as a person would, outside of any other make."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    return subprocess.run(
        ["make", *arguments],
        cwd=house,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """Give the one line that a failed command said, without make's own."""
    assert done.returncode
    lines = done.stderr.splitlines()
    (said,) = [line for line in lines if not line.startswith("make")]
    return said


def test_help_lists_every_command(house: Path) -> None:
    text = (HOUSE / "Makefile").read_text(encoding="utf-8")
    phony = re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)[0].split()
    listed = [line.split()[0] for line in make(house, "help").stdout.splitlines()]
    assert sorted(listed) == sorted(phony)


def test_a_python_that_is_missing_or_too_old_is_refused(house: Path) -> None:
    (house / ".venv").unlink()
    old = house / "python3.8"
    old.write_text(OLD_PYTHON)
    old.chmod(0o755)
    for python in ("./python3.8", "./no-such-python"):
        done = make(house, "--silent", "check", f"PYTHON={python}")
        assert "older than Python 3.11: install a newer one" in done.stderr
        assert "Traceback" not in done.stderr
    assert not (house / ".venv").exists()


def test_a_demo_that_is_there_is_kept(house: Path) -> None:
    (house / "demo/flight-delays").mkdir(parents=True)
    (house / "demo/flight-delays/mine").touch()
    assert "is there already" in refusal(make(house, "demo"))
    assert (house / "demo/flight-delays/mine").exists()


def test_an_upgrade_of_nothing_is_refused(house: Path) -> None:
    assert "make upgrade PROJECT=" in refusal(make(house, "upgrade", "LEVEL=1"))


@pytest.fixture(name="assessor")
def fixture_assessor(house: Path) -> Path:
    """Give the copy with the code of the assessment in it."""
    code = "maturity_assessment"
    (house / code).symlink_to(HOUSE / code)
    return house


def test_an_assessment_of_nothing_is_refused(assessor: Path) -> None:
    assert "make assess REPO=" in refusal(make(assessor, "assess"))
    said = make(assessor, "assess", "REPO=nowhere")
    assert said.returncode and "'nowhere' does not exist" in said.stderr
    assert not (assessor / "build").exists()


def test_an_assessment_is_shown_and_written_as_a_page(assessor: Path) -> None:
    (assessor / "a project").mkdir()
    done = make(assessor, "assess", "REPO=a project")
    assert done.returncode == 0, done.stderr
    assert "Level 0 by evidence" in done.stdout
    page = (assessor / "build/assessment/a project.html").read_text(encoding="utf-8")
    assert "Level 0 by evidence" in page
    assert not list((assessor / "a project").iterdir())


@pytest.mark.parametrize("level", LEVELS)
def test_the_summary_names_the_level_whatever_else_is_in_make(
    ladder: dict[str, BakedProject], tmp_path: Path, level: str
) -> None:
    project = shutil.copytree(ladder[level].path, tmp_path / "project")
    (project / "make" / "own.mk").touch()
    said = make(project, "--dry-run", "summary").stdout
    name = next(project.glob(f"make/{level}-*.mk")).stem
    assert f"on level {name}:" in said
