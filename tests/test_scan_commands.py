"""A step of a workflow is followed to the command that it ends in, whatever lies between."""

from pathlib import Path

import pytest
from traps.trees import Files, read_tree

from maturity_assessment.scan.commands import Leaf
from maturity_assessment.scan.commands.shell import Script, read_commands
from maturity_assessment.scan.commands.words import unwrap

TEST = {"tests/test_a.py": "def test_a():\n    assert 1 + 1 == 2\n"}


def workflow(run: str, more: str = "") -> str:
    """Make a workflow of one step."""
    lines = "\n".join(f"          {line}" for line in run.splitlines())
    return f"on: [push]\njobs:\n  test:\n    steps:\n      - run: |\n{lines}\n{more}"


def leaves(folder: Path, run: str, files: Files) -> list[Leaf]:
    """Give the commands that a step ends in."""
    files = {".github/workflows/ci.yml": workflow(run), **files}
    return read_tree(folder, files).commands.ci


def only(found: list[Leaf], tool: str) -> Leaf:
    """Give the one command that runs a program."""
    (leaf,) = [one for one in found if one.tool == tool]
    return leaf


RUNNERS: dict[str, tuple[str, Files]] = {
    "make": ("make check", {"Makefile": "check: unit\nunit:\n\t@pytest -q\n"}),
    "make include": (
        "make -C sub check",
        {
            "sub/Makefile": "T = pytest\ninclude $(sort $(wildcard mk/*.mk))\n",
            "sub/mk/a.mk": "check::\n\t$(T) -q\n",
        },
    ),
    "recursive make": (
        "make all",
        {
            "Makefile": (
                'all:\n\tfor d in a b; do \\\n\t\techo "x" && \\\n'
                "\t\t$(MAKE) one D=$$d ; \\\n\tdone\none:\n"
                '\tcd "$(D)" && pytest\n'
            )
        },
    ),
    "just": (
        "just ci",
        {
            "justfile": "set shell := ['bash']\nci: (test 'x')\ntest arg:\n  @pytest {{arg}}\n"
        },
    ),
    "tox": (
        "tox -e py311",
        {"tox.ini": "[testenv]\ncommands =\n    pytest {posargs:-q}\n"},
    ),
    "tox in pyproject": (
        "uvx --with tox-uv tox",
        {
            "pyproject.toml": (
                '[tool.tox]\nlegacy_tox_ini = """\n[testenv]\n'
                'commands = pytest\n"""\n'
            )
        },
    ),
    "nox": (
        "nox -s tests",
        {
            "noxfile.py": (
                "import nox\n@nox.session\ndef tests(session):\n"
                "    session.run('pytest', '-q')\n"
            )
        },
    ),
    "poe": (
        "uv run poe ci",
        {
            "pyproject.toml": (
                '[tool.poe.tasks]\nci = ["lint", "unit"]\n'
                'lint = "ruff check"\nunit.cmd = "pytest -q"\n'
            )
        },
    ),
    "hatch": (
        "hatch run dev:unit",
        {"pyproject.toml": '[tool.hatch.envs.dev.scripts]\nunit = "pytest {args}"\n'},
    ),
    "pdm": ("pdm run t", {"pyproject.toml": '[tool.pdm.scripts]\nt = "pytest"\n'}),
    "pixi": ("pixi run t", {"pixi.toml": '[tasks]\nt = {cmd = "pytest"}\n'}),
    "npm": ("npm run t", {"package.json": '{"scripts": {"t": "pytest"}}'}),
    "mise": (
        "mise run check",
        {
            "mise.toml": '[tasks.check]\ndepends = ["t*"]\n[tasks.t1]\nrun = ["uv run pytest"]\n'
        },
    ),
    "go-task": (
        "task t",
        {"Taskfile.yml": "tasks:\n  t:\n    cmds:\n      - pytest\n"},
    ),
    "invoke": (
        "invoke unit-tests",
        {
            "tasks.py": (
                "from invoke import task\n@task\ndef unit_tests(c):\n"
                "    c.run('pytest -q')\n"
            )
        },
    ),
    "script": ("./ci/run.sh", {"ci/run.sh": "#!/bin/bash\nset -e\npytest\n"}),
    "bash -c": ("bash -lc 'pytest -q'", {}),
    "python script": (
        "python ci/run.py",
        {
            "ci/run.py": (
                "import subprocess, sys\n"
                "subprocess.check_call([sys.executable, '-m', 'pytest'])\n"
            )
        },
    ),
    "docker compose": (
        "docker compose -f dev.yml run --rm -e A=b api uv run pytest tests",
        {"dev.yml": "services: {api: {image: x}}\n"},
    ),
    "compose service": (
        "docker-compose up tests",
        {"docker-compose.yml": "services:\n  tests:\n    command: pytest -q\n"},
    ),
    "docker run": ("docker run --rm -v $PWD:/app image:1 pytest -q", {}),
    "docker build": (
        "docker build -f t.Dockerfile .",
        {"t.Dockerfile": "FROM python\nCOPY . .\nRUN pytest\n"},
    ),
    "prefixes": (
        "sudo -E env A=b timeout 60 xvfb-run -a poetry run python -m pytest",
        {},
    ),
    "coverage": ("coverage run --source src -m pytest", {}),
    "submitted job": (
        "anyscale job submit job.yaml --wait",
        {"job.yaml": "entrypoint: bash run.sh\n", "run.sh": "pytest\n"},
    ),
    "pre-commit": (
        "pre-commit run --all-files",
        {
            ".pre-commit-config.yaml": (
                "repos:\n- repo: local\n  hooks:\n  - id: t\n" "    entry: pytest -q\n"
            )
        },
    ),
    "function": ("t() {\n  pytest\n}\nt", {}),
    "variable": ('CMD="pytest -q"\n$CMD tests', {}),
}


