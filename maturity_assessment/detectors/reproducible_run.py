"""A past run that can be rebuilt and is held against what it gave.

Code that restores a recorded run's code, data or parameters, trains again and compares the
result with a consequence counts where something runs it; so does CI that runs the pipeline
again and fails when its lock or its metrics change. A fixed seed, or a lock of a pipeline
alone, is half of it.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.python import Definition, Module
from maturity_assessment.scan.repository import Repository

from ._findings import cite_leaf, conclude, first_lines
from ._places import cite_at, source_modules

ADVICE = (
    "Record code, data and settings of each run, and let a command rebuild one and"
    " compare it."
)
PRONE = "Medium: it is recognised by names such as reproduce or rebuild."

NAMED = re.compile(
    r"(reproduc|rebuild_run|replay_run|rerun_experiment|bit_?identical|determinis(m|tic)_check"
    r"|verify_run|bundle_check)",
    re.I,
)
COMPARES = re.compile(
    r"(==|!=|isclose|allclose|tolerance|sha256|hash|digest|checksum|compare|diff)", re.I
)
SEED = re.compile(
    r"(seed_everything|manual_seed|use_deterministic_algorithms|set_seed\(|random\.seed\("
    r"|np\.random\.seed|set_random_seed|random_state)"
)


def detect(repository: Repository) -> Finding:
    """Look at code by its names, at checks in CI, and at seeds and locks."""
    return conclude(
        "reproducible_run",
        [*rebuilt(repository), *checked(repository), *half(repository)],
        present="A past run can be rebuilt, and is compared with what it gave.",
        partial=(
            "A run is fixed by a seed or a lock, but nothing proves that it can be"
            " repeated."
        ),
        absent="Nothing fixes a run, nor proves that it can be repeated.",
    )


def rebuilt(repository: Repository) -> Iterator[Evidence]:
    """Give the code that rebuilds a run and compares, with an error where it differs."""
    for module in source_modules(repository):
        whole = NAMED.search(module.path.rpartition("/")[2])
        named = [
            one
            for one in module.definitions.values()
            if one.kind == "function" and (whole or NAMED.search(one.short))
        ]
        text = repository.read(module.path)
        if not named or not COMPARES.search(text) or not any(module.raises.values()):
            continue
        live = next(
            (
                one
                for one in named
                if repository.python.operational(module.path, one.name)
            ),
            named[0],
        )
        if whole or compares(repository, module, live):
            yield cite_at(repository, module.path, live.line, live.name, strict=True)


def compares(repository: Repository, module: Module, one: Definition) -> bool:
    """Whether one function compares by itself and raises."""
    text = repository.passage(module.path, one.line, one.end)
    return bool(COMPARES.search(text)) and bool(module.raises.get(one.name))


def checked(repository: Repository) -> Iterator[Evidence]:
    """Give the commands of workflows that fail when a pipeline's lock or metrics change."""
    for workflow in repository.ci.workflows:
        for job in workflow.jobs:
            runs = " ".join(step.run for step in job.steps)
            if not re.search(r"dvc (repro|exp run)", runs):
                continue
            for step in job.steps:
                if re.search(
                    r"git diff --exit-code\S* .*dvc\.lock|git diff --exit-code|dvc"
                    r" status --.*quiet",
                    step.run,
                ):
                    yield repository.cite(
                        step.path,
                        step.run_line,
                        "workflow_step",
                        Strength.STRONG,
                        step.reasons,
                    )
    leaves = [
        leaf
        for leaf in repository.commands.ci
        if leaf.runs("reprozip", "repro-check", "guix time-machine")
    ]
    yield from (cite_leaf(repository, leaf) for leaf in first_lines(leaves))


def half(repository: Repository) -> Iterator[Evidence]:
    """Give seeds and locks."""
    for path in repository.find("dvc.lock"):
        yield repository.cite(path, 1, "config", Strength.WEAK)
    for module in source_modules(repository):
        found = SEED.search(repository.read(module.path))
        if found:
            line = repository.read(module.path).count("\n", 0, found.start()) + 1
            yield repository.cite(module.path, line, "ast", Strength.WEAK)
            return
