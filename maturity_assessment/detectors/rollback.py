"""A way back to the release or model before: one command, a job or a function to call.

What a cluster or a deployment does by itself when the new release fails is partial: nobody can
ask for it afterwards.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._entries import named
from ._findings import cite_leaf, conclude, first_lines, weaken
from ._resources import cite_yaml, find_resources

ADVICE = (
    "Give the way back a command of its own, and record who went back, when and why."
)
PRONE = "Medium: one that a platform offers by a click is not seen."

COMMANDS = (
    "kubectl rollout undo",
    "helm rollback",
    "argocd app rollback",
    "oc rollback",
    "oc rollout undo",
    "kubectl-argo-rollouts undo",
    "heroku rollback",
    "fly releases rollback",
    "gcloud app versions migrate",
    "az webapp deployment slot swap",
    "docker service rollback",
    "aws deploy stop-deployment",
    "eb restore",
)
WORDS = r"roll_?-?back|rollbacks?|revert_model|restore_previous|undo_release|previous_version"
JOBS = re.compile(r"(roll.?back|revert)", re.I)
ITSELF = re.compile(
    r"(circuit_breaker|auto_rollback|AutoRollback|rollbackOnFailure)", re.I
)


def detect(repository: Repository) -> Finding:
    """Look at commands, jobs and entries, and for less at what happens by itself."""
    leaves = [leaf for leaf in repository.commands.all if leaf.runs(*COMMANDS)]
    found = [cite_leaf(repository, leaf) for leaf in first_lines(leaves)]
    found += [*jobs(repository), *entries(repository), *itself(repository)]
    return conclude(
        "rollback",
        found,
        present="The release before comes back by one command or job.",
        partial="A release that fails is taken back by itself; nobody can ask for it.",
        absent="There is no way back.",
    )


def jobs(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of jobs that are named after it and do something."""
    for workflow in repository.ci.workflows:
        for job in workflow.jobs:
            if JOBS.search(job.id) and job.steps:
                yield repository.cite(
                    job.path, job.line, "workflow_step", Strength.STRONG, job.reasons
                )


def entries(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of what can be started under its name; a database's own is another thing."""
    for one in named(repository, WORDS):
        if "alembic" in one.words or "migration" in one.words:
            continue
        yield repository.cite(
            one.path, one.line, "ast", weaken(repository, one.path, Strength.STRONG)
        )


def itself(repository: Repository) -> Iterator[Evidence]:
    """Make weak evidence of releases that are taken back without being asked."""
    for one in find_resources(repository):
        if ITSELF.search(str(one.body) if isinstance(one.body, dict) else ""):
            yield repository.cite(one.path, one.line, "config", Strength.WEAK)
    for leaf in first_lines(
        [leaf for leaf in repository.commands.ci if leaf.runs("helm upgrade")]
    ):
        if "--atomic" in leaf.args:
            yield cite_leaf(repository, leaf, strength=Strength.WEAK)
    yield from cite_yaml(
        repository, "autoRollbackOnFailure", "true", strength=Strength.WEAK
    )
