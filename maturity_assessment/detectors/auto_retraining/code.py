"""Schedules that code asks for: of DAGs, flows and the SDKs of platforms."""

import re
from collections.abc import Iterator
from typing import Any

from maturity_assessment.evidence import Evidence, Strength
from maturity_assessment.scan.python import Call
from maturity_assessment.scan.repository import Repository

from .._pipelines import find_pipelines
from .._places import cite_use, source_modules
from .._training import reach_of, submitting_nodes, training_nodes
from .words import DEPLOYED, OFF, SCHEDULES, TRAINING


def dags(repository: Repository) -> Iterator[Evidence]:
    """Give the DAGs of Airflow and flows of Metaflow with a schedule, if they train."""
    for call in repository.python.calls(
        "airflow.*DAG", "airflow.*dag", "DAG", without=("test",)
    ):
        given = [
            repository.python.value(call, call.keywords.get(n))
            for n in ("schedule", "schedule_interval", "timetable")
        ]
        set_ = [one for one in given if not off(one)]
        if set_ and trains(repository, call):
            yield cite_use(repository, call)
    for module in source_modules(repository):
        for one in module.definitions.values():
            if any(
                re.search(r"metaflow\.\S*(schedule|trigger(_on_finish)?)$", d)
                for d in one.decorators
            ):
                yield repository.cite(module.path, one.line, "ast", Strength.STRONG)


def off(value: Any) -> bool:
    """Whether a schedule is none."""
    return isinstance(value, (type(None), str)) and value in OFF


def trains(repository: Repository, call: Call) -> bool:
    """Whether what is declared beside a call trains: by steps, words, or what it reaches."""
    module = repository.python.modules[call.path]
    declared = [one for one in find_pipelines(repository) if one.path == call.path]
    if any(TRAINING.search(step) for one in declared for step in one.steps):
        return True
    text = " ".join(repository.lines(call.path)[max(0, call.line - 4) : call.line + 12])
    if TRAINING.search(re.sub(r"pretrained|train_test_split|training_data", "", text)):
        return True
    starts = {(call.path, name) for name in ("", call.function, *module.definitions)}
    return bool(
        reach_of(repository, starts)
        & (training_nodes(repository) | submitting_nodes(repository))
    )


def platforms(repository: Repository) -> Iterator[Evidence]:
    """Give the schedules that code asks of a platform, if what they start trains."""
    for call in repository.python.calls(*SCHEDULES, without=("test", "notebook")):
        if trains(repository, call):
            yield cite_use(repository, call)
    for call in repository.python.calls(*DEPLOYED, without=("test", "notebook")):
        when = [
            call.keywords.get(n)
            for n in ("cron", "interval", "schedule", "schedules", "rrule")
        ]
        if any(one is not None for one in when) and trains(repository, call):
            yield cite_use(repository, call)
