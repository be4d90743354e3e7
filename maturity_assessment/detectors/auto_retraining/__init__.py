"""Training that starts by itself: on a schedule, on new data, or when something has drifted.

A workflow with a schedule whose command trains, a DAG with a schedule, a CronJob, a rule of
EventBridge, Cloud Scheduler, the schedules of Vertex AI, Azure ML, Kubeflow, Prefect, Dagster,
ZenML, Flyte, Metaflow and Databricks count where what they start trains. A workflow called
retrain that a person starts, a schedule of something else, and a learning rate's schedule are
nothing; a schedule that is only an example is half of it.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding
from maturity_assessment.scan.repository import Repository

from .._findings import cite_leaf, conclude, first_lines
from .._kept import is_kept
from .._training import how_it_trains
from .._triggers import find_conditions
from .code import dags, platforms
from .config import clusters, crontabs, declared, templates, terraform

ADVICE = "Give the training workflow a schedule, or let new data or an alarm start it."
PRONE = "Medium: a schedule that is set up in a platform by hand is not seen."


def detect(repository: Repository) -> Finding:
    """Look at workflows, DAGs, platforms, clusters, Terraform and conditions in code."""
    found = [*workflows(repository), *dags(repository), *platforms(repository)]
    found += [
        *declared(repository),
        *clusters(repository),
        *terraform(repository),
        *templates(repository),
    ]
    found += [*crontabs(repository), *find_conditions(repository)]
    return conclude(
        "auto_retraining",
        found,
        present="Training starts by itself.",
        partial=(
            "A schedule of training is only prepared: an example, or without its time."
        ),
        absent="Training starts only when somebody starts it.",
    )


def workflows(repository: Repository) -> Iterator[Evidence]:
    """Give the commands of workflows with a schedule that train."""
    leaves = [
        leaf
        for leaf in repository.commands.ci
        if leaf.starts_on("schedule")
        and how_it_trains(repository, leaf) in ("fit", "submit", "name")
    ]
    for leaf in first_lines([one for one in leaves if is_kept(repository, one)]):
        condition = " ".join(
            [
                leaf.job.condition if leaf.job else "",
                leaf.step.condition if leaf.step else "",
            ]
        )
        reasons = []
        if re.search(
            r"event_name\s*(==\s*'(?!schedule)|!=\s*'schedule')", condition
        ) and "schedule'" not in condition.replace("!= 'schedule'", ""):
            reasons.append("its condition leaves the schedule out")
        yield cite_leaf(repository, leaf, *reasons)