@pytest.mark.parametrize("name", RUNNERS)
def test_a_runner_is_followed_to_the_tests(tmp_path: Path, name: str) -> None:
    run, files = RUNNERS[name]
    found = [leaf for leaf in leaves(tmp_path, run, files) if leaf.tool == "pytest"]
    assert found
    assert all(leaf.operative for leaf in found)
    assert found[0].places[0].path == ".github/workflows/ci.yml"


IDLE = {
    "pytest || true": "|| true",
    "pytest || echo failed": "|| echo",
    "pytest || exit 0": "|| exit 0",
    "pytest || :": "|| :",
    "if false; then pytest; fi": "if false",
    "exit 0\npytest": "ended before",
    "make -i t": "make -i",
    "make idle": "starts with `-`",
}


@pytest.mark.parametrize("run", IDLE)
def test_a_command_that_cannot_fail_or_never_runs_says_so(
    tmp_path: Path, run: str
) -> None:
    files: Files = {"Makefile": "t:\n\tpytest\nidle:\n\t-pytest\n"}
    leaf = only(leaves(tmp_path, run, files), "pytest")
    assert IDLE[run] in leaf.reasons[0]


@pytest.mark.parametrize(
    "run",
    ["pytest || exit 1", "pytest && echo done", "(cd x && pytest)", "! false; pytest"],
)
def test_an_ordinary_command_is_operative(tmp_path: Path, run: str) -> None:
    assert only(leaves(tmp_path, run, {}), "pytest").operative


def test_what_is_only_said_is_no_command(tmp_path: Path) -> None:
    run = "echo 'Running unit tests: pytest'\n# pytest\nprintf pytest\n: pytest"
    assert not leaves(tmp_path, run, {})


def test_a_script_that_does_not_stop_is_not_blocking(tmp_path: Path) -> None:
    files: Files = {
        "loose.sh": "pytest > out\ncat out\n",
        "strict.sh": "set -e\npytest\ncat x\n",
    }
    found = leaves(tmp_path, "bash loose.sh\nbash strict.sh", files)
    loose, strict = [leaf for leaf in found if leaf.tool == "pytest"]
    assert (loose.blocking, strict.blocking) == (False, True)


def test_runners_that_call_each_other_in_a_circle_end(tmp_path: Path) -> None:
    files: Files = {
        "Makefile": "a: b\n\tmake b\nb: a\n\tjust c\n",
        "justfile": "c:\n  make a\n  ./x.sh\n",
        "x.sh": "#!/bin/sh\n./x.sh\nmake a\npytest\n",
    }
    found = leaves(tmp_path, "make a", files)
    assert any(leaf.tool == "pytest" for leaf in found)
    assert len(found) < 3000


def test_a_reusable_workflow_and_a_composite_action_are_followed(
    tmp_path: Path,
) -> None:
    files: Files = {
        ".github/workflows/ci.yml": """
            on: [pull_request]
            jobs:
              call:
                uses: ./.github/workflows/test.yml
                with: {target: unit}
              local:
                steps:
                  - uses: ./.github/actions/t
            """,
        ".github/workflows/test.yml": """
            on: {workflow_call: {inputs: {target: {default: all}}}}
            jobs:
              run:
                steps:
                  - run: make ${{ inputs.target }}
            """,
        ".github/actions/t/action.yml": """
            runs:
              using: composite
              steps:
                - run: nosetests
            """,
        "Makefile": "unit:\n\tpytest\nall:\n\techo no\n",
    }
    found = read_tree(tmp_path, files).commands.ci
    assert {leaf.tool for leaf in found} == {"pytest", "nosetests"}
    assert all(leaf.starts_on("pull_request") for leaf in found)


