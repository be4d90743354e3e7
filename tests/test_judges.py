"""Independent judges look at every generated level and at this repository, and find nothing."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import LEVELS, BakedProject
from environments import HOUSE, LAYERS

TOOLS = Path(sys.executable).parent
HOUSE_NAME = "this repository"
PLACES = [HOUSE_NAME, *LEVELS]
WITH_CI = [place for place in PLACES if place != "0"]
WITH_IMAGE = [level for level in LEVELS if level != "0"]
TIMEOUTS = "custom.github-workflows-require-timeout"
YAML = """
extends: default
rules:
  braces: {max-spaces-inside: 1}
  comments: {min-spaces-from-content: 1}
  document-start: disable
  line-length: {max: 120}
  truthy: {check-keys: false}
"""

# The checks of sp-repo-review that are not met, each with the reason. Those that ask for
# another check first (GH101 for GH100, say) do not apply where that one is not met.
NOT_MET: dict[str, dict[str, str]] = {
    "0": {
        "PY005": "tests come with level 1",
        "PY006": "pre-commit comes with level 1",
        "PY007": "level 1 tests on several Pythons with tox; level 0 has no tests",
        "PP006": "development tools come with level 1",
        "PP301": "tests come with level 1",
        "GH100": "CI comes with level 1",
        "MY100": "types are checked from level 1 on",
        "RF001": "lint comes with level 1",
    },
}

Find = Callable[[str], Path]


@pytest.fixture(name="find")
def fixture_find(ladder: dict[str, BakedProject]) -> Find:
    """Give the folder of a place: this repository, or the project of a level."""
    return lambda place: HOUSE if place == HOUSE_NAME else ladder[place].path


def judge(folder: Path, tool: str, *arguments: str | Path) -> str:
    """Run a tool of our own environment; give what it found, nothing if it is content."""
    command = [str(TOOLS / tool), *(str(argument) for argument in arguments)]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    return f"{tool}: {done.stdout}{done.stderr}" if done.returncode else ""


def files(folder: Path, *patterns: str) -> list[Path]:
    """Give the files of a project, without what git ignores and without the template."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    if not (folder / ".git").exists():
        return sorted(path for one in patterns for path in folder.rglob(one))
    names = subprocess.run(
        listed, cwd=folder, capture_output=True, text=True, check=True
    )
    paths = [Path(name) for name in names.stdout.split("\0") if name]
    own = [path for path in paths if path.parts[0] != LAYERS]
    return [folder / path for path in own if any(path.match(one) for one in patterns)]


def judge_workflows(folder: Path) -> str:
    """Ask whether workflows are safe and well formed, and every job has a timeout."""
    workflows = files(folder, ".github/workflows/*.yml", ".github/workflows/*.yaml")
    assert workflows
    return (
        judge(folder, "zizmor", "--offline", "--quiet", "--pedantic", ".github")
        + judge_schema(folder, "vendor.github-workflows", workflows)
        + judge_schema(folder, TIMEOUTS, workflows)
        + judge_schema(folder, "vendor.dependabot", [folder / ".github/dependabot.yml"])
    )


def judge_schema(folder: Path, schema: str, paths: list[Path]) -> str:
    """Ask whether files follow a schema."""
    return judge(folder, "check-jsonschema", "--builtin-schema", schema, *paths)


def judge_images(folder: Path) -> str:
    """Ask whether the recipes of images are sound."""
    recipes = files(folder, "*Dockerfile")
    assert recipes
    return judge(folder, "hadolint", *recipes)


def judge_yaml(folder: Path) -> str:
    """Ask whether all YAML is well formed and tidy."""
    paths = files(folder, "*.yml", "*.yaml")
    return judge(folder, "yamllint", "--strict", "-d", YAML, *paths)


def judge_shell(folder: Path) -> str:
    """Ask whether shell scripts are sound."""
    scripts = files(folder, "*.sh", ".ci/run")
    return judge(folder, "shellcheck", *scripts) if scripts else ""


def judge_python(folder: Path) -> str:
    """Ask whether Python is in black's format and ruff finds nothing."""
    return judge(folder, "black", "--check", "--quiet", "--diff", ".") + judge(
        folder, "ruff", "check", "--no-cache", "."
    )


def missed_checks(folder: Path) -> set[str]:
    """Give the checks of sp-repo-review that are not met."""
    command = [str(TOOLS / "repo-review"), "--format", "json", "."]
    # Its exit code says that something is not met; the answer is on stdout all the same.
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    checks = json.loads(done.stdout)["checks"]
    assert len(checks) > 50
    return {name for name, check in checks.items() if check["result"] is False}


@pytest.mark.parametrize("place", PLACES)
def test_sp_repo_review_misses_exactly_what_has_a_reason(
    place: str, find: Find
) -> None:
    assert missed_checks(find(place)) == set(NOT_MET.get(place, {}))


@pytest.mark.parametrize("place", WITH_CI)
def test_workflows_are_safe_and_well_formed(place: str, find: Find) -> None:
    assert not judge_workflows(find(place))


@pytest.mark.parametrize("level", WITH_IMAGE)
def test_images_have_sound_recipes(level: str, find: Find) -> None:
    assert not judge_images(find(level))


@pytest.mark.parametrize("level", LEVELS)
def test_compose_files_are_well_formed(level: str, find: Find) -> None:
    if paths := files(find(level), "compose*.yaml", "compose*.yml"):
        assert not judge_schema(find(level), "vendor.compose-spec", paths)


@pytest.mark.parametrize("place", PLACES)
def test_yaml_is_tidy(place: str, find: Find) -> None:
    assert not judge_yaml(find(place))


@pytest.mark.parametrize("place", PLACES)
def test_shell_scripts_are_sound(place: str, find: Find) -> None:
    assert not judge_shell(find(place))


@pytest.mark.parametrize("level", WITH_IMAGE)
def test_python_is_tidy_as_it_is_generated(level: str, find: Find) -> None:
    # Level 0 has no settings for these tools; its files are part of level 1.
    assert not judge_python(find(level))


SPOILED = [
    (judge_workflows, ".github/workflows/ci.yml", "persist-credentials: false", "{}"),
    (judge_workflows, ".github/workflows/ci.yml", "timeout-minutes", "timeout"),
    (judge_workflows, ".github/dependabot.yml", "weekly", "now and then"),
    (judge_images, "Dockerfile", "\nCMD ", "\nRUN cd /tmp\nCMD "),
    (judge_yaml, ".github/dependabot.yml", "updates:", "updates: [\n"),
    (judge_python, "src/flight_delays/train.py", "def ", "def  "),
]


@pytest.mark.parametrize("ask, file, good, bad", SPOILED)
def test_each_judge_can_find_something(
    ask: Callable[[Path], str],
    file: str,
    good: str,
    bad: str,
    bake: Callable[..., BakedProject],
) -> None:
    project = bake(maturity_level="1").path
    assert not ask(project)
    text = (project / file).read_text(encoding="utf-8")
    assert good in text
    (project / file).write_text(text.replace(good, bad), encoding="utf-8")
    assert ask(project)
