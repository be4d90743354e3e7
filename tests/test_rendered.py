"""A cookiecutter template is scanned as the project that it makes, and nothing of it runs."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import tree
from traps.trees import Files, make_tree

from maturity_assessment import scan as scanning
from maturity_assessment.cli import main
from maturity_assessment.evidence import Scan, Status
from maturity_assessment.render import TEMPLATE, render
from maturity_assessment.scan import NoTemplate, scan, template
from maturity_assessment.scan.template import rendered

TOP = "{{ cookiecutter.slug }}"
QUESTIONS = {
    "name": "Late Flights",
    "slug": "{{ cookiecutter.name | slugify }}",
    "tests": ["yes", "no"],
    "docs": False,
    "tools": {"runner": "{{ cookiecutter.slug }}-run"},
    "_copy_without_render": ["*.html", "static"],
}
FILES: Files = {
    "cookiecutter.json": json.dumps(QUESTIONS),
    f"{TOP}/README.md": "# {{ cookiecutter.name }}\n"
    + "It predicts late flights. " * 30,
    f"{TOP}/src/{{{{ cookiecutter.slug }}}}.py": "NAME = '{{ cookiecutter.name }}'\n",
    f"{TOP}/{{% if cookiecutter.tests == 'yes' %}}tests{{% endif %}}/test_a.py": (
        "def test_it():\n    assert 1 + 1 == 2\n"
    ),
    f"{TOP}/{{% if cookiecutter.docs %}}docs.md{{% endif %}}": "no\n",
    f"{TOP}/.github/workflows/ci.yml": (
        "on: [push]\njobs:\n  a:\n    steps:\n    - run: pytest\n"
        "    - run: echo ${{ '{{' }} github.sha }}\n"
    ),
    f"{TOP}/page.html": "{{ left }}\n",
    f"{TOP}/static/a.txt": "{{ left }}\n",
    f"{TOP}/tools.txt": "{{ cookiecutter.tools.runner }} {% include 'shared.txt' %}\n",
    "shared.txt": "{{ cookiecutter.slug }}\n",
    f"{TOP}/picture.png": b"\x89PNG\0\0{{ cookiecutter.name }}",
}


def project_of(folder: Path, files: Files) -> tuple[dict[str, bytes], dict[str, str]]:
    """Give the files of the project that a template makes, and why some were not rendered."""
    with rendered(make_tree(folder, files)) as (project, notes):
        found = {
            path.relative_to(project).as_posix(): path.read_bytes()
            for path in project.rglob("*")
            if path.is_file()
        }
        return found, {note.path: note.why for note in notes}


def examine(folder: Path, files: Files) -> Scan:
    """Scan a template rendered."""
    return scan(make_tree(folder, files), rendered=True)


def run(*arguments: str | Path) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, [str(one) for one in arguments])


def test_a_template_becomes_the_project_of_its_default_answers(tmp_path: Path) -> None:
    found, notes = project_of(tmp_path, FILES)
    assert sorted(found) == [
        ".github/workflows/ci.yml",
        "README.md",
        "page.html",
        "picture.png",
        "src/late-flights.py",
        "static/a.txt",
        "tests/test_a.py",
        "tools.txt",
    ]
    assert found["src/late-flights.py"] == b"NAME = 'Late Flights'\n"
    assert found["tools.txt"] == b"late-flights-run late-flights\n\n"
    assert found["page.html"] == found["static/a.txt"] == b"{{ left }}\n"
    assert b"{{ github.sha }}" in found[".github/workflows/ci.yml"]
    assert found["picture.png"] == FILES[f"{TOP}/picture.png"]
    assert not notes


def test_our_own_template_is_rendered_as_cookiecutter_renders_it(
    tmp_path: Path,
) -> None:
    theirs = render({}, tmp_path, accept_hooks=False)
    with rendered(TEMPLATE) as (ours, notes):
        assert tree(ours) == tree(theirs)
        assert {note.path for note in notes} == {"hooks", "cookiecutter.json"}


def test_evidence_lies_in_the_project_and_not_in_the_template(tmp_path: Path) -> None:
    plain, found = scan(make_tree(tmp_path, FILES)), examine(tmp_path, FILES)
    assert (plain.scope, found.scope) == ("template", "training")
    assert found.name == "late-flights"
    paths = [one.path for one in found.findings["ci_tests"].evidence]
    assert paths == [".github/workflows/ci.yml"]
    assert found.findings["readme"].status == Status.PRESENT


def test_a_template_in_a_folder_of_a_repository_is_rendered(tmp_path: Path) -> None:
    make_tree(tmp_path / "templates/flights", FILES)
    found = scan(tmp_path, "templates/flights", rendered=True)
    assert found.name == "late-flights"


def test_what_cannot_be_rendered_is_a_note_and_left_as_it_is(tmp_path: Path) -> None:
    broken: Files = {
        f"{TOP}/open.py": "{% if %}\n",
        f"{TOP}/unknown.py": "{{ cookiecutter.nothing }}\n",
        f"{TOP}/{{{{ nothing }}}}.py": "x\n",
        f"{TOP}/foreign.py": "{% foreign %}\n",
    }
    found, notes = project_of(tmp_path, {**FILES, **broken})
    assert found["open.py"] == b"{% if %}\n"
    assert found["unknown.py"] == b"{{ cookiecutter.nothing }}\n"
    assert set(notes) == set(broken)


EVIL: dict[str, str] = {
    "classes": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "a loop": "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "a product": "{{ 'a' * 10000000000 }}",
    "a power": "{{ 9 ** 9 ** 9 }}",
    "a shift": "{{ '%0999999999d' % 1 }}",
    "a file elsewhere": "{% include '../../../../../etc/hostname' %}",
    "its own settings": "{{ cookiecutter.update({'a': 1}) }}",
    "itself": "{% include 'cookiecutter.json' %}{% import 'me' as me %}",
}


@pytest.mark.parametrize("name", EVIL)
def test_an_expression_reaches_nothing_and_takes_no_time(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(template, "SECONDS", 3)
    files: Files = {**FILES, f"{TOP}/z.py": EVIL[name], "me": EVIL["itself"]}
    found, notes = project_of(tmp_path, files)
    assert "README.md" in found
    assert notes
    assert len(found.get("z.py", b"")) < 500


def test_no_hook_runs_and_no_extension_is_loaded(tmp_path: Path) -> None:
    mark = tmp_path / "it ran"
    code = f"open({str(mark)!r}, 'w').write('x')\nclass E: pass\n"
    asked = {**QUESTIONS, "_extensions": ["local.E", "extensions.E"]}
    files: Files = {
        **FILES,
        "cookiecutter.json": json.dumps(asked),
        "hooks/pre_gen_project.py": code,
        "hooks/post_gen_project.sh": f"touch '{mark}'\n",
        "hooks/pre_prompt.py": code,
        "local.py": code,
        "extensions.py": code,
        "jinja2.py": code,
        f"{TOP}/setup.py": code,
    }
    found, notes = project_of(tmp_path / "t", files)
    assert "setup.py" in found
    assert not mark.exists()
    assert {"hooks", "cookiecutter.json"} <= set(notes)


def test_no_file_leaves_the_folder_that_is_rendered_into(tmp_path: Path) -> None:
    asked = {**QUESTIONS, "up": "../../../../..", "top": str(tmp_path / "top")}
    make_tree(tmp_path, {"secret": "secret\n"})
    root = make_tree(
        tmp_path / "t",
        {
            **FILES,
            "cookiecutter.json": json.dumps(asked),
            f"{TOP}/{{{{ cookiecutter.up }}}}/x.py": "x\n",
            f"{TOP}/{{{{ cookiecutter.top }}}}.py": "x\n",
        },
    )
    (root / TOP / "linked.md").symlink_to(tmp_path / "secret")
    found, notes = project_of(root, {})
    assert "linked.md" not in found
    assert sum("leads out of the project" in why for why in notes.values()) == 2
    assert not (tmp_path / "top.py").exists()


@pytest.mark.parametrize("content", ["{not json", "[]", "[" * 100_000, "{}"])
def test_a_template_that_cannot_be_rendered_is_said_in_a_sentence(
    tmp_path: Path, content: str
) -> None:
    make_tree(tmp_path, {"cookiecutter.json": content, "a.py": "x = 1\n"})
    with pytest.raises(NoTemplate, match="cannot be rendered"):
        scan(tmp_path, rendered=True)
    refused = run("scan", tmp_path, "--rendered")
    assert refused.exit_code == 2
    assert refused.stderr.strip().endswith("Scan it without --rendered.")


def test_what_is_no_template_is_refused(tmp_path: Path) -> None:
    refused = run("scan", tmp_path, "--rendered")
    assert refused.exit_code == 2
    assert "There is no cookiecutter.json" in refused.stderr


def test_the_command_scans_a_template_rendered(tmp_path: Path) -> None:
    make_tree(tmp_path, FILES)
    done = run("scan", tmp_path, "--rendered", "--format", "json")
    assert done.exit_code == 0, done.output
    assert "late-flights" in done.output
    assert scanning.scan(tmp_path).scope == "template"
