"""Training that starts by itself: on a schedule, on new data, or when something has drifted.

A workflow with a schedule whose command trains, a DAG with a schedule, a CronJob, a rule of
EventBridge, Cloud Scheduler, the schedules of Vertex AI, Azure ML, Kubeflow, Prefect, Dagster,
ZenML, Flyte, Metaflow and Databricks count where what they start trains. A workflow called
retrain that a person starts, a schedule of something else, and a learning rate's schedule are
nothing; a schedule that is only an example is half of it.
"""

import re
from collections.abc import Iterator
from typing import Any

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.python import Call
from maturity_assessment.scan.repository import Repository

from ._findings import cite_leaf, conclude, first_lines, weaken
from ._kept import is_kept
from ._pipelines import find_pipelines
from ._places import cite_use, source_modules
from ._training import WORD, how_it_trains, reach_of, submitting_nodes, training_nodes
from ._triggers import find_conditions

ADVICE = "Give the training workflow a schedule, or let new data or an alarm start it."
PRONE = "Medium: a schedule that is set up in a platform by hand is not seen."

TRAINING = re.compile(
    WORD.pattern
    + r"|[Ss]age[Mm]aker.{0,40}[Pp]ipeline|ml[-_]?pipeline|[Mm]odel[-_]?[Bb]uild"
)
SCHEDULES = (
    "*.PipelineJobSchedule*",
    "google.cloud.aiplatform.*.create_schedule",
    "*.create_schedule",
    "*.create_recurring_run",
    "azureml.pipeline.*Schedule.create*",
    "azureml.*ScheduleRecurrence",
    "azure.ai.ml.entities.*Schedule",
    "*.JobSchedule",
    "*.schedules.begin_create_or_update",
    "dagster.ScheduleDefinition",
    "dagster.*build_schedule_from_partitioned_job",
    "dagster.schedule",
    "dagster.sensor",
    "dagster.*AutomationCondition*",
    "zenml.*Schedule",
    "flytekit.*CronSchedule",
    "flytekit.*FixedRate",
    "*.CronSchedule",
    "*.IntervalSchedule",
    "*.CronTrigger",
    "*.PipelineSchedule",
    "*.put_schedule",
    "aws_cdk.*events.Rule",
    "aws_events.Rule",
    "aws_cdk.*events_targets.SageMaker*",
    "*.BlockingScheduler*.add_job",
    "*.BackgroundScheduler*.add_job",
    "*.AsyncIOScheduler*.add_job",
    "schedule.every.*",
    "*.put_rule",
    "modal.Cron",
    "modal.Period",
)
DEPLOYED = (
    "*.serve",
    "*.deploy",
    "*.Deployment.build_from_flow",
    "*.to_deployment",
    "prefect.deployments.Deployment*",
)
RULES = (
    "aws_cloudwatch_event_rule",
    "aws_scheduler_schedule",
    "google_cloud_scheduler_job",
    "azurerm_logic_app_trigger_recurrence",
    "databricks_job",
    "google_vertex_ai_schedule",
)
WHEN = ("schedule", "schedule_expression", "event_pattern")
OFF = (None, "None", "@once", "")


def detect(repository: Repository) -> Finding:
    """Look at workflows, DAGs, platforms, clusters, Terraform and conditions in code."""
    found = [*workflows(repository), *dags(repository), *platforms(repository)]
    found += [*clusters(repository), *terraform(repository), *templates(repository)]
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
