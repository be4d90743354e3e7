"""The workflows of generated projects run, and the runner that shows it is right itself."""

from collections.abc import Callable
from pathlib import Path

import pytest
from environments import HOUSE, LAYERS, Project, clean_environment
from workflows import NotUnderstood, Step, evaluate, run_workflow

# Steps that cannot run on a machine without GitHub, by name, each with the reason.
EXCLUDED = {
    "audit": "asks a live advisory service",
    "image": "needs a container tool; test_level_1 builds the image where there is one",
    "smoke": "needs the image",
    "push": "needs a registry; test_infrastructure reads the steps after it, test_deploy runs them",
}
KNOWN = {"matrix.python": "3.11", "success()": "true", "failure()": "", "env.A": "yes"}
WORKFLOW = """
name: example
env: {WHO: everybody}
jobs:
  greet:
    strategy: {matrix: {name: [Ada, Grace]}}
    env: {NAME: "${{ matrix.name }}"}
    steps:
      - uses: actions/checkout@v1
      - id: hello
        run: echo "text=hello $NAME and $WHO" >> "$GITHUB_OUTPUT"
      - run: |
          echo "FOUND=$(cat file)" >> "$GITHUB_ENV"
          echo "# done" >> "$GITHUB_STEP_SUMMARY"
      - run: echo "$SAID; found $FOUND"
        env: {SAID: "${{ steps.hello.outputs.text }}"}
      - if: github.event_name == 'push' && matrix.name == 'Ada'
        run: echo only Ada; false | cat
      - run: echo never
      - if: failure()
        name: report
        run: echo something failed
"""


@pytest.fixture
def repository(tmp_path: Path, tools: Path) -> Project:
    """Make a repository with one file and one workflow."""
    project = Project(0, tmp_path / "a project", clean_environment(tools))
    (project.path / ".github/workflows").mkdir(parents=True)
    (project.path / ".github/workflows/example.yml").write_text(WORKFLOW)
    (project.path / "file").write_text("what was committed")
    project.run("git", "init", "--quiet", "--initial-branch", "main")
    project.commit("Begin")
    (project.path / "file").write_text("what was not committed")
    return project


def run(project: Project, folder: Path, **options: str) -> list[Step]:
    """Run the example workflow."""
    path = project.path / ".github/workflows/example.yml"
    excluded = {name: "a reason" for name in options.values()}
    return run_workflow(path, folder, project.environment, excluded)


class TestRunner:
    """Tests for the runner of workflows."""

    def test_each_row_of_the_matrix_runs_on_what_was_committed(
        self, repository: Project, tmp_path: Path
    ) -> None:
        said = [step.output for step in run(repository, tmp_path / "runs")]
        assert "hello Ada and everybody; found what was committed\n" in said
        assert "hello Grace and everybody; found what was committed\n" in said

    def test_a_failing_command_in_a_pipe_fails_the_step_and_skips_the_rest(
        self, repository: Project, tmp_path: Path
    ) -> None:
        steps = run(repository, tmp_path / "runs")
        failed = [(step.job, step.output) for step in steps if step.code]
        assert failed == [("greet Ada", "only Ada\n")]
        never = [step.job for step in steps if step.output == "never\n"]
        assert never == ["greet Grace"]
        assert [step.job for step in steps if step.name == "report"] == ["greet Ada"]

    def test_a_step_is_left_out_by_name(
        self, repository: Project, tmp_path: Path
    ) -> None:
        steps = run(repository, tmp_path / "runs", leave="report")
        assert "report" not in {step.name for step in steps}

    def test_leaving_out_a_step_that_does_not_exist_is_an_error(
        self, repository: Project, tmp_path: Path
    ) -> None:
        with pytest.raises(NotUnderstood, match="does not exist"):
            run(repository, tmp_path / "runs", leave="no such step")

    def test_a_key_it_does_not_know_is_an_error(
        self, repository: Project, tmp_path: Path
    ) -> None:
        path = repository.path / ".github/workflows/example.yml"
        path.write_text(WORKFLOW.replace("if: failure()", "shell: python"))
        with pytest.raises(NotUnderstood, match="shell"):
            run(repository, tmp_path / "runs")

    @pytest.mark.parametrize(
        "expression, value",
        [
            ("matrix.python", "3.11"),
            ("matrix.python == '3.11'", "true"),
            ("matrix.python != '3.11'", ""),
            ("!failure() && env.A", "yes"),
            ("secrets.TOKEN || 'none'", "none"),
            ("failure() || success()", "true"),
        ],
    )
    def test_expressions_have_the_value_that_github_gives_them(
        self, expression: str, value: str
    ) -> None:
        assert evaluate(expression, KNOWN) == value

    def test_an_expression_it_cannot_look_up_is_an_error(self) -> None:
        with pytest.raises(NotUnderstood, match="matrix.pyhton"):
            evaluate("matrix.pyhton", KNOWN)


def list_workflows() -> list[tuple[int, str]]:
    """Give each workflow with the level that brings it.

    On the levels above it is the same file, and what it calls there is run by the default
    target, which the network's tests run on every level.
    """
    found = (HOUSE / LAYERS).glob("*/.github/workflows/*.yml")
    return sorted((int(path.parts[-4][0]), path.name) for path in found)


@pytest.mark.slow
@pytest.mark.parametrize(("level", "name"), list_workflows())
def test_each_workflow_succeeds(
    level: int,
    name: str,
    installed: Callable[[int], Project],
    finished: Callable[[int], Project],
    tmp_path: Path,
) -> None:
    text = (installed(level).path / ".github/workflows" / name).read_text("utf-8")
    # One that works in the folder of its own runner needs something in that folder.
    project = finished(level) if "clean: false" in text else installed(level)
    path = project.path / ".github/workflows" / name
    excluded = {k: v for k, v in EXCLUDED.items() if f"name: {k}\n" in text}
    steps = run_workflow(path, tmp_path / path.stem, project.environment, excluded)
    failed = [step for step in steps if step.code]
    assert not failed, "\n".join(f"{step.name}: {step.output}" for step in failed)
    assert steps
