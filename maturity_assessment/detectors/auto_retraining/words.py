"""The words and calls by which training is put on a schedule."""

import re

from .._training.words import WORD

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
