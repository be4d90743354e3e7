"""Bad answers are refused in one sentence, and nothing is left on disk."""

import importlib.metadata
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import pytest
from conftest import LAYERS, Bake, BakedProject, outside, tree
from cookiecutter.exceptions import FailedHookException

from maturity_assessment.render import TEMPLATE, render

ELSEWHERE = Path(tempfile.gettempdir(), "not-asked-for")
PATH_TRICKS = [
    "../x",
    "..",
    ".",
    str(ELSEWHERE),
    "a/b",
    "a/b/../../../x",
    "a\\b",
    "C:\\x",
    "~",
    ".git",
]
BAD_ANSWERS = [
    *(("project_slug", trick) for trick in PATH_TRICKS),
    *(
        ("project_slug", slug)
        for slug in ["", "  ", "x y", "A", "é", "-a", "a--b", "con", "a\n"]
    ),
    ("project_slug", "a" * 51),
    ("project_slug", "a" * 5000),
    *(("package_name", trick) for trick in PATH_TRICKS),
    *(
        ("package_name", name)
        for name in ["", "  ", "1x", "a-b", "a.b", "A", "größe", "_x", "a\n"]
    ),
    *(("package_name", name) for name in ["class", "import", "None", "match", "type"]),
    *(
        ("package_name", name)
        for name in ["test", "json", "sys", "tomllib", "distutils"]
    ),
    *(
        ("package_name", name)
        for name in ["pandas", "numpy", "sklearn", "yaml", "mlflow"]
    ),
    *(("package_name", name) for name in ["tests", "data", "conf", "src", "nul"]),
    ("package_name", "a" * 51),
    *(
        ("project_name", text)
        for text in ["", " \t\n", "🚀", "x" * 101, "pandas", "../..", "2024"]
    ),
    *(
        ("author", text)
        for text in ["", "   ", "a\x00b", "a\x07b", "a\x7fb", "\udc80", "x" * 201]
    ),
    *(
        ("description", text)
        for text in ["", "\n", "\x1b[31m", "\ufffe", "\x80", "x" * 501]
    ),
]


@pytest.mark.parametrize(("field", "answer"), BAD_ANSWERS, ids=ascii)
def test_a_bad_answer_is_refused_in_one_sentence_and_leaves_nothing(
    bake: Bake,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    field: str,
    answer: str,
) -> None:
    into = tmp_path / "a" / "b" / "c"
    into.mkdir(parents=True)
    before = tree(tmp_path)
    with pytest.raises(FailedHookException):
        bake(into=into, **{field: answer})
    assert tree(tmp_path) == before
    sentence = capfd.readouterr().err
    assert re.fullmatch(r"(project|package|author|description)[^\n]+\.\n", sentence)
    assert not Path(str(ELSEWHERE)).exists()


@pytest.mark.parametrize("trick", PATH_TRICKS)
@pytest.mark.parametrize("field", ["project_slug", "package_name"])
def test_no_answer_leads_out_of_the_folder_even_without_the_hooks(
    tmp_path: Path, field: str, trick: str
) -> None:
    into = tmp_path / "a" / "b" / "c"
    project = render({field: trick}, into, accept_hooks=False)
    assert project.parent == into
    assert [path.name for path in into.iterdir()] == [project.name]
    assert not outside(tmp_path, tmp_path / "a")
    assert [path.name for path in (tmp_path / "a").rglob("*")][:2] == ["b", "c"]


@pytest.mark.parametrize("field", ["license", "python_version", "maturity_level"])
def test_a_choice_that_is_not_offered_leaves_nothing(
    bake: Bake, tmp_path: Path, field: str
) -> None:
    with pytest.raises(ValueError, match=f"9 provided for choice variable {field}"):
        bake(**{field: "9"})
    assert not tree(tmp_path)


def test_a_refusal_never_touches_a_project_that_is_there(bake: Bake) -> None:
    project = bake()
    before = tree(project.path)
    for answers in ({"package_name": "json"}, {"author": " "}):
        with pytest.raises(FailedHookException):
            bake(overwrite_if_exists=True, **answers)
    assert tree(project.path) == before


