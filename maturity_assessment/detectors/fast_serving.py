"""A service that is made to be fast: it answers from a compiled graph, or in batches of requests.

An inference runtime or a model server that the service reaches, or batching of requests in it.
A load test alone is partial: it measures speed and makes none.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._broken import lacks
from ._findings import cite_call, cite_leaf, conclude, first_lines, weaken
from ._resources import cite_yaml

ADVICE = "Answer from an exported graph, gather requests into batches, and load test the service."
PRONE = "Medium: a service in a faster language is not seen."

RUNTIMES = (
    "onnxruntime.InferenceSession",
    "tensorrt.*",
    "openvino.*",
    "tritonclient.*",
    "vllm.*",
    "ctranslate2.*",
    "llama_cpp.*",
    "*.ORTModel*.from_pretrained",
    "treelite.*",
    "tensorflow.lite.Interpreter",
    "tflite_runtime.*",
    "torch.jit.load",
    "torch.compile",
)
BATCHING = ("ray.serve.batch", "pytriton.*.DynamicBatcher", "litserve.LitServer")
NAMED = re.compile(
    r"(^|[/._])(micro_?batch\w*|dynamic_?batch\w*|batching|request_?batch\w*"
    r"|Batches|batcher)([/._]|$)",
    re.I,
)
SERVERS = (
    "tritonserver",
    "torchserve",
    "vllm serve",
    "tensorflow_model_server",
    "text-generation-launcher",
    "mlserver start",
    "vllm.entrypoints.openai.api_server",
)
LOADS = (
    "locust",
    "k6 run",
    "wrk",
    "hey",
    "vegeta",
    "ab",
    "artillery run",
    "oha",
    "bombardier",
    "ghz",
)


def detect(repository: Repository) -> Finding:
    """Look at runtimes and batching that the service reaches, at servers, and at load tests."""
    return conclude(
        "fast_serving",
        [*runtimes(repository), *servers(repository), *load_tests(repository)],
        present="The service answers from a runtime made for it, or in batches.",
        partial="Speed is measured, or a runtime is there that no service reaches.",
        absent="Nothing makes the service fast.",
    )


def runtimes(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of runtimes and batching, strong only where a service reaches them."""
    python = repository.python
    for call in python.calls(*RUNTIMES, *BATCHING, without=("test", "docs")):
        served = "service" in python.reached(call.path, call.function)
        evidence = cite_call(repository, call)
        why = lacks(repository, call.path)
        strength = evidence.strength if served else Strength.WEAK
        yield repository.cite(
            call.path, evidence.line, evidence.kind, strength, [why] if why else []
        )
    for one in python.definitions(kind="class"):
        place = f"{one.path.removesuffix('.py')}.{one.name}"
        if NAMED.search(place) and "service" in python.reached(one.path, one.name):
            why = lacks(repository, one.path)
            yield repository.cite(
                one.path,
                one.line,
                "ast",
                weaken(repository, one.path, Strength.MEDIUM),
                [why] if why else [],
            )


def servers(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of model servers by command, settings and image."""
    leaves = [leaf for leaf in repository.commands.all if leaf.runs(*SERVERS)]
    yield from (cite_leaf(repository, leaf) for leaf in first_lines(leaves))
    for path in repository.find("config.pbtxt"):
        if repository.read(path).strip():
            yield repository.cite(
                path, 1, "config", weaken(repository, path, Strength.MEDIUM)
            )
    pattern = (
        r"(tensorflow/serving|tritonserver|pytorch/torchserve|vllm/vllm"
        r"|text-generation-inference)"
    )
    yield from cite_yaml(repository, "image", pattern)


def load_tests(repository: Repository) -> Iterator[Evidence]:
    """Make weak evidence of load tests."""
    leaves = [leaf for leaf in repository.commands.all if leaf.runs(*LOADS)]
    yield from (
        cite_leaf(repository, leaf, strength=Strength.WEAK)
        for leaf in first_lines(leaves)
    )
    for path in repository.find(
        "locustfile*.py", "*.k6.js", "*load?test*.js", "*load?test*.py"
    ):
        yield repository.cite(path, 1, "file", Strength.WEAK)
