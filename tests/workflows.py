"""Run the `run:` steps of a GitHub workflow on this machine, each job in a fresh clone.

As GitHub does: matrix, `env`, `if`, GITHUB_ENV, GITHUB_OUTPUT, GITHUB_STEP_SUMMARY, bash
with `-eo pipefail`. Actions (`uses:`) are passed over; the checkout is the clone. What is
not understood is an error, never a step that silently did something else.
"""

import itertools
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

JOB_KEYS = (
    "concurrency env environment if name needs outputs permissions runs-on steps strategy "
    "timeout-minutes"
)
STEP_KEYS = "env id if name run uses with"
FILES = ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")
# Names that GitHub holds to be empty when nobody has set them.
MAY_BE_UNSET = re.compile(r"(secrets|vars|inputs|env|steps\.[\w-]+\.outputs)\.[\w-]+")


class NotUnderstood(Exception):
    """The workflow uses something that this runner does not do as GitHub does."""


class Step(NamedTuple):
    """A step that ran: its job and name, its exit code, and what it printed."""

    job: str
    name: str
    code: int
    output: str


def evaluate(text: str, known: dict[str, str]) -> str:
    """Give the value of an expression without parentheses; empty is false."""
    for operator in ("||", "&&", "!=", "=="):
        if operator in text:
            left, right = (evaluate(part, known) for part in text.split(operator, 1))
            if operator in ("||", "&&"):
                return (left or right) if operator == "||" else (left and right)
            return "true" if (left == right) == (operator == "==") else ""
    text = text.strip()
    if text.startswith("!"):
        return "" if evaluate(text[1:], known) else "true"
    if re.fullmatch(r"'[^']*'|\d+|true|false", text):
        return "" if text == "false" else text.strip("'")
    if text not in known and not MAY_BE_UNSET.fullmatch(text):
        raise NotUnderstood(f"the expression {text}")
    return known.get(text, "")


def fill(value: object, known: dict[str, str]) -> str:
    """Replace every `${{ expression }}` of a value of the workflow."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return re.sub(r"\$\{\{(.*?)\}\}", lambda found: evaluate(found[1], known), text)


def fill_env(block: dict[str, Any], known: dict[str, str]) -> dict[str, str]:
    """Give the variables that a workflow, a job or a step sets."""
    return {name: fill(value, known) for name, value in block.get("env", {}).items()}


def refuse_strange(block: dict[str, Any], keys: str) -> None:
    """Raise for a key that this runner would pass over."""
    if strange := set(block) - set(keys.split()):
        raise NotUnderstood(f"the keys {sorted(strange)}")


def is_wanted(block: dict[str, Any], known: dict[str, str]) -> bool:
    """Tell whether `if` lets it run; without a word on failures, success is meant."""
    condition = (
        str(block.get("if", "success()")).strip().removeprefix("${{").removesuffix("}}")
    )
    if not re.search(r"(success|failure|always|cancelled)\(\)", condition):
        return bool(known["success()"] and evaluate(condition, known))
    return bool(evaluate(condition, known))


def rows(job: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Give each combination of the job's matrix, by the names of expressions."""
    matrix = job.get("strategy", {}).get("matrix", {})
    if {"include", "exclude"} & set(matrix):
        raise NotUnderstood("include or exclude in a matrix")
    for values in itertools.product(*matrix.values()):
        yield {f"matrix.{name}": fill(one, {}) for name, one in zip(matrix, values)}


def read_told(path: Path, prefix: str) -> dict[str, str]:
    """Give the `name=value` lines that steps wrote for the runner."""
    pairs = (line.partition("=") for line in path.read_text("utf-8").splitlines())
    return {f"{prefix}{name}": value for name, _, value in pairs}


def run_steps(
    job: dict[str, Any],
    folder: Path,
    environment: dict[str, str],
    known: dict[str, str],
) -> Iterator[Step]:
    """Run a job's scripts in order; after a failure only those that ask for it."""
    files = {name: folder / name for name in FILES}
    shell = environment | {name: str(path) for name, path in files.items()}
    for step in job["steps"]:
        refuse_strange(step, STEP_KEYS)
        if "run" not in step or not is_wanted(step, known):
            continue
        for path in (files["GITHUB_OUTPUT"], files["GITHUB_STEP_SUMMARY"]):
            path.write_text("", "utf-8")
        done = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", fill(step["run"], known)],
            cwd=folder / "work",
            env=shell | read_told(files["GITHUB_ENV"], "") | fill_env(step, known),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        yield Step(
            folder.name, step.get("name", step["run"]), done.returncode, done.stdout
        )
        known |= read_told(files["GITHUB_ENV"], "env.")
        known |= read_told(files["GITHUB_OUTPUT"], f"steps.{step.get('id')}.outputs.")
        if done.returncode:
            known |= {"success()": "", "failure()": "true"}


def run_job(
    job: dict[str, Any],
    folder: Path,
    environment: dict[str, str],
    known: dict[str, str],
) -> Iterator[Step]:
    """Run a job on each row of its matrix, each time in a new clone of the project.

    A job that checks out with `clean: false` finds what earlier jobs left on its runner:
    here, what the project's owner has made.
    """
    for row in rows(job):
        state = known | row | {"success()": "true", "failure()": "", "always()": "true"}
        refuse_strange(job, JOB_KEYS)
        mine = fill_env(job, state)
        state |= {f"env.{name}": value for name, value in mine.items()}
        if is_wanted(job, state):
            place = folder / " ".join([folder.name, *row.values()])
            place.mkdir()
            (place / "GITHUB_ENV").touch()
            source, target = known["github.workspace"], str(place / "work")
            if any(s.get("with", {}).get("clean") is False for s in job["steps"]):
                shutil.copytree(source, target, symlinks=True)
            else:
                clone = ["git", "clone", "--quiet", source, target]
                subprocess.run(clone, env=environment, check=True)
            yield from run_steps(job, place, environment | mine, state)


def leave_out(jobs: dict[str, Any], excluded: dict[str, str]) -> None:
    """Drop the steps of these names; a name that no step has is an error."""
    for name in excluded:
        found = [
            job
            for job in jobs.values()
            if any(s.get("name") == name for s in job["steps"])
        ]
        if not found:
            raise NotUnderstood(f"the excluded step {name}, which does not exist")
        for job in found:
            job["steps"] = [step for step in job["steps"] if step.get("name") != name]


def run_workflow(
    path: Path,
    folder: Path,
    environment: dict[str, str],
    excluded: dict[str, str],
    event: str = "push",
) -> list[Step]:
    """Run every job of a workflow of a committed project, and give the steps that ran.

    `excluded` holds the names of the steps to leave out, each with the reason.
    """
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    known = {
        "github.event_name": event,
        "github.ref": "refs/heads/main",
        "github.workflow": content["name"],
        "github.workspace": str(path.parents[2]),
        "runner.os": "Linux",
    }
    shared = fill_env(content, known)
    known |= {f"env.{name}": value for name, value in shared.items()}
    leave_out(content["jobs"], excluded)
    steps: list[Step] = []
    for name, job in content["jobs"].items():
        (folder / name).mkdir(parents=True)
        clean = environment | shared | {"CI": "true", "GITHUB_ACTIONS": "true"}
        steps += run_job(job, folder / name, clean, dict(known))
    return steps
