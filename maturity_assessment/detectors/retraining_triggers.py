"""A retraining that what happened asks for: drift, worse performance, age, or new data.

A condition in code, or of a job, on one of these, from which a training starts or is handed
to a platform, counts where something runs it. A calendar alone is `auto_retraining`; an alarm
that only tells a person is nothing here.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._findings import conclude
from ._triggers import find_conditions

ADVICE = (
    "Let drift, a fall in performance or enough new labels start the training pipeline."
)
PRONE = (
    "Medium: a rule that lives in a platform, or in names that say nothing, is not"
    " seen."
)


def detect(repository: Repository) -> Finding:
    """Look at conditions in code and workflows, and at alarms that start a pipeline."""
    return conclude(
        "retraining_triggers",
        [*find_conditions(repository), *alarms(repository)],
        present="What happens to the data or the model starts a retraining.",
        partial="A rule for retraining exists, but nothing runs it.",
        absent="No retraining is started by what happens to the data or the model.",
    )


def alarms(repository: Repository) -> Iterator[Evidence]:
    """Give the rules of Terraform that start a pipeline on an alarm or an event of monitoring."""
    for block in repository.blocks:
        if block.type == "aws_cloudwatch_event_rule" and "event_pattern" in block.body:
            said = str(block.body["event_pattern"])
            if re.search(r"alarm|monitor|drift", said, re.I) and re.search(
                r"train|pipeline", repository.read(block.path), re.I
            ):
                yield repository.cite(block.path, block.line, "config", Strength.STRONG)
