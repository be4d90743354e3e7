"""Good answers reach every file whole, whatever they hold, and can be used again."""

import ast
import json
import tempfile
import tomllib
from pathlib import Path

import pytest
import yaml
from conftest import LEVELS, Bake, BakedProject, outside, tree
from cookiecutter.exceptions import FailedHookException
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maturity_assessment.render import TEMPLATE, offered, render

FIELDS = ["project_name", "project_slug", "package_name", "description", "author"]
LICENSE_LINES = {
    "MIT": "MIT License",
    "Apache-2.0": "Apache License",
    "BSD-3-Clause": "BSD 3-Clause License",
    "proprietary": "All rights reserved.",
}


@pytest.mark.parametrize("choice", offered()["license"])
def test_each_licence_has_its_own_text_and_owner(bake: Bake, choice: str) -> None:
    text = bake(license=choice, author="Ada Lovelace").read("LICENSE")
    assert [name for name, line in LICENSE_LINES.items() if line in text] == [choice]
    assert ("Copyright (c) Ada Lovelace" in text) == (choice != "Apache-2.0")


@pytest.mark.parametrize("version", offered()["python_version"])
def test_each_python_version_is_accepted(bake: Bake, version: str) -> None:
    kept = json.loads(bake(python_version=version).read(".cookiecutter.json"))
    assert kept["python_version"] == version


def test_the_answers_are_kept_and_give_the_same_project_again(
    bake: Bake, tmp_path: Path
) -> None:
    answers = {
        "project_name": 'A "B" \\ {{ c }}',
        "description": "a\n b",
        "author": "Ö 'x'",
    }
    first = bake(**answers, license="proprietary", maturity_level=LEVELS[-1])
    kept = json.loads(first.read(".cookiecutter.json"))
    again = bake(into=tmp_path / "again", **kept)
    assert tree(first.path) == tree(again.path)
    assert set(kept) == {*offered(), "template_version"}
    assert str(tmp_path) not in first.read(".cookiecutter.json")


def test_no_generated_file_knows_where_it_was_made(
    ladder: dict[str, BakedProject],
) -> None:
    for project in ladder.values():
        for file in project.files():
            content = (project.path / file).read_bytes()
            assert str(project.path.parent).encode() not in content, file
            assert str(TEMPLATE).encode() not in content, file


def assert_everything_parses(project: BakedProject) -> None:
    """Read each file the way its users will; an error of the parser fails the test."""
    for file in sorted(project.files()):
        kind = Path(file).suffix
        text = project.read(file) if kind != ".png" else ""
        if kind == ".py":
            ast.parse(text, filename=file)
        elif kind == ".toml":
            tomllib.loads(text)
        elif kind in {".json", ".ipynb"}:
            json.loads(text)
        elif kind in {".yaml", ".yml", ".cff"}:
            list(yaml.safe_load_all(text))
        elif kind == ".md" and text.startswith("---\n"):
            yaml.safe_load(text.split("---\n")[1])


printable = st.characters(
    exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"
)
awkward = st.sampled_from("\"'\\{}%#$`\n\r\t:-[]&*!|>@,?<=~ \u2028\x85\ufeff")
snippets = st.sampled_from(
    [
        "{{ x }}",
        "{% raw %}",
        "{# x",
        "# jinja: if",
        '"""',
        "'''",
        "\\u12",
        "\\",
        "---",
        "${X}",
    ]
)
free_text = (
    st.lists(st.one_of(printable, awkward, snippets), min_size=1, max_size=40)
    .map("".join)
    .filter(lambda text: bool(text.split()) and len(text) <= 100)
)
good_answers = st.fixed_dictionaries(
    {
        "project_name": free_text,
        "project_slug": st.from_regex(
            r"[a-z0-9]{1,9}([-_][a-z0-9]{1,9}){1,3}", fullmatch=True
        ),
        "package_name": st.from_regex(r"[a-z][a-z0-9_]{0,30}_model", fullmatch=True),
        "description": free_text,
        "author": free_text,
        "license": st.sampled_from(offered()["license"]),
        "python_version": st.sampled_from(offered()["python_version"]),
        "maturity_level": st.sampled_from(LEVELS),
        "cloud": st.sampled_from(offered()["cloud"]),
    }
)
any_text = st.text(
    st.one_of(st.characters(), awkward, st.sampled_from("./\\")), max_size=60
)
slow = [HealthCheck.too_slow, HealthCheck.filter_too_much]


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=slow)
@given(good_answers)
def test_any_good_answers_give_a_project_whose_files_all_parse(
    answers: dict[str, str],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder)
        project = BakedProject(render(answers, into))
        assert not outside(into, project.path)
        assert_everything_parses(project)
        metadata = tomllib.loads(project.read("pyproject.toml"))["project"]
        assert metadata["name"] == answers["project_slug"]
        assert metadata["description"] == " ".join(answers["description"].split())
        assert metadata["authors"] == [{"name": " ".join(answers["author"].split())}]
        kept = json.loads(project.read(".cookiecutter.json"))
        del kept["template_version"]
        assert kept == {key: " ".join(value.split()) for key, value in answers.items()}


@settings(max_examples=25, deadline=None, suppress_health_check=slow)
@given(st.dictionaries(st.sampled_from(FIELDS), any_text))
def test_any_answers_at_all_give_a_project_or_leave_nothing(
    answers: dict[str, str],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder, "a", "b")
        into.mkdir(parents=True)
        try:
            project = BakedProject(render(answers, into))
        except FailedHookException:
            assert tree(Path(folder)) == {"a": None, "a/b": None}
        else:
            assert not outside(into, project.path)
            assert_everything_parses(project)
