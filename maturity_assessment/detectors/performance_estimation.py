"""Performance estimated from the model's own chances while the labels are not yet there.

A library's estimator (CBPE, DLE), or code of one's own that calibrates chances and gives the
metrics to expect. Evaluation on labelled rows is another thing.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._findings import cite_call, conclude, weaken

ADVICE = (
    "Calibrate the chances on held-out rows, and report the accuracy that they promise."
)
PRONE = "High: an estimator of one's own is known by its name."

LIBRARIES = (
    "nannyml.CBPE*",
    "nannyml.DLE*",
    "nannyml.*.CBPE*",
    "nannyml.*.DLE*",
    "*.estimate_performance",
    "garak.*estimate*",
    "popmon.*estimate*",
)
NAMED = re.compile(
    r"(^|[._])(cbpe|dle|estimate_(performance|accuracy|auc|metrics?|f1)"
    r"|estimated_(performance|accuracy)"
    r"|expected_(accuracy|auc|performance|f1)|estimate)$",
    re.I,
)
CALIBRATES = re.compile(
    r"(IsotonicRegression|CalibratedClassifierCV|calibrat|isotonic)", re.I
)
METRICS = re.compile(r"(accuracy|auc|log_loss|f1|brier|precision)", re.I)


def detect(repository: Repository) -> Finding:
    """Look at libraries and at functions of such a name that calibrate."""
    calls = repository.python.calls(*LIBRARIES, without=("test", "docs"))
    return conclude(
        "performance_estimation",
        [*[cite_call(repository, call) for call in calls], *own(repository)],
        present="Performance is estimated before the labels come.",
        partial="Performance is estimated, but only in a notebook or by code that nothing runs.",
        absent="Performance is not estimated before the labels come.",
    )


def own(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of functions that turn calibrated chances into metrics."""
    for one in repository.python.definitions(kind="function", without=("test",)):
        if not NAMED.search(one.name):
            continue
        module = repository.python.modules[one.path]
        names = " ".join(
            [
                *module.definitions,
                *module.imports,
                *[call.name for call in module.calls],
            ]
        )
        said = " ".join(repository.lines(one.path)[one.line - 1 : one.end])
        if CALIBRATES.search(names) and METRICS.search(said) and not module.notebook:
            reached = repository.python.operational(one.path, one.name)
            strength = Strength.STRONG if reached else Strength.WEAK
            yield repository.cite(
                one.path, one.line, "ast", weaken(repository, one.path, strength)
            )
