"""What a prediction looks like in code, and whether a function comes to one."""

import re
from collections import deque
from collections.abc import Iterable

from maturity_assessment.scan.once import once
from maturity_assessment.scan.python import Call
from maturity_assessment.scan.repository import Repository

Node = tuple[str, str]  # path of the file, qualified name

PREDICTS = re.compile(
    r"(^|\.)(predict|predict_\w+|decision_function|infer|inference|run_inference|ModelInfer"
    r"|async_infer|score_rows|score_batch|recommend|transcribe|invoke_endpoint"
    r"|get_prediction\w*|make_prediction\w*|predict\w*_batch|kneighbors|score_samples)$"
)
# Words that many things are called by, and a model only where its owner says so.
OWNED = re.compile(
    r"(model|llm|pipe|pipeline|classifier|predictor|vllm|transformers|onnxruntime|session"
    r"|InferenceSession|encoder|embedder|SentenceTransformer|detector)\w*"
    r"\.(\w+\.)*(generate|run|transform|forward|encode|embed|detect|classify|__call__|chat)$",
    re.I,
)
NOT_MODELS = re.compile(r"^(mlflow|subprocess|typer|click|uvicorn|pytest|kfp)\.")
LOADS = re.compile(
    r"(^|\.)(load_model|load_pipeline|from_pretrained|InferenceSession|load_learner"
    r"|load_checkpoint|from_checkpoint|load_from_checkpoint|load_booster|spark_udf)$"
    r"|^(joblib|torch|torch\.jit|pickle|dill|cloudpickle)\.load$|^mlflow\.\w+\.load_model$"
    r"|^transformers\.pipeline$|^spacy\.load$|^(ultralytics\.)?YOLO$"
)
TRAINS = re.compile(r"(^|\.)(fit|fit_generator|partial_fit|train_on_batch|backward)$")


def is_prediction(call: Call) -> bool:
    """Whether a call asks a model for predictions."""
    if NOT_MODELS.match(call.name):
        return False
    return bool(PREDICTS.search(call.name) or OWNED.search(call.name))


def is_load(call: Call) -> bool:
    """Whether a call reads a model that was trained before."""
    return bool(LOADS.search(call.name))


@once
def calls_by_function(repository: Repository) -> dict[Node, list[Call]]:
    """Give the calls of every function, and those of each module's body under no name."""
    found: dict[Node, list[Call]] = {}
    for module in repository.python.modules.values():
        for call in module.calls:
            found.setdefault((call.path, call.function), []).append(call)
    return found


def reach(
    repository: Repository, starts: Iterable[Node], most: int = 2000
) -> set[Node]:
    """Give the functions that some functions may go through, bodies of modules left out."""
    seen = set(starts)
    waiting = deque(seen)
    while waiting and len(seen) < most:
        for node in repository.python.graph.following(waiting.popleft()):
            if node[1] and node not in seen:
                seen.add(node)
                waiting.append(node)
    return seen


def reached_calls(repository: Repository, starts: Iterable[Node]) -> list[Call]:
    """Give every call in the functions that some functions may go through."""
    known = calls_by_function(repository)
    reached = sorted(reach(repository, starts))
    return [call for node in reached for call in known.get(node, [])]
