"""A project climbs to a higher level, and what its owner did stays."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from conftest import LAYERS, LEVELS, Bake, BakedProject, add_level, tree

from maturity_assessment.climb import Refusal, climb, main
from maturity_assessment.render import render

TOP = LEVELS[-1]
needs_two_levels = pytest.mark.skipif(TOP == "0", reason="the template has one level")
needs_level_3 = pytest.mark.skipif(TOP <= "3", reason="needs a level above 3")


@pytest.fixture
def template(template_copy: Path) -> Path:
    """Give a template with a level above all others that changes and adds files."""
    files = {
        "beyond.md": "Beyond {{ cookiecutter.project_name }}\n",
        "extra/run.sh": "echo\n",
    }
    add_level(template_copy, "7-beyond", files)
    (template_copy / LAYERS / "7-beyond" / "extra" / "run.sh").chmod(0o755)
    readme = template_copy / LAYERS / "0-manual" / "README.md"
    block = (
        '# jinja: if cookiecutter.maturity_level >= "7"\nBeyond.\n\n# jinja: endif\n'
    )
    readme.write_text(f"# Title\n\nText.\n\n{block}End.\n", "utf-8")
    return template_copy


def outcome(project: BakedProject, template: Path) -> dict[str, str]:
    """Climb to the level above all and give what became of each file."""
    found = climb(project.path, "7", template)
    return {change.path.as_posix(): change.verb for change in found}


@needs_two_levels
def test_a_climb_gives_the_higher_level_but_for_the_owners_edits(bake: Bake) -> None:
    project = bake(maturity_level="0")
    fresh = BakedProject(render({"maturity_level": TOP}, project.path.parent / "fresh"))
    edits = {
        "pyproject.toml": "\n[tool.mine]\nkey = 1\n",
        "README.md": "\nMy last words.\n",
        "src/flight_delays/train.py": "\nMINE = 1\n",
    }
    for file, text in edits.items():
        (project.path / file).write_text(project.read(file) + text, "utf-8")
    (project.path / "mine.txt").write_text("mine", "utf-8")
    found = climb(project.path, TOP)
    assert {change.verb for change in found} == {"added", "merged"}
    assert project.files() == fresh.files() | {"mine.txt"}
    for file in fresh.files():
        assert project.read(file) == fresh.read(file) + edits.get(file, ""), file


@pytest.mark.parametrize("level", LEVELS)
def test_a_climb_without_edits_gives_the_higher_level(
    bake: Bake, template: Path, level: str
) -> None:
    project = bake(template=template, maturity_level=level, author='{{ "A" }} \\')
    answers = {"maturity_level": "7", "author": '{{ "A" }} \\'}
    fresh = render(answers, project.path.parent / "fresh", template)
    assert "CONFLICT" not in outcome(project, template).values()
    assert tree(project.path) == tree(fresh)
    assert os.access(project.path / "extra" / "run.sh", os.X_OK)


def test_an_edit_elsewhere_in_a_file_is_merged(bake: Bake, template: Path) -> None:
    project = bake(template=template)
    (project.path / "README.md").write_text("# Mine\n\nText.\n\nEnd.\n", "utf-8")
    assert outcome(project, template)["README.md"] == "merged"
    assert project.read("README.md") == "# Mine\n\nText.\n\nBeyond.\n\nEnd.\n"


def test_an_edit_of_the_same_lines_is_a_conflict_that_shows_both(
    bake: Bake, template: Path
) -> None:
    project = bake(template=template)
    (project.path / "README.md").write_text(
        "# Title\n\nText.\n\nMine.\nEnd.\n", "utf-8"
    )
    assert outcome(project, template)["README.md"] == "CONFLICT"
    assert "<<<<<<< yours\nMine.\n" in project.read("README.md")
    assert "\n>>>>>>> new level\n" in project.read("README.md")


def test_the_owners_own_file_stays_and_the_new_one_is_put_beside_it(
    bake: Bake, template: Path
) -> None:
    project = bake(template=template)
    (project.path / "beyond.md").write_text("mine", "utf-8")
    assert outcome(project, template)["beyond.md.ladder-new"] == "CONFLICT"
    assert project.read("beyond.md") == "mine"
    assert project.read("beyond.md.ladder-new") == "Beyond Flight Delays\n"


def test_nothing_is_written_through_a_link(
    bake: Bake, template: Path, tmp_path: Path
) -> None:
    project = bake(template=template)
    (tmp_path / "elsewhere").mkdir()
    (project.path / "extra").symlink_to(tmp_path / "elsewhere")
    (project.path / "beyond.md").symlink_to(tmp_path / "elsewhere.md")
    verbs = outcome(project, template)
    assert verbs["extra/run.sh"] == verbs["beyond.md.ladder-new"] == "CONFLICT"
    assert not tree(tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere.md").exists()


def test_a_deleted_file_stays_away_unless_the_level_changed_it(
    bake: Bake, template: Path
) -> None:
    project = bake(template=template)
    (project.path / "LICENSE").unlink()
    (project.path / "README.md").unlink()
    outcome(project, template)
    assert "LICENSE" not in project.files()
    assert "README.md" in project.files()


def test_a_file_that_is_no_text_is_not_merged(bake: Bake, template: Path) -> None:
    project = bake(template=template)
    (project.path / "README.md").write_bytes(b"\x00\x01")
    assert outcome(project, template)["README.md.ladder-new"] == "CONFLICT"
    assert (project.path / "README.md").read_bytes() == b"\x00\x01"


def git(project: Path, *arguments: str) -> None:
    """Run git in the project, as somebody."""
    name = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *name, *arguments], cwd=project, check=True)


def test_only_a_clean_git_tree_is_climbed(bake: Bake, template: Path) -> None:
    project = bake(template=template)
    git(project.path, "init", "-q")
    before = tree(project.path)
    with pytest.raises(Refusal, match="uncommitted changes"):
        outcome(project, template)
    assert tree(project.path) == before
    git(project.path, "add", ".")
    git(project.path, "commit", "-qm", "Start")
    assert outcome(project, template)["beyond.md"] == "added"


REFUSED = [
    ("", "7", "has no readable .cookiecutter.json"),
    ("{", "7", "has no readable .cookiecutter.json"),
    ('{"maturity_level": "0"}', "7", "has no readable .cookiecutter.json"),
    ("[]", "7", "has no readable .cookiecutter.json"),
    (None, "9", "Level '9' is not offered"),
    (None, "0", "The project is at level 0 already"),
]


@pytest.mark.parametrize(("answers", "level", "sentence"), REFUSED)
def test_a_climb_that_makes_no_sense_is_refused_and_changes_nothing(
    bake: Bake, template: Path, answers: str | None, level: str, sentence: str
) -> None:
    project = bake(template=template)
    if answers is not None:
        (project.path / ".cookiecutter.json").write_text(answers, "utf-8")
    before = tree(project.path)
    with pytest.raises(Refusal, match=sentence):
        climb(project.path, level, template)
    assert tree(project.path) == before


def test_answers_that_were_spoilt_by_hand_change_nothing(
    bake: Bake, template: Path
) -> None:
    project = bake(template=template)
    kept = json.loads(project.read(".cookiecutter.json"))
    kept["package_name"] = "../../x"
    (project.path / ".cookiecutter.json").write_text(json.dumps(kept), "utf-8")
    before = tree(project.path)
    with pytest.raises(Refusal, match="no longer work"):
        outcome(project, template)
    assert tree(project.path) == before


def terraform(project: BakedProject) -> set[str]:
    """Give the clouds of which the project has the infrastructure."""
    return {Path(f).parts[1] for f in project.files() if f.startswith("terraform/")}


@needs_level_3
def test_a_climb_to_level_3_brings_the_infrastructure_of_the_cloud(bake: Bake) -> None:
    project = bake(maturity_level="1")
    for wrong, sentence in (("moon", "not offered"), ("aws", "from level 3 on")):
        with pytest.raises(Refusal, match=sentence):
            climb(project.path, "3" if wrong == "moon" else "2", cloud=wrong)
    climb(project.path, "3", cloud="aws")
    assert terraform(project) == {"aws"}
    assert json.loads(project.read(".cookiecutter.json"))["cloud"] == "aws"
    with pytest.raises(Refusal, match="infrastructure of aws already"):
        climb(project.path, TOP, cloud="gcp")
    climb(project.path, TOP)
    assert terraform(project) == {"aws"}


@needs_level_3
def test_a_cloud_can_be_chosen_later(bake: Bake) -> None:
    project = bake(maturity_level=TOP)
    assert {change.verb for change in climb(project.path, TOP, cloud="gcp")} == {
        "added",
        "merged",
    }
    assert terraform(project) == {"gcp"}
    for nothing_new in ("", "gcp"):
        with pytest.raises(Refusal, match="choose a higher one, or name a CLOUD"):
            climb(project.path, TOP, cloud=nothing_new)
    with pytest.raises(Refusal, match="infrastructure of gcp already"):
        climb(project.path, TOP, cloud="aws")


@needs_level_3
def test_a_project_that_was_never_asked_for_a_cloud_has_none(bake: Bake) -> None:
    project = bake(maturity_level="0")
    kept = project.read(".cookiecutter.json")
    old = kept.replace(',\n  "cloud": "none"', "")
    assert old != kept
    (project.path / ".cookiecutter.json").write_text(old, "utf-8")
    assert {change.verb for change in climb(project.path, TOP)} == {"added", "merged"}
    assert json.loads(project.read(".cookiecutter.json"))["cloud"] == "none"
    assert not terraform(project)


def test_the_command_refuses_with_one_sentence(
    bake: Bake, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path), TOP]) == 1
    assert main([str(bake().path), "0"]) == 1
    assert main([]) == 1
    assert capsys.readouterr().err.count("\n") == 3


def test_the_command_tells_when_the_template_has_moved_on(
    bake: Bake, capsys: pytest.CaptureFixture[str]
) -> None:
    project = bake(maturity_level="0")
    kept = project.read(".cookiecutter.json")
    old = re.sub(r'"template_version": ".*"', '"template_version": "0.0.1"', kept)
    (project.path / ".cookiecutter.json").write_text(old, "utf-8")
    main([str(project.path), TOP])
    warning = "comes from version 0.0.1 of the template"
    assert (warning in capsys.readouterr().err) == (TOP != "0")


@needs_two_levels
def test_the_command_lists_the_changes_and_says_what_to_type_next(
    bake: Bake, capfd: pytest.CaptureFixture[str]
) -> None:
    project = bake(maturity_level="0")
    capfd.readouterr()
    assert main([str(project.path), TOP]) == 0
    printed = capfd.readouterr().out
    assert re.match(r"((added   |merged  )  \S.*\n)+\nLevel \d is laid", printed)
    assert f"Next:\n  cd {project.path}\n" in printed
