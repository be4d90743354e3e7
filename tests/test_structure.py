"""The properties that make a ladder of the level directories."""

import ast
import json
import os
import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
from conftest import CLOUD, LAYERS, LEVELS, Bake, BakedProject, add_level, tree

from maturity_assessment.render import TEMPLATE

MAY_DIFFER = {"pyproject.toml", "README.md", ".cookiecutter.json"}
QUESTIONS = json.loads((TEMPLATE / "cookiecutter.json").read_text(encoding="utf-8"))
PACKAGE = "src/flight_delays"
STEPS = list(zip(LEVELS, LEVELS[1:]))


def level_files() -> dict[str, list[str]]:
    """Give the levels' folders that hold each file of the default project."""
    owners: dict[str, list[str]] = {}
    for path in (TEMPLATE / LAYERS).rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            level, *rest = path.relative_to(TEMPLATE / LAYERS).parts
            if rest[0] == "terraform" and rest[1] != CLOUD:
                continue
            name = "/".join(rest).replace(
                "{{cookiecutter.package_name}}", "flight_delays"
            )
            owners.setdefault(name, []).append(level)
    return owners


def is_verbatim(file: str) -> bool:
    """Tell whether cookiecutter copies the file of the default project unrendered."""
    paths = [f"{level}/{file}" for level in level_files().get(file, [])]
    patterns = QUESTIONS["_copy_without_render"]
    return any(fnmatch(path, pattern) for path in paths for pattern in patterns)


def test_the_levels_offered_are_the_level_directories() -> None:
    folders = sorted(path.name for path in (TEMPLATE / LAYERS).iterdir())
    assert folders == QUESTIONS["_levels"]
    assert [folder[0] for folder in folders] == QUESTIONS["maturity_level"]
    assert set(QUESTIONS["__prompts__"]["maturity_level"]) == {"__prompt__", *LEVELS}


def test_projects_remember_the_version_of_this_repository() -> None:
    metadata = tomllib.loads((TEMPLATE / "pyproject.toml").read_text("utf-8"))
    assert metadata["project"]["version"] == QUESTIONS["_template_version"]


def test_no_file_belongs_to_two_levels() -> None:
    twice = {file: owners for file, owners in level_files().items() if owners[1:]}
    assert not twice


def test_every_file_of_a_level_reaches_the_project(
    ladder: dict[str, BakedProject],
) -> None:
    for level, project in ladder.items():
        expected = {
            file for file, owners in level_files().items() if owners[0][0] <= level
        }
        assert project.files() == expected


@pytest.mark.parametrize(("lower", "upper"), STEPS)
def test_a_level_holds_all_of_the_level_below_and_more(
    ladder: dict[str, BakedProject], lower: str, upper: str
) -> None:
    below, above = ladder[lower], ladder[upper]
    assert below.files() < above.files()
    for file in below.files() - MAY_DIFFER:
        assert (below.path / file).read_bytes() == (
            above.path / file
        ).read_bytes(), file


def test_imports_never_point_up_a_level(ladder: dict[str, BakedProject]) -> None:
    project, owners = ladder[LEVELS[-1]], level_files()
    files = project.files()
    upward = [
        f"{file} ({owners[file][0]}) imports {module} ({owners[module][0]})"
        for file in files
        if file.endswith(".py")
        for module in imported_modules(project, file, files)
        if owners[module][0] > owners[file][0]
    ]
    assert upward == []


def imported_modules(
    project: BakedProject, file: str, files: set[str]
) -> Iterator[str]:
    """Yield the files of the project's own package that a Python file imports."""
    for node in ast.walk(ast.parse(project.read(file))):
        for name in imported_names(node, file):
            module = f"src/{name.replace('.', '/')}"
            for path in (f"{module}.py", f"{module}/__init__.py"):
                if path in files:
                    yield path


