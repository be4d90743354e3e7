"""The rules for answers are found wherever the template comes from."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from conftest import BakedProject, run_tool, tree

from maturity_assessment.render import TEMPLATE, render

REFUSED = "package_name 'pandas' is taken by another module or folder: try 'my_pandas'."


def git(folder: Path, *arguments: str) -> None:
    """Run git in a folder, as somebody."""
    name = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *name, *arguments], cwd=folder, check=True)


def commit(folder: Path) -> None:
    """Commit all that is in a folder."""
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "Change")


@pytest.fixture(params=["folder", "relative", "clone", "zip"])
def source(request: pytest.FixtureRequest, template_copy: Path) -> str:
    """Give what to type for the template, in each way that cookiecutter knows."""
    if request.param == "folder":
        return str(template_copy)
    if request.param == "relative":
        return os.path.join("..", template_copy.name)
    commit(template_copy)
    if request.param == "clone":
        git(template_copy.parent, "clone", "-q", "--bare", str(template_copy), "a.git")
        return f"file://{template_copy.parent}/a.git"
    archive = template_copy.parent / "a.zip"
    git(template_copy, "archive", "--prefix=ladder/", "--output", str(archive), "HEAD")
    return str(archive)


def test_the_rules_come_with_the_template(source: str, tmp_path: Path) -> None:
    refused = run_tool(
        tmp_path, "cookiecutter", source, "--no-input", "package_name=pandas"
    )
    assert (refused.returncode, refused.stdout) == (1, f"{REFUSED}\n")
    assert "Traceback" not in refused.stderr  # git may tell there what it clones
    assert not tree(tmp_path / "work")
    made = run_tool(tmp_path, "cookiecutter", source, "--no-input")
    assert made.returncode == 0, made.stdout + made.stderr
    assert tree(tmp_path / "work/flight-delays") == tree(render({}, tmp_path / "own"))


def test_a_folder_named_hooks_is_not_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "work/hooks").mkdir(parents=True)
    (tmp_path / "work/hooks/mine.py").touch()
    made = run_tool(tmp_path, "cookiecutter", str(TEMPLATE), "--no-input")
    assert made.returncode == 0, made.stdout + made.stderr


def test_a_replay_file_gives_the_same_project_but_no_bad_one(tmp_path: Path) -> None:
    made = run_tool(tmp_path, "cookiecutter", str(TEMPLATE), "--no-input", "author=Z ë")
    first = tree(tmp_path / "work/flight-delays")
    replay = [str(TEMPLATE), "--replay", "--overwrite-if-exists", "-o", "again"]
    again = run_tool(tmp_path, "cookiecutter", *replay)
    assert made.returncode == again.returncode == 0, again.stdout + again.stderr
    assert tree(tmp_path / "work/again/flight-delays") == first
    (kept,) = (tmp_path / "home/.cookiecutter_replay").iterdir()
    answers = json.loads(kept.read_text("utf-8"))
    answers["cookiecutter"]["package_name"] = "pandas"
    kept.write_text(json.dumps(answers), "utf-8")
    before = tree(tmp_path / "work")
    refused = run_tool(tmp_path, "cookiecutter", str(TEMPLATE), "--replay", "-o", "b")
    assert (refused.returncode, refused.stdout.splitlines()[-1]) == (1, REFUSED)
    assert not tree(tmp_path / "work/b")
    assert {n: k for n, k in tree(tmp_path / "work").items() if n != "b"} == before


def test_cruft_makes_a_project_and_refuses_in_one_sentence(
    template_copy: Path, tmp_path: Path
) -> None:
    commit(template_copy)
    create = ["create", str(template_copy), "--no-input"]
    bad = ["--extra-context", '{"package_name": "pandas"}']
    refused = run_tool(tmp_path, "cruft", *create, *bad)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == f"{REFUSED}\n"
    assert not tree(tmp_path / "work")
    made = run_tool(tmp_path, "cruft", *create)
    assert made.returncode == 0, made.stderr
    files = BakedProject(tmp_path / "work" / "flight-delays").files()
    plain = BakedProject(render({}, tmp_path / "plain")).files()
    assert files == plain | {".cruft.json"}


def test_a_cruft_update_follows_the_rules_of_the_new_version(
    template_copy: Path, tmp_path: Path
) -> None:
    commit(template_copy)
    run_tool(tmp_path, "cruft", "create", str(template_copy), "--no-input")
    project = ["--project-dir", "flight-delays"]
    commit(tmp_path / "work" / "flight-delays")
    assert run_tool(tmp_path, "cruft", "check", *project).returncode == 0
    rules = template_copy / "hooks" / "answers.py"
    changed = rules.read_text("utf-8").replace("[1:-1]", "[1:-1] + ' (updated)'")
    rules.write_text(changed, "utf-8")
    commit(template_copy)
    assert run_tool(tmp_path, "cruft", "check", *project).returncode == 1
    assert run_tool(tmp_path, "cruft", "diff", "-e", *project).returncode == 0
    update = run_tool(tmp_path, "cruft", "update", "-y", *project)
    assert update.returncode == 0, update.stderr
    kept = (tmp_path / "work/flight-delays/.cookiecutter.json").read_text("utf-8")
    assert json.loads(kept)["author"] == "Your Name (updated)"
