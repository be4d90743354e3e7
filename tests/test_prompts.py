"""Bad answers are refused in one sentence, and nothing is left on disk."""

import importlib.metadata
import re
import tempfile
import tomllib
from contextlib import nullcontext
from pathlib import Path

import pytest
from conftest import LAYERS, Bake, BakedProject, run_tool, tree
from cookiecutter.exceptions import FailedHookException

from hooks.names import TAKEN
from maturity_assessment.render import TEMPLATE, render

# One name for all the processes that test side by side: it is part of the names of tests.
ELSEWHERE = Path(tempfile.gettempdir(), "mlops-ladder-not-asked-for")
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
    bake: Bake, tmp_path: Path, field: str, answer: str
) -> None:
    into = tmp_path / "a" / "b" / "c"
    into.mkdir(parents=True)
    before = tree(tmp_path)
    with pytest.raises(FailedHookException) as refusal:
        bake(into=into, **{field: answer})
    assert tree(tmp_path) == before
    sentence = str(refusal.value)
    assert re.fullmatch(r"(project|package|author|description).+[^.]\.", sentence)
    assert sentence.isprintable()
    assert not Path(str(ELSEWHERE)).exists()


@pytest.mark.parametrize("trick", PATH_TRICKS)
@pytest.mark.parametrize("field", ["project_slug", "package_name"])
def test_no_answer_leads_out_of_the_folder_when_hooks_are_declined(
    tmp_path: Path, field: str, trick: str
) -> None:
    with pytest.raises(FailedHookException, match=field):
        render({field: trick}, tmp_path / "a" / "b", accept_hooks=False)
    assert not tree(tmp_path)


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


def install_by_hand(folder: Path, name: str, url: str) -> None:
    """Make a folder of installed packages that holds one, and tell its origin."""
    about = folder / f"{name}-1.dist-info"
    for path, text in [
        (folder / name / "__init__.py", ""),
        (about / "METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n"),
        (about / "top_level.txt", name),
        (about / "direct_url.json", url),
    ]:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        ('{"url": "file:///home/me/code", "dir_info": {}}', False),
        ('{"url": "https://example.org/a.whl", "archive_info": {}}', True),
    ],
)
def test_an_installed_module_is_refused_but_not_one_from_the_users_own_folder(
    bake: Bake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, refused: bool
) -> None:
    install_by_hand(tmp_path / "site-packages", "installed_by_hand", url)
    monkeypatch.syspath_prepend(str(tmp_path / "site-packages"))
    with pytest.raises(FailedHookException) if refused else nullcontext():
        bake(package_name="installed_by_hand")


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
    installed = importlib.metadata.packages_distributions().items()
    asked = direct_dependencies()
    modules = {
        module
        for module, names in installed
        if asked & {normal(name) for name in names}
    }
    assert {name for name in modules if re.fullmatch("[a-z]\\w*", name)} <= TAKEN


COMMAND_LINE = [
    ("project_slug=../x", "project_slug '../x' cannot be the name of a folder: use"),
    ("project_slug=", "project_slug is empty: use"),
    ("package_name=json", "package_name 'json' hides a module of Python itself: try"),
    ("package_name=größe", "package_name 'größe' cannot be imported as a package: use"),
    ("author= ", "author is empty: type"),
]


@pytest.mark.parametrize("hooks", ["yes", "no"])
@pytest.mark.parametrize(("answer", "sentence"), COMMAND_LINE)
def test_the_command_says_one_sentence_and_nothing_else(
    tmp_path: Path, answer: str, sentence: str, hooks: str
) -> None:
    options = ["--no-input", "--accept-hooks", hooks]
    result = run_tool(tmp_path, "cookiecutter", str(TEMPLATE), *options, answer)
    assert (result.returncode, result.stderr) == (1, "")
    assert re.fullmatch(re.escape(sentence) + r" [^\n]+\.\n", result.stdout)
    assert {path.name for path in tmp_path.iterdir()} <= {"home", "work"}
    assert not tree(tmp_path / "work")


def test_a_console_without_the_letters_shows_the_sentence(tmp_path: Path) -> None:
    result = run_tool(
        tmp_path,
        "cookiecutter",
        str(TEMPLATE),
        "--no-input",
        "project_slug=é",
        PYTHONIOENCODING="ascii",
    )
    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout.startswith(r"project_slug '\xe9' cannot be the name")


def test_a_bad_answer_typed_at_the_prompts_is_refused_after_the_last(
    tmp_path: Path,
) -> None:
    typed = "Late\n../x\n" + "\n" * 7
    result = run_tool(tmp_path, "cookiecutter", str(TEMPLATE), typed=typed)
    assert (result.returncode, result.stderr) == (1, "")
    assert "project_slug '../x' cannot be the name" in result.stdout.splitlines()[-1]
    assert "Traceback" not in result.stdout
    assert not tree(tmp_path / "work")


def test_the_command_says_what_to_type_next(tmp_path: Path) -> None:
    options = ["--no-input", "--output-dir", "with space"]
    result = run_tool(tmp_path, "cookiecutter", str(TEMPLATE), *options)
    assert result.returncode == 0
    assert result.stdout.endswith(
        "\nLevel 0 is ready. Next:\n  cd 'with space/flight-delays'\n"
        "  make setup && make        # 'make help' lists every command\n"
    )


def test_what_is_typed_at_the_prompts_is_taken_literally(tmp_path: Path) -> None:
    description = 'Say "{{ hi }}" {% if %} {# C:\\new\\table #} 🚀'
    typed = ["Späte Flüge", "", "", description, "Zoë O'Hara", "2", "", "1", ""]
    result = run_tool(
        tmp_path, "cookiecutter", str(TEMPLATE), typed="\n".join(typed) + "\n"
    )
    assert result.returncode == 0, result.stderr
    assert "Level 0: Manual." in result.stdout
    project = BakedProject(tmp_path / "work" / "spate-fluge")
    metadata = tomllib.loads(project.read("pyproject.toml"))["project"]
    assert metadata["description"] == description
    assert metadata["authors"] == [{"name": "Zoë O'Hara"}]
    assert (project.path / "src/spate_fluge/__main__.py").is_file()
    assert project.read("LICENSE").lstrip().startswith("Apache License")
