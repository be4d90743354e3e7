"""Schedules that files declare: of platforms, clusters, Terraform, CloudFormation, cron."""

import re
from collections.abc import Iterator
from typing import Any

from maturity_assessment.evidence import Evidence, Strength
from maturity_assessment.scan.repository import Repository

from .._findings import weaken
from .._pipelines import find_pipelines
from .words import RULES, TRAINING, WHEN


def declared(repository: Repository) -> Iterator[Evidence]:
    """Give the schedules that files of platforms declare."""
    for path in repository.find(
        "prefect.y*ml",
        "databricks.y*ml",
        "**/resources/*.y*ml",
        "*.y*ml",
        without=("docs", "test"),
    ):
        yield from by_yaml(repository, path)


def by_yaml(repository: Repository, path: str) -> Iterator[Evidence]:
    """Give the schedules that one file of a platform declares, if it speaks of training."""
    if path.startswith((".github/", ".gitlab", ".circleci/")):
        return
    text = repository.read(path)
    if not re.search(
        r"cron|schedule|quartz|periodic|file_arrival", text
    ) or not TRAINING.search(text):
        return
    root = repository.yaml(path)
    for part in [*root.get("deployments").each()]:
        when = part.any("schedule", "schedules", "cron")
        if (when.text or when.each() or when.items()) and TRAINING.search(said(part)):
            every = when.each() or [when]
            paused = all(one.get("active").is_false for one in every)
            strength = weaken(repository, path, Strength.STRONG)
            reasons = ["it is not active"] if paused else []
            yield repository.cite(path, when.line, "config", strength, reasons)
    jobs = root.get("resources", "jobs").items()
    for _, target in root.get("targets").items():
        jobs += target.get("resources", "jobs").items()
    for name, job in jobs:
        when = job.any("schedule", "trigger", "continuous")
        paused = when.get("pause_status").text.upper() == "PAUSED"
        if when and TRAINING.search(f"{name} {said(job)}"):
            reasons = ["it is paused"] if paused else []
            yield repository.cite(path, when.line, "config", Strength.STRONG, reasons)
    azure = root.get("trigger", "type").text in ("cron", "recurrence") and root.get(
        "create_job"
    )
    if azure:
        yield cite_value(repository, path, root.key_line("trigger"))


def said(value: Any) -> str:
    """Give the texts below a value, with their keys."""
    return " ".join(f"{key} {one.text}" for key, one in value.walk())


def cite_value(repository: Repository, path: str, line: int) -> Evidence:
    """Make evidence of a line of configuration; an example is weak."""
    return repository.cite(
        path, line, "config", weaken(repository, path, Strength.STRONG)
    )


def clusters(repository: Repository) -> Iterator[Evidence]:
    """Give the CronJobs and scheduled workflows of a cluster that train."""
    for one in repository.manifests:
        if one.kind in (
            "CronJob",
            "CronWorkflow",
            "ScheduledWorkflow",
            "ScheduledSparkApplication",
        ):
            if TRAINING.search(f"{one.name} {said(one.body)}"):
                suspended = one.body.get("spec", "suspend").is_true
                reasons = ["it is suspended"] if suspended else []
                yield repository.cite(
                    one.path,
                    one.line,
                    "config",
                    weaken(repository, one.path, Strength.STRONG),
                    reasons,
                )


def terraform(repository: Repository) -> Iterator[Evidence]:
    """Give the schedules of Terraform whose resource or file speaks of training."""
    for block in repository.blocks:
        if block.kind != "resource" or block.type not in RULES:
            continue
        when = next((block.body[key] for key in WHEN if key in block.body), None)
        text = f"{block.path} {block.labels} {block.body} {repository.read(block.path)}"
        if when is None or not (
            TRAINING.search(text) or starts_pipeline(repository, text)
        ):
            continue
        literal = isinstance(when, str) and not when.startswith(
            ("${", "var.", "each.", "local.")
        )
        strength = (
            Strength.STRONG
            if literal or isinstance(when, (list, dict))
            else given(repository, str(when))
        )
        yield repository.cite(block.path, block.line, "config", strength)


def starts_pipeline(repository: Repository, text: str) -> bool:
    """Whether infrastructure starts pipelines, in a repository whose pipelines train."""
    if not re.search(r"pipeline", text, re.I):
        return False
    return any(
        TRAINING.search(f"{one.path} {' '.join(one.steps)}")
        for one in find_pipelines(repository)
    )


def given(repository: Repository, reference: str) -> Strength:
    """Say how far a schedule counts that a variable gives: only with a value in the tree."""
    name = re.sub(r"[${}]", "", reference).split(".")
    if name[0] == "var" and len(name) > 1:
        for block in repository.blocks:
            if (
                block.kind == "variable"
                and block.type == name[1]
                and block.body.get("default") not in ("", "null", None)
            ):
                return Strength.MEDIUM
    if any(
        "schedule" in repository.read(path)
        for path in repository.find("*.tfvars", "*.tfvars.json", without=("example",))
    ):
        return Strength.MEDIUM
    return Strength.WEAK


def templates(repository: Repository) -> Iterator[Evidence]:
    """Give the schedules of CloudFormation whose template speaks of training."""
    for path in repository.find(
        "*.y*ml", "*.template", "*.json", without=("test", "docs")
    ):
        if repository.files[path].size > 300_000:
            continue
        text = repository.read(path)
        if (
            "AWS::Events::Rule" in text
            or "AWS::Scheduler::Schedule" in text
            or re.search(r"Type:\s*Schedule\b", text)
        ):
            if TRAINING.search(text) and re.search(
                r"(cron|rate)\s*\(|EventPattern", text
            ):
                line = next(
                    (
                        n
                        for n, t in enumerate(text.splitlines(), 1)
                        if re.search(r"(cron|rate)\s*\(|EventPattern", t)
                    ),
                    1,
                )
                yield cite_value(repository, path, line)


def crontabs(repository: Repository) -> Iterator[Evidence]:
    """Give the lines of a crontab that train."""
    for path in repository.find(
        "crontab", "*.crontab", "*.cron", "crontab.txt", "**/cron.d/*"
    ):
        for number, line in enumerate(repository.lines(path), 1):
            if re.match(
                r"\s*(@\w+|[\d*/,-]+(\s+[\d*/,-]+){4})\s", line
            ) and TRAINING.search(line):
                yield cite_value(repository, path, number)
