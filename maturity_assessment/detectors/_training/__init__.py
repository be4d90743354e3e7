"""What trains a model: calls that fit one, calls and commands that hand it to a platform."""

import re

from maturity_assessment.scan.commands import Leaf
from maturity_assessment.scan.once import once
from maturity_assessment.scan.python import Call
from maturity_assessment.scan.repository import Repository

from .._called import called
from .words import (
    ACTION,
    CARRIERS,
    COMMANDS,
    FITS,
    NOT_RUN,
    OF_DVC,
    OF_ROWS,
    PREPARES,
    SUBMITS,
    TRAINERS,
    WORD,
)

Node = tuple[str, str]


def is_fit(call: Call) -> bool:
    """Whether a call that fits or trains something does so to a model."""
    owner, _, last = call.name.rpartition(".")
    holder = owner.rpartition(".")[2]
    if PREPARES.search(holder) or PREPARES.search(owner) and "." not in owner:
        return False
    if last == "train":
        return bool(TRAINERS.search(owner)) or bool(call.args[1:] or call.keywords)
    if last == "backward":
        return not call.args[1:]
    return bool(owner)


@once
def find_fits(repository: Repository) -> tuple[Call, ...]:
    """Give the calls that fit a model, those of tests and notebooks included."""
    calls = repository.python.calls(*FITS, without=("docs", "generated"))
    return tuple(call for call in calls if is_fit(call))


@once
def find_submits(repository: Repository) -> tuple[Call, ...]:
    """Give the calls that hand a run to a platform."""
    return tuple(repository.python.calls(*SUBMITS, without=("docs", "generated")))


def is_source(repository: Repository, path: str) -> bool:
    """Whether a file is neither a test nor a notebook."""
    return not repository.python.modules[path].notebook and (
        "test" not in repository.files[path].classes
    )


@once
def training_nodes(repository: Repository) -> frozenset[Node]:
    """Give the functions of the project's source that fit a model."""
    fits = find_fits(repository)
    return frozenset(
        (call.path, call.function) for call in fits if is_source(repository, call.path)
    )


@once
def submitting_nodes(repository: Repository) -> frozenset[Node]:
    """Give the functions that hand a run to a platform."""
    return frozenset((call.path, call.function) for call in find_submits(repository))


def starts_of(repository: Repository, leaf: Leaf) -> set[Node]:
    """Give the functions that a command starts with."""
    found = set(repository.commands.dispatched(leaf))
    if leaf.script:
        found |= {(leaf.script, ""), (leaf.script, leaf.function or "")}
    return found


def reach_of(repository: Repository, starts: set[Node]) -> set[Node]:
    """Give what a run that starts there may go through."""
    return repository.python.graph.reach(starts) if starts else set()


def how_it_trains(repository: Repository, leaf: Leaf) -> str:
    """Say how a command trains: `fit` here, `submit` elsewhere, by its `name`, or not at all."""
    if set(leaf.args) & {"--help", "-h", "--version", "--dry-run", "--dry"}:
        return ""
    if leaf.tool in ("pytest", "unittest", "tox", "nox", "docker", "podman"):
        return how_tests_train(repository, leaf) if leaf.tool == "pytest" else ""
    if leaf.runs(*OF_DVC, *COMMANDS):
        return by_command(repository, leaf)
    starts = starts_of(repository, leaf)
    reached = reach_of(repository, starts)
    if reached & submitting_nodes(repository):
        return "submit"
    trains = reached & training_nodes(repository)
    if trains and trains & called(repository, starts, reached):
        return "fit"
    return by_name(leaf)


def by_command(repository: Repository, leaf: Leaf) -> str:
    """Judge a command that trains by what it is, or that repeats the stages of DVC."""
    if leaf.runs(*OF_DVC):
        return "fit" if stages_train(repository) else ""
    return "submit" if leaf.tool in ("az", "aws", "gcloud") else "fit"


@once
def stages_train(repository: Repository) -> bool:
    """Whether a stage of DVC trains, by its name or its command; so where no stage is seen."""
    paths = repository.find("dvc.yaml")
    names = [n for path in paths for n in repository.yaml(path).get("stages").keys()]
    if not names or any(map(named_training, names)):
        return True
    stages = [
        leaf for leaf in repository.commands.tasks if leaf.places[0].path in paths
    ]
    return any(how_it_trains(repository, one) for one in stages if one.tool != "dvc")


def by_name(leaf: Leaf) -> str:
    """Judge a command whose code is not seen by what it is called."""
    if "/" in leaf.tool or "@" in leaf.tool:
        return by_action(leaf)
    if "." in leaf.tool:  # a task of Azure Pipelines, or a module that is not seen
        last = leaf.tool.rpartition(".")[2]
        return (
            by_action(leaf)
            if leaf.step and leaf.step.uses
            else "name" * named_training(last)
        )
    words = [word for word in leaf.args if not word.startswith("-")]
    if leaf.tool == "python":
        script = next((w for w in words if w.endswith((".py", ".ipynb"))), "")
        return "name" if not leaf.script and named_training(script) else ""
    if leaf.tool in CARRIERS and named_training(leaf.text):
        return "" if NOT_RUN.search(" ".join(words[:3])) else "submit"
    return ""


def by_action(leaf: Leaf) -> str:
    """Judge an action or a task that a workflow uses."""
    if leaf.tool.startswith(("actions/", "./")) or "checkout" in leaf.tool:
        return ""
    if named_training(leaf.tool):
        return "submit"
    runs = re.search(r"run|pipeline|job|submit|invoke|repro", leaf.tool, re.I)
    platform = (
        ACTION.search(leaf.tool)
        or named_training(leaf.text)
        and ACTION.search(leaf.text)
    )
    return "submit" if runs and platform else ""


def named_training(text: str) -> bool:
    """Whether a text speaks of training as a thing to run."""
    bare = re.sub(r"(^|/)test_\w+", "", text)
    return bool(WORD.search(OF_ROWS.sub("", bare)))


def how_tests_train(repository: Repository, leaf: Leaf) -> str:
    """Say whether tests train: `submit` where they start a platform's run, else `test`."""
    paths = tested_paths(repository, leaf)
    whole = [
        path
        for path in paths
        if re.search(r"e2e|end_?to_?end|integration|system", path)
    ]
    if nodes_of(repository, whole) & submitting_nodes(repository):
        return "submit"
    inside = {(call.path, call.function) for call in find_fits(repository)}
    starts, reached = starts_in(repository, paths), nodes_of(repository, paths)
    trains = reached & inside
    return "test" * bool(trains and trains & called(repository, starts, reached))


def tested_paths(repository: Repository, leaf: Leaf) -> list[str]:
    """Give the files of tests that a call of pytest runs."""
    wanted = [w for w in leaf.args if not w.startswith("-")]
    return [
        path
        for path in repository.python.modules
        if "test" in repository.files[path].classes
        and path.startswith(f"{leaf.cwd}/" if leaf.cwd else "")
        and (not wanted or any(fixed(word) in path for word in wanted))
    ]


def fixed(word: str) -> str:
    """Give the part of a path that is known: before a variable, a pattern or a test's name."""
    return re.split(r"[$*]|::", word.strip("./"))[0].strip("/")


def nodes_of(repository: Repository, paths: list[str]) -> set[Node]:
    """Give what the tests of some files may go through."""
    return reach_of(repository, starts_in(repository, paths))


def starts_in(repository: Repository, paths: list[str]) -> set[Node]:
    """Give every function of some files, and their bodies."""
    modules = repository.python.modules
    return {(path, name) for path in paths for name in ("", *modules[path].definitions)}
