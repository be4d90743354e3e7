"""Predictions of the service kept with their inputs, where they can be asked for later.

A platform's capture, a library's logger, or code of the service that writes each prediction to
a store, a stream or a journal. A line in the text log is none.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._broken import lacks
from ._findings import cite_call, conclude, weaken
from ._models import is_prediction, reached_calls
from ._resources import cite_yaml
from ._services import find_handlers

ADVICE = "Keep inputs, prediction, version, time and an id of each request in a store."
PRONE = "Medium: a proxy that keeps requests outside the repository is not seen."

CAPTURES = (
    "*.DataCaptureConfig",
    "azureml.*ModelDataCollector",
    "azureml.ai.monitoring.Collector",
    "azure.ai.ml.entities.DataCollector",
    "azure.ai.ml.entities.DeploymentCollection",
    "bentoml.monitor*",
    "arize.*.log",
    "whylogs.*.rolling*",
    "*.AutoCaptureConfigInput",
    "evidently.collector.*",
    "fiddler.*publish*",
    "aporia.*log*",
)
KEYWORDS = {
    "data_capture_config",
    "request_response_logging_config",
    "request_response_logging_sampling_rate",
    "predict_request_response_logging_config",
    "auto_capture_config",
    "enable_request_response_logging",
    "collect_model_data",
}
STORES = re.compile(
    r"\.(insert_one|insert_many|insert_rows\w*|put_item|put_record\w*|produce|send_and_wait|publish"
    r"|bulk_insert\w*|create_event|xadd|index_document|write_points|to_sql)$"
)
PLACES = re.compile(
    r"(^|[/._])(events?|event_?log|prediction_?(log|store|event|record)\w*"
    r"|inference_?log\w*|journal"
    r"|request_?(log|store)\w*|(log|save|store|record|persist"
    r"|write)_?(the_)?(prediction|inference|request)s?)([/._]|$)",
    re.I,
)
WRITES = re.compile(
    r"(^|\.)(write|execute\w*|insert\w*|append|extend|add|send|produce|put\w*"
    r"|writerow|commit|to_\w+)$"
)


def detect(repository: Repository) -> Finding:
    """Look at captures of platforms, and at what the service writes."""
    return conclude(
        "prediction_logging",
        [*captures(repository), *own(repository), *handlers(repository)],
        present="Predictions of the service are kept.",
        partial="Predictions are kept, but by code that no service reaches.",
        absent="Predictions of the service are not kept.",
    )


def captures(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of captures that a platform or library is told to make."""
    for call in repository.python.calls(*CAPTURES, without=("test", "docs")):
        yield cite_call(repository, call)
    for call in repository.python.calls_with(KEYWORDS, without=("test", "docs")):
        if KEYWORDS & {
            name for name, value in call.keywords.items() if value not in (False, None)
        }:
            yield cite_call(repository, call)
    yield from cite_yaml(repository, "data_collector", ".*", strength=Strength.MEDIUM)
    for one in repository.manifests:
        logger = one.body.get("spec", "predictor", "logger")
        if one.kind == "InferenceService" and logger:
            yield repository.cite(one.path, logger.line, "config", Strength.STRONG)


def own(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of functions of that name which the service reaches and which write."""
    unwanted = ("test", "docs")
    for one in repository.python.definitions(kind="function", without=unwanted):
        place = f"{one.path.removesuffix('.py')}.{one.name}"
        if not PLACES.search(place):
            continue
        if "service" not in repository.python.reached(one.path, one.name):
            continue
        calls = [
            call
            for call in repository.python.modules[one.path].calls
            if call.function == one.name
        ]
        if any(
            WRITES.search(call.name) for call in calls
        ) and "predict" in repository.read(one.path):
            why = lacks(repository, one.path)
            strength = weaken(repository, one.path, Strength.STRONG)
            yield repository.cite(
                one.path, one.line, "ast", strength, [why] if why else []
            )


def handlers(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of handlers that predict and put something into a store or a stream."""
    for handler in find_handlers(repository):
        calls = reached_calls(repository, [handler.node])
        store = next((call for call in calls if STORES.search(call.name)), None)
        if store is not None and any(map(is_prediction, calls)):
            strength = weaken(repository, store.path, Strength.MEDIUM)
            yield repository.cite(store.path, store.line, "ast", strength)
