"""A model judged on rows it has not seen, with the numbers kept.

Code that computes a metric of predictions, or asks a framework to evaluate, and keeps it in a
file, a tracker or a plot counts. What is only printed, or only in a notebook, is half of it.
"""

import re

from maturity_assessment.evidence import Evidence, Finding
from maturity_assessment.scan.once import once
from maturity_assessment.scan.python import Call, Module
from maturity_assessment.scan.repository import Repository

from ._findings import conclude
from ._places import cite_use, source_modules

ADVICE = (
    "Score the model on held-out rows in a script, and write the metrics and plots to"
    " files."
)
PRONE = "Medium: metrics written by hand from arithmetic are not recognised."

METRICS = (
    "sklearn.metrics.*",
    "torchmetrics.*",
    "*.classification_report",
    "*.confusion_matrix",
    "*.accuracy_score",
    "*.roc_auc_score",
    "*.mean_squared_error",
    "*.mean_absolute_error",
    "*.r2_score",
    "*.f1_score",
    "evaluate.load",
    "*.model.evaluate",
    "*.compile_metrics",
    "*.trainer.test",
    "*.Trainer.test",
    "*.Trainer.evaluate",
    "*.Evaluator",
    "mlflow.evaluate",
    "mlflow.models.evaluate",
    "*.Evaluator.evaluate",
    "seqeval.metrics.*",
    "*.precision_recall_fscore_support",
    "sacrebleu.*",
    "*.word_error_rate",
    "jiwer.*",
    "pycocotools.*COCOeval",
)
KEEPS = re.compile(
    r"(\.dump|json\.dumps?|yaml\.\w*dump|\.to_(csv|json|parquet|html|excel)|\.write(_text"
    r"|_json|lines|row)?|savefig|save_?\w*"
    r"|write_\w+|log_(metrics?|artifacts?|dict|figure|image|table|summary|param)\w*|\.log"
    r"|Live|report|\.add_scalar|\.put_metric_data|next_step)$",
    re.I,
)

# Frameworks that log what they evaluate.
SELF_KEEPING = re.compile(r"^mlflow\.|(trainer|Trainer)\.(test|evaluate)$|\.Evaluator$")


def detect(repository: Repository) -> Finding:
    """Look at what computes metrics, and whether something keeps them."""
    calls = repository.python.calls(*METRICS, without=("test", "docs"))
    return conclude(
        "evaluation_report",
        [cite(repository, call) for call in calls],
        present="Metrics of the model are computed and kept.",
        partial="Metrics are computed, but only printed, or only in a notebook.",
        absent="Nothing judges the model.",
    )


def cite(repository: Repository, call: Call) -> Evidence:
    """Make evidence of a metric, weak where its module keeps nothing."""
    kept = keeps(repository.python.modules[call.path])
    kept = kept or call.path in kept_by_others(repository)
    kept = kept or bool(SELF_KEEPING.search(call.name))
    return cite_use(repository, call, weak=not kept)


def keeps(module: Module) -> bool:
    """Whether a module writes something down."""
    return any(KEEPS.search(one.name) for one in module.calls)


@once
def kept_by_others(repository: Repository) -> frozenset[str]:
    """Give the files that a module of the source imports which writes something down."""
    found: set[str] = set()
    for module in source_modules(repository):
        if keeps(module):
            found |= used_by(repository, module.path)
    return frozenset(found)


def used_by(repository: Repository, path: str) -> set[str]:
    """Give the files that a module imports."""
    folder = path.rpartition("/")[0]
    return {
        repository.python.resolver.split(dotted, folder)[0]
        for dotted in repository.python.modules[path].imports
    }