def test_an_installed_module_is_refused_but_not_the_projects_own(
    bake: Bake, tmp_path: Path
) -> None:
    with pytest.raises(FailedHookException):
        bake(package_name="markupsafe")
    (tmp_path / "baked/flight-delays/src/markupsafe").mkdir(parents=True)
    bake(package_name="markupsafe", overwrite_if_exists=True)


def direct_dependencies() -> set[str]:
    """Give the names of the packages that the levels' requirements ask for."""
    lists = (TEMPLATE / LAYERS).glob("*/requirements/*.in")
    lines = [line for file in lists for line in file.read_text("utf-8").splitlines()]
    found = (re.match(r"[A-Za-z0-9][\w.-]*", line) for line in lines)
    return {normal(match.group()) for match in found if match}


def normal(name: str) -> str:
    """Give the name of a distribution in the one form in which names are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_no_package_can_hide_a_direct_dependency() -> None:
    hook = (TEMPLATE / "hooks" / "pre_gen_project.py").read_text("utf-8")
    listed = hook.partition("TAKEN = set(")[2].partition(".split()")[0].split()
    installed = importlib.metadata.packages_distributions().items()
    asked = direct_dependencies()
    modules = {
        module
        for module, names in installed
        if asked & {normal(name) for name in names}
    }
    assert {name for name in modules if re.fullmatch("[a-z]\\w*", name)} <= {*listed}


COMMAND_LINE = [
    ("project_slug=../x", "project_slug '../x' cannot be the name of a folder"),
    ("project_slug=", "project_slug is empty"),
    ("package_name=json", "package_name 'json' hides a module of Python itself"),
    ("author= ", "author is empty"),
]


def cookiecutter(
    folder: Path, *arguments: str, typed: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run the real command in a folder, with a home of its own."""
    environment = {
        **os.environ,
        "HOME": str(folder / "home"),
        "PWD": str(folder / "work"),
    }
    (folder / "work").mkdir()
    return subprocess.run(
        [sys.executable, "-m", "cookiecutter", str(TEMPLATE), *arguments],
        cwd=folder / "work",
        env=environment,
        input=typed,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize(("answer", "sentence"), COMMAND_LINE)
def test_the_command_refuses_a_bad_answer(
    tmp_path: Path, answer: str, sentence: str
) -> None:
    result = cookiecutter(tmp_path, "--no-input", answer)
    assert result.returncode == 1
    assert result.stderr.startswith(sentence)
    assert result.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir() if path.name != "home"] == ["work"]
    assert not tree(tmp_path / "work")


def test_the_command_says_what_to_type_next(tmp_path: Path) -> None:
    result = cookiecutter(tmp_path, "--no-input", "--output-dir", "with space")
    assert result.returncode == 0
    assert result.stdout.endswith(
        "\nLevel 0 is ready. Next:\n  cd 'with space/flight-delays'\n"
        "  make setup && make        # 'make help' lists every command\n"
    )


def test_what_is_typed_at_the_prompts_is_taken_literally(tmp_path: Path) -> None:
    description = 'Say "{{ hi }}" {% if %} {# C:\\new\\table #} 🚀'
    typed = ["Späte Flüge", "", "", description, "Zoë O'Hara", "2", "", "1"]
    result = cookiecutter(tmp_path, typed="\n".join(typed) + "\n")
    assert result.returncode == 0, result.stderr
    assert "Level 0: Manual." in result.stdout
    project = BakedProject(tmp_path / "work" / "spate-fluge")
    metadata = tomllib.loads(project.read("pyproject.toml"))["project"]
    assert metadata["description"] == description
    assert metadata["authors"] == [{"name": "Zoë O'Hara"}]
    assert (project.path / "src/spate_fluge/__main__.py").is_file()
    assert project.read("LICENSE").lstrip().startswith("Apache License")