def test_a_matrix_is_put_in(tmp_path: Path) -> None:
    text = """
        on: [push]
        jobs:
          a:
            strategy: {matrix: {command: [pytest, "ruff check"]}}
            steps:
              - run: ${{ matrix.command }}
        """
    found = read_tree(tmp_path, {".github/workflows/a.yml": text}).commands.ci
    assert [leaf.tool for leaf in found] == ["pytest", "ruff"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("if: false", "never runs"),
        ("if: ${{ false }}", "never runs"),
        ("if: ${{ false && always() }}", "never runs"),
        ("continue-on-error: true", "continue-on-error"),
    ],
)
def test_a_step_or_job_that_is_switched_off_says_so(
    tmp_path: Path, line: str, reason: str
) -> None:
    step = f"on: [push]\njobs:\n  a:\n    steps:\n      - run: pytest\n        {line}\n"
    job = f"on: [push]\njobs:\n  a:\n    {line}\n    steps:\n      - run: pytest\n"
    for number, text in enumerate((step, job)):
        files: Files = {".github/workflows/ci.yml": text}
        found = read_tree(tmp_path / str(number), files).commands.ci
        assert reason in found[0].reasons[0]


def test_the_lines_of_commands_are_those_of_the_file(tmp_path: Path) -> None:
    files: Files = {"Makefile": "x = 1\n\nt:\n\techo a\n\tpytest\n"}
    leaf = only(leaves(tmp_path, "ls\nmake t", files), "pytest")
    assert [str(place) for place in leaf.places] == [
        ".github/workflows/ci.yml:7",
        "Makefile:5",
    ]


def test_a_folder_is_followed(tmp_path: Path) -> None:
    files: Files = {
        "app/train.py": "print(1)\n",
        "app/Makefile": "t:\n\tpython train.py\n",
    }
    leaf = only(leaves(tmp_path, "cd app\nmake t", files), "python")
    assert leaf.script == "app/train.py"


def test_a_console_script_is_the_function_that_it_names(tmp_path: Path) -> None:
    files: Files = {
        "pyproject.toml": '[project.scripts]\nmytool = "pkg.cli:main"\n',
        "src/pkg/__init__.py": "",
        "src/pkg/cli.py": "def main():\n    work()\ndef work():\n    pass\ndef idle():\n    pass\n",
    }
    repository = read_tree(
        tmp_path, {".github/workflows/ci.yml": workflow("uv run mytool x"), **files}
    )
    leaf = only(repository.commands.ci, "mytool")
    assert (leaf.script, leaf.function) == ("src/pkg/cli.py", "main")
    assert repository.python.operational("src/pkg/cli.py", "work")
    assert not repository.python.operational("src/pkg/cli.py", "idle")


def test_prefixes_come_off() -> None:
    words = "A=b sudo -u me uv run --with x --frozen -- python -m x".split()
    assert unwrap(words) == ["python", "-m", "x"]
    assert unwrap(["uv", "sync"]) == ["uv", "sync"]
    assert unwrap(["conda", "run", "-n", "e", "pytest", "-x"]) == ["pytest", "-x"]


def test_an_expression_of_a_workflow_breaks_no_command() -> None:
    text = "pytest ${{ inputs.a && 'x' || 'y' }} -q\nls"
    found = read_commands(Script(text, "a.yml", 3))
    assert [one.words[0] for one in found] == ["pytest", "ls"]
    assert [one.line for one in found] == [3, 4]


def test_a_line_of_make_that_the_grammar_does_not_know_costs_only_itself(
    tmp_path: Path,
) -> None:
    text = "$(foreach w,$(A),$(eval override $(w) := 1))\nrun: export B := 2\nrun:\n\tpytest -q\n"
    leaf = only(leaves(tmp_path, "make run", {"Makefile": text}), "pytest")
    assert str(leaf.places[-1]) == "Makefile:4"


def test_a_package_that_imports_its_command_by_name_is_followed(tmp_path: Path) -> None:
    main = "import importlib, sys\nimportlib.import_module(f'.{sys.argv[1]}', 'pkg').main()\n"
    files: Files = {
        "src/pkg/__init__.py": "",
        "src/pkg/__main__.py": main,
        "src/pkg/score_rows.py": "def main():\n    work()\ndef work():\n    pass\n",
    }
    run = "python -m pkg score-rows x.csv"
    repository = read_tree(
        tmp_path, {".github/workflows/ci.yml": workflow(run), **files}
    )
    leaf = only(repository.commands.ci, "python")
    assert (leaf.script, leaf.function) == ("src/pkg/score_rows.py", "main")
    assert repository.python.operational("src/pkg/score_rows.py", "work")


def test_make_names_the_target_of_a_shared_recipe(tmp_path: Path) -> None:
    files: Files = {"Makefile": "lint test:\n\tpython -m tools $@\n"}
    assert only(leaves(tmp_path, "make test", files), "tools").args == ("test",)


def test_a_package_imports_the_module_of_the_command_that_it_is_given(
    tmp_path: Path,
) -> None:
    files: Files = {
        "app/__init__.py": "",
        "app/__main__.py": (
            "import importlib, sys\n"
            "importlib.import_module('app.' + sys.argv[1]).main()\n"
        ),
        "app/train.py": "def main():\n    pass\n",
        "app/other.py": "def main():\n    pass\n",
        ".github/workflows/ci.yml": workflow("python -m app train"),
    }
    python = read_tree(tmp_path, files).python
    assert python.operational("app/train.py", "main")
    assert not python.operational("app/other.py", "main")
