"""What counts for the first capabilities, and what only looks like it."""

from pathlib import Path

import pytest
from traps.trees import Files, find

from maturity_assessment.evidence import Status

LONG = "This project predicts the demand for bicycles from the weather. " * 6
MIT = "MIT License\n\nPermission is hereby granted, free of charge, to any person\n"
CODE: Files = {"src/app.py": "def double(x):\n    return 2 * x\n"}
TESTED: Files = {
    **CODE,
    "tests/test_app.py": "from app import double\ndef test_double():\n    assert double(1) == 2\n",
}
PUSH = "on: [push]\njobs:\n  t:\n    steps:\n      - run: {}\n"
CI = ".github/workflows/ci.yml"


def ci(run: str) -> Files:
    """A tested project with a workflow of one step."""
    return {**TESTED, CI: PUSH.format(run)}


CASES: list[tuple[str, Status, Files]] = [
    ("version_control_ignore", Status.PRESENT, {".gitignore": "*.pyc\n"}),
    ("version_control_ignore", Status.ABSENT, {".gitignore": "# nothing\n\n"}),
    ("version_control_ignore", Status.ABSENT, {"data/.gitignore": "*.csv\n"}),
    ("readme", Status.PRESENT, {"ReadMe.rst": LONG}),
    ("readme", Status.ABSENT, {"README.md": "# My project\n"}),
    (
        "readme",
        Status.ABSENT,
        {"README.md": "[![b](https://x/y.svg)](https://x)\n" * 40},
    ),
    ("readme", Status.ABSENT, {"docs/README.md": LONG}),
    ("license", Status.PRESENT, {"LICENCE": MIT}),
    (
        "license",
        Status.PRESENT,
        {"COPYING.txt": "GNU GENERAL PUBLIC LICENSE Version 3"},
    ),
    ("license", Status.PARTIAL, {"README.md": LONG + MIT}),
    ("license", Status.PARTIAL, {"README.md": LONG + "\n\n# License\n\nMIT License\n"}),
    ("license", Status.ABSENT, {"README.md": LONG + "Licence: MIT"}),
    ("license", Status.ABSENT, {"LICENSE": "TODO\n"}),
    (
        "dependency_pinning",
        Status.PARTIAL,
        {"requirements-dev.lock": "a==1\nb==2\nc>=3\nd~=4.0\n"},
    ),
    (
        "dependency_pinning",
        Status.PRESENT,
        {"requirements.lock": "a==1\nb[x]==2 ; python_version >= '3.9'\nc==3\n"},
    ),
    (
        "dependency_pinning",
        Status.PRESENT,
        {"uv.lock": '[[package]]\nname = "a"\n[[package]]\nname = "b"\n'},
    ),
    (
        "dependency_pinning",
        Status.PRESENT,
        {
            "sub/Pipfile.lock": '{"default": {"a": {"version": "==1"}, "b": {"version": "==1"}}}'
        },
    ),
    (
        "dependency_pinning",
        Status.PRESENT,
        {
            "requirements.txt": "# by the following command: uv pip compile\na==1\nb==2\n"
        },
    ),
    (
        "dependency_pinning",
        Status.PRESENT,
        {"requirements.txt": "pandas==1\nsix==1\npytz==1\npython-dateutil==2\n"},
    ),
    (
        "dependency_pinning",
        Status.PARTIAL,
        {"requirements.txt": "pandas==1\nnumpy==2\ntorch\n"},
    ),
    ("dependency_pinning", Status.ABSENT, {"requirements.txt": "pandas\nnumpy>=2\n"}),
    (
        "dependency_pinning",
        Status.ABSENT,
        {
            "dvc.lock": "schema: '2.0'\n",
            ".terraform.lock.hcl": "x\n",
            "ui/package-lock.json": "{}",
        },
    ),
    (
        "dependency_pinning",
        Status.ABSENT,
        {"uv.lock": 'version = 1\n[[package]]\nname = "own"\n'},
    ),
    ("tests_unit", Status.PRESENT, TESTED),
    (
        "tests_unit",
        Status.PRESENT,
        {
            **CODE,
            "src/app_test.py": (
                "import unittest, app\nclass TestApp(unittest.TestCase):\n"
                "    def test_a(self):\n"
                "        self.assertEqual(app.double(1), 2)\n"
            ),
        },
    ),
    (
        "tests_unit",
        Status.PRESENT,
        {
            **CODE,
            "tests/test_a.py": (
                "import pytest\nfrom app import double\ndef test_a():\n"
                "    with pytest.raises(TypeError):\n"
                "        double(None, 1)\n"
            ),
        },
    ),
    (
        "tests_unit",
        Status.ABSENT,
        {
            **CODE,
            "tests/test_a.py": "from app import double\ndef test_a():\n    assert True\n",
        },
    ),
    (
        "tests_unit",
        Status.ABSENT,
        {
            **CODE,
            "tests/test_a.py": "from app import double\ndef test_a():\n    pass\n",
        },
    ),
    (
        "tests_unit",
        Status.ABSENT,
        {**CODE, "tests/test_a.py": "def test_a():\n    assert 1 + 1 == 2\n"},
    ),
    (
        "tests_unit",
        Status.ABSENT,
        {**CODE, "tests/__init__.py": "", "tests/test_a.py": ""},
    ),
    ("lint_format", Status.PRESENT, {"pyproject.toml": "[tool.ruff]\n"}),
    (
        "lint_format",
        Status.PRESENT,
        {".pre-commit-config.yaml": "repos:\n- repo: x\n  hooks:\n  - id: black\n"},
    ),
    (
        "lint_format",
        Status.PRESENT,
        ci("make lint") | {"Makefile": "lint:\n\tflake8 src\n"},
    ),
    ("lint_format", Status.ABSENT, {"requirements.txt": "flake8\nblack\n"}),
    (
        "lint_format",
        Status.ABSENT,
        {
            ".pre-commit-config.yaml": "repos:\n- repo: x\n  hooks:\n  - id: trailing-whitespace\n"
        },
    ),
    ("lint_format", Status.ABSENT, ci("echo running flake8")),
    ("ci_tests", Status.PRESENT, ci("pytest")),
    (
        "ci_tests",
        Status.PRESENT,
        ci("make t") | {"Makefile": "t:\n\tpython -m unittest\n"},
    ),
    ("ci_tests", Status.ABSENT, ci("echo 'Running unit tests'")),
    (
        "ci_tests",
        Status.ABSENT,
        ci("pip install pytest  # Run tests here (PyTest, Django, etc.)"),
    ),
    ("ci_tests", Status.ABSENT, ci("pytest || true")),
    ("ci_tests", Status.ABSENT, ci("pytest --collect-only")),
    ("ci_tests", Status.ABSENT, {**CODE, CI: PUSH.format("pytest")}),
    (
        "ci_tests",
        Status.ABSENT,
        {**TESTED, CI: PUSH.format("pytest") + "        if: false\n"},
    ),
    (
        "ci_tests",
        Status.ABSENT,
        {**TESTED, CI: PUSH.format("pytest") + "        continue-on-error: true\n"},
    ),
    (
        "ci_tests",
        Status.PARTIAL,
        {**TESTED, CI: PUSH.replace("push", "workflow_dispatch").format("pytest")},
    ),
    ("ci_tests", Status.ABSENT, {**TESTED, "Makefile": "test:\n\tpytest\n"}),
    (
        "container",
        Status.PRESENT,
        {"Dockerfile": "FROM python:3.11\nCOPY . /app\nRUN pip install /app\n"},
    ),
    (
        "container",
        Status.PRESENT,
        {"sub/Containerfile": "FROM python:3.11\nADD . /app\n"},
    ),
    (
        "container",
        Status.PRESENT,
        {".pipeline/blubber.yaml": "version: v4\nvariants: {a: {}}\n"},
    ),
    ("container", Status.ABSENT, {"Dockerfile": "FROM python:3.11\n"}),
    ("container", Status.ABSENT, {"Dockerfile": ""}),
    (
        "container",
        Status.ABSENT,
        {".devcontainer/Dockerfile": "FROM python:3.11\nCOPY . /app\n"},
    ),
    (
        "container",
        Status.ABSENT,
        {"docker-compose.yml": "services: {db: {image: postgres}}\n"},
    ),
    (
        "container",
        Status.PARTIAL,
        {"Dockerfile": "FROM python:3.11\nRUN pip install mlflow\n"},
    ),
]


@pytest.mark.parametrize(("capability", "status", "files"), CASES)
def test_what_counts_and_what_does_not(
    tmp_path: Path, capability: str, status: Status, files: Files
) -> None:
    found = find(tmp_path, capability, files)
    assert found.status == status, found.why
    if status == Status.PRESENT:
        assert found.evidence
        assert found.evidence[0].operative
        assert (tmp_path / found.evidence[0].path).is_file()


def test_idle_evidence_is_shown_with_its_reason(tmp_path: Path) -> None:
    found = find(tmp_path, "ci_tests", ci("pytest || true"))
    assert found.evidence[0].line == 5
    assert "|| true" in found.why


def test_the_way_to_a_command_is_the_excerpt(tmp_path: Path) -> None:
    files = ci("make t") | {"Makefile": "t:\n\tpytest -q\n"}
    found = find(tmp_path, "ci_tests", files)
    assert found.evidence[0].excerpt == f"{CI}:5 -> Makefile:2 -> pytest -q"