def imported_names(node: ast.AST, file: str) -> list[str]:
    """Give the dotted names an import may mean, relative ones made absolute."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    start = ".".join(Path(file).parts[1 : -node.level]) if node.level else ""
    source = ".".join(part for part in (start, node.module or "") if part)
    return [source, *(f"{source}.{alias.name}" for alias in node.names)]


@pytest.mark.parametrize("level", LEVELS)
def test_nothing_is_left_unrendered(
    ladder: dict[str, BakedProject], level: str
) -> None:
    marks = ["{{", "{%", "{#", "# jinja:"]
    verbatim_marks = ["{{ cookiecutter", "{{cookiecutter", "{%", "# jinja:"]
    for file in ladder[level].files():
        text = (ladder[level].path / file).read_bytes().decode(errors="replace")
        for mark in verbatim_marks if is_verbatim(file) else marks:
            assert mark not in text, f"{file} holds {mark}"


@pytest.mark.parametrize("level", LEVELS)
def test_every_python_file_parses(ladder: dict[str, BakedProject], level: str) -> None:
    files = [file for file in ladder[level].files() if file.endswith(".py")]
    assert f"{PACKAGE}/__main__.py" in files
    for file in files:
        ast.parse(ladder[level].read(file), filename=file)


def test_python_and_workflows_are_copied_verbatim(
    ladder: dict[str, BakedProject],
) -> None:
    files = ladder[LEVELS[-1]].files()
    verbatim = {file for file in files if is_verbatim(file)}
    starts = ("src/", ".github/workflows/", "make/", "monitoring/", "requirements/")
    assert verbatim == {file for file in files if file.startswith(starts)}


def test_generating_over_a_project_loses_nothing(
    bake: Bake, template_copy: Path, tmp_path: Path
) -> None:
    added = ["mine.md", "own/file", "a-link/file", "dangling", "free.md"]
    add_level(template_copy, "7-beyond", dict.fromkeys(added, "template"))
    project = bake(template=template_copy)
    (tmp_path / "elsewhere").mkdir()
    (project.path / "a-link").symlink_to(tmp_path / "elsewhere")
    (project.path / "dangling").symlink_to("nowhere")
    for name in ("README.md", f"{PACKAGE}/train.py", "mine.md", "own", "docs/mine.md"):
        (project.path / name).write_text("mine", encoding="utf-8")
    for name in (".git/HEAD", "1-exploration/notes.md"):
        (project.path / name).parent.mkdir()
        (project.path / name).write_text("mine", encoding="utf-8")
    before = tree(project.path)
    bake(template=template_copy, maturity_level="7", overwrite_if_exists=True)
    after = tree(project.path)
    assert {name: after.get(name, "lost") for name in before} == before
    assert after["free.md"] == b"template"
    assert not tree(tmp_path / "elsewhere")
    assert not [name for name in [*QUESTIONS["_levels"], "7-beyond"] if name in after]


def test_generating_over_a_project_brings_back_what_was_missing(bake: Bake) -> None:
    project = bake(maturity_level="0")
    complete = tree(project.path)
    (project.path / "Makefile").unlink()
    bake(maturity_level="0", overwrite_if_exists=True)
    assert tree(project.path) == complete


def test_a_folder_with_the_name_of_a_level_is_not_touched(bake: Bake) -> None:
    project = bake()
    (project.path / "0-manual").mkdir()
    (project.path / "0-manual" / "README.md").write_text("mine")
    before = tree(project.path)
    with pytest.raises(Exception, match="Hook script failed"):
        bake(overwrite_if_exists=True)
    assert tree(project.path) == before


def test_a_new_level_is_only_more_files(bake: Bake, template_copy: Path) -> None:
    add_level(template_copy, "7-beyond", {"tool.sh": "echo\n"})
    script = template_copy / LAYERS / "7-beyond" / "tool.sh"
    script.chmod(0o755)
    project = bake(template=template_copy, maturity_level="7")
    assert os.access(project.path / "tool.sh", os.X_OK)
    assert "Makefile" in project.files()
    assert "tool.sh" not in bake(template=template_copy, project_slug="x").files()


def test_no_pattern_repeats_a_group_without_a_way_back() -> None:
    # Python matches those wrongly before 3.11.5: https://github.com/python/cpython/issues/106052
    wrong = re.compile(r"\)(?:[*+?]|\{[\d,]+\})\+|\(\?>")
    folders = [TEMPLATE / name for name in ("hooks", "maturity_assessment", LAYERS)]
    paths = [path for folder in folders for path in folder.rglob("*.py")]
    lines = [(path, line) for path in paths for line in path.read_text().splitlines()]
    assert [(path.name, line) for path, line in lines if wrong.search(line)] == []
