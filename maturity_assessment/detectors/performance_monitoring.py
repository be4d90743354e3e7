"""Performance over time, from labels that come after the predictions.

A library's or platform's monitor of quality, or code of one's own that joins what was predicted
with what happened and measures it by period. Evaluation once, on a held-out part, is none.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._findings import cite_call, conclude, weaken
from ._models import reach
from ._resources import cite_resources, cite_yaml

ADVICE = "Take in labels as they come, join them to the logged predictions, and measure by week."
PRONE = "High: code of one's own is known by its names."

LIBRARIES = (
    "nannyml.PerformanceCalculator*",
    "nannyml.*.PerformanceCalculator*",
    "sagemaker.*ModelQualityMonitor*",
    "evidently.*ClassificationPreset",
    "evidently.*RegressionPreset",
    "evidently.*ClassificationPerformance*",
    "evidently.*RegressionPerformance*",
    "azure.ai.ml.entities.ModelPerformance*",
    "*.create_model_quality_job_definition",
    "*.CfnModelQualityJobDefinition",
    "arize.*log_validation*",
)
NAMED = re.compile(
    r"(^|[/._])(truth|ground_?truth\w*|feedback\w*|actuals|realized_performance|outcomes"
    r"|(model_|monitor_|live_|online_|production_|track_"
    r"|measure_)?performance(_monitor\w*|_over_time)?"
    r"|monitor\w*)([/._]|$)",
    re.I,
)
LABELS = re.compile(
    r"(^|[^a-z])(labels?|truth|ground_truth|actuals?|feedback|outcomes?)([^a-z]|$)",
    re.I,
)
TIMES = re.compile(
    r"(period|window|month|week|by_day|daily|over_time|rolling|resample|since)", re.I
)
METRICS = re.compile(
    r"(accuracy|precision_|recall_|roc_auc|f1_score|mean_\w+_error|r2_score|log_loss|score)",
    re.I,
)


def detect(repository: Repository) -> Finding:
    """Look at monitors of quality, and at code under such names."""
    found = [
        cite_call(repository, call)
        for call in repository.python.calls(*LIBRARIES, without=("test", "docs"))
    ]
    found += own(repository)
    types = (
        "AWS::SageMaker::ModelQualityJobDefinition",
        "aws_sagemaker_model_quality_job_definition",
    )
    found += cite_resources(repository, *types)
    found += cite_yaml(repository, "type", r"^model_performance$")
    return conclude(
        "performance_monitoring",
        found,
        present="Performance is followed from labels that come later.",
        partial="Performance is followed, but only in a notebook or by code that nothing runs.",
        absent="Performance is not followed after the release.",
    )


def own(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of functions that measure labels by period."""
    unwanted = ("test", "docs", "notebook")
    for one in repository.python.definitions(kind="function", without=unwanted):
        place = f"{one.path.removesuffix('.py')}.{one.name}"
        if not NAMED.search(place):
            continue
        said = repository.passage(one.path, one.line, one.end)
        if not TIMES.search(said) or not METRICS.search(said):
            continue
        folder = one.path.rpartition("/")[0]
        near = {one.path} | {
            path
            for path, _ in reach(repository, [(one.path, one.name)])
            if path.startswith(folder)
        }
        known = any(LABELS.search(repository.read(path)) for path in near)
        if known and repository.python.operational(one.path, one.name):
            yield repository.cite(
                one.path, one.line, "ast", weaken(repository, one.path, Strength.STRONG)
            )
