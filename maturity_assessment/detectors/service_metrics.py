"""Metrics or alerts of the service: Prometheus, statsd, CloudWatch, App Insights, OpenTelemetry.

In code that an entry point reaches, or in the settings of what collects them and raises the
alarm. Something that only reports errors, and one alarm on drift, are partial.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._broken import lacks
from ._findings import cite_call, cite_leaf, conclude, first_lines, weaken
from ._resources import cite_yaml, find_resources, read_yamls

ADVICE = (
    "Count requests, failures and seconds in the service, and raise an alarm on them."
)
PRONE = "Medium: what a platform measures by itself leaves no trace."

LIBRARIES = (
    "prometheus_client.*",
    "prometheus_fastapi_instrumentator.*",
    "starlette_exporter.*",
    "starlette_prometheus.*",
    "prometheus_flask_exporter.*",
    "aioprometheus.*",
    "django_prometheus.*",
    "falcon_prometheus.*",
    "flask_prometheus*",
    "statsd.*",
    "datadog.statsd.*",
    "datadog.initialize",
    "datadog_lambda.*",
    "ddtrace.*",
    "newrelic.agent.*",
    "elasticapm.*",
    "opentelemetry.instrumentation.*",
    "opentelemetry.metrics.*",
    "opentelemetry.sdk.metrics.*",
    "*.get_meter.*",
    "*Instrumentor.instrument*",
    "logfire.instrument_*",
    "applicationinsights.*",
    "opencensus.ext.azure.*",
    "azure.monitor.opentelemetry.*",
    "aws_lambda_powertools.Metrics*",
    "aws_lambda_powertools.metrics.*",
    "aws_embedded_metrics.*",
    "*.put_metric_data",
    "*.put_metric_alarm",
    "aws_cdk.*.create_alarm",
    "*.create_time_series",
    "google.cloud.monitoring_v3.*",
    "*.aws_cloudwatch.*Alarm",
    "*.aws_cloudwatch.Dashboard",
    "ray.util.metrics.*",
    "ray.serve.metrics.*",
    "bentoml.metrics.*",
    "bentoml.server.metrics.*",
)
REPORTERS = (
    "sentry_sdk.init",
    "rollbar.init",
    "bugsnag.configure",
    "raven.*Client",
    "airbrake.*",
)
INSIGHTS = (
    "enable_app_insights",
    "app_insights_enabled",
    "enable_application_insights",
)
ALARMS = re.compile(
    r"^(AWS::CloudWatch::(Alarm|Dashboard|CompositeAlarm)|aws_cloudwatch_(metric_alarm|dashboard"
    r"|composite_alarm)|google_monitoring_(alert_policy|dashboard|uptime_check\w*|slo)"
    r"|azurerm_(monitor_metric_alert|monitor_scheduled_query\w*|monitor_diagnostic\w*)"
    r"|Microsoft\.Insights/(metricAlerts|scheduledQueryRules|diagnosticSettings)"
    r"|datadog_monitor|datadog_dashboard|grafana_(dashboard|rule_group)|newrelic_\w*alert\w*"
    r"|google_logging_metric|aws_prometheus_\w+)$",
    re.I,
)
KINDS = (
    "ServiceMonitor",
    "PodMonitor",
    "PrometheusRule",
    "VMServiceScrape",
    "PodMonitoring",
)
COMMANDS = (
    "ddtrace-run",
    "opentelemetry-instrument",
    "newrelic-admin",
    "statsd_exporter",
)
# A workspace of Azure ML brings one along, whether or not a service reports to it.
WORKSPACES = re.compile(
    r"^(azurerm_application_insights|Microsoft\.Insights/components)$", re.I
)
OFF = re.compile(r"(drift|skew|data.?quality)", re.I)
# What watches the machine or itself, not the service.
NOT_SERVICES = re.compile(
    r"(prometheus|node|cadvisor|alertmanager|pushgateway|postgres|grafana|blackbox)",
    re.I,
)


def detect(repository: Repository) -> Finding:
    """Look at code, at the settings of collectors, and at alarms."""
    found = [
        *code(repository),
        *alarms(repository),
        *collectors(repository),
        *images(repository),
    ]
    return conclude(
        "service_metrics",
        found,
        present="The service is measured while it runs.",
        partial="Errors are reported, or one alarm watches drift; the service is not measured.",
        absent="Nothing measures the service.",
    )


def code(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of calls that count or instrument, and for less that report errors."""
    for call in repository.python.calls(*LIBRARIES, without=("test", "docs")):
        if not re.search(r"(\.parser\.|\.trace\.get_|Exception)", call.name):
            why = lacks(repository, call.path)
            yield cite_call(repository, call, *([why] if why else []))
    for call in repository.python.calls_with(INSIGHTS, without=("test", "docs")):
        if any(call.keywords.get(name) is True for name in INSIGHTS):
            yield cite_call(repository, call)
    for call in repository.python.calls(*REPORTERS, without=("test", "docs")):
        evidence = cite_call(repository, call)
        yield repository.cite(evidence.path, evidence.line, "ast", Strength.WEAK)
    leaves = [
        leaf
        for leaf in repository.commands.all
        if leaf.runs(*COMMANDS)
        or any(one.startswith("--statsd-host") for one in leaf.args)
    ]
    yield from (cite_leaf(repository, leaf) for leaf in first_lines(leaves))


def alarms(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of alarms and dashboards that templates declare."""
    for one in find_resources(repository):
        alone = WORKSPACES.match(one.type)
        if alone or ALARMS.match(one.type):
            drift = OFF.search(
                f"{one.name} {one.body if isinstance(one.body, dict) else ''}"
            )
            strength = Strength.WEAK if drift or alone else Strength.STRONG
            yield repository.cite(
                one.path, one.line, "config", weaken(repository, one.path, strength)
            )
    for manifest in repository.manifests:
        if manifest.kind in KINDS:
            strength = weaken(repository, manifest.path, Strength.STRONG)
            yield repository.cite(manifest.path, manifest.line, "config", strength)
    yield from cite_yaml(repository, "prometheus.io/scrape", "true")
    yield from cite_yaml(
        repository, "appInsightsEnabled", "^(true|yes|on)$", strength=Strength.STRONG
    )
    yield from cite_yaml(
        repository, "app_insights_enabled", "^(true|yes|on)$", strength=Strength.STRONG
    )


def collectors(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of Prometheus that asks a service, of its rules, and of dashboards."""
    for path, document in read_yamls(repository):
        for one in document.get("scrape_configs").each():
            name = one.get("job_name")
            if not NOT_SERVICES.search(name.text):
                yield repository.cite(
                    path, name.line, "config", weaken(repository, path, Strength.MEDIUM)
                )
        for group in document.get("groups").each():
            for rule in group.get("rules").each():
                if rule.get("alert") and rule.get("expr"):
                    line = rule.get("alert").line
                    strength = (
                        Strength.WEAK
                        if OFF.search(rule.get("expr").text)
                        else Strength.MEDIUM
                    )
                    yield repository.cite(
                        path, line, "config", weaken(repository, path, strength)
                    )
        if (
            document.get("receivers")
            and document.get("exporters")
            and document.get("service")
        ):
            yield repository.cite(
                path, 1, "config", weaken(repository, path, Strength.MEDIUM)
            )


def images(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of services of compose that export what a service counts."""
    pattern = r"(statsd[_-]exporter|graphite-statsd|datadog/agent|opentelemetry-collector|newrelic)"
    yield from cite_yaml(repository, "image", pattern, inside="services")
