"""A service that returns predictions: over HTTP, gRPC, as a cloud function or managed endpoint.

A route of a web framework counts where its handler comes to a prediction, loads a model or is
called after one; a model server by its code, its settings or the command that starts it; a
managed endpoint by the call, template or command that makes it. A page of Streamlit or Gradio
alone is a demonstration.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._broken import lacks
from ._findings import cite_call, cite_leaf, conclude, first_lines, weaken
from ._models import calls_by_function, is_load, is_prediction, reached_calls
from ._resources import cite_resources, cite_yaml
from ._services import Handler, find_handlers

ADVICE = (
    "Answer predictions over HTTP: a route that checks its input and asks the model."
)
PRONE = "Medium: a service in another language, or one that is asked by messages, is not seen."

NAMED = re.compile(
    r"(?<![a-z])(predict|infer(?!ior)|score(?!s?board)|scoring|classif|recommend|forecast|embedding"
    r"|embed(?![a-z])|detect|completion|transcri|translat|summari[sz]e)"
)
SERVERS = (
    "bentoml.service",
    "bentoml.Service",
    "bentoml.api",
    "ray.serve.deployment",
    "ray.serve.run",
    "litserve.LitServer",
    "kserve.ModelServer",
    "mlserver.*Server",
    "seldon_core.*",
    "pytriton.triton.Triton",
    "vllm.entrypoints.*",
    "mlflow.models.build_docker",
)
BASES = re.compile(
    r"(litserve\.LitAPI|kserve\.\w*Model|mlserver\.MLModel|ts\.torch_handler\.\w+\.\w+"
    r"|cog\.BasePredictor|TritonPythonModel|BaseHandler)$"
)
ENDPOINTS = (
    "sagemaker.*.deploy",
    "*.create_endpoint",
    "*.create_or_update_endpoint",
    "*.create_endpoint_config",
    "*.create_inference_component",
    "*.Model.deploy",
    "*.webservice.*Webservice.deploy_configuration",
    "*.AciWebservice.deploy_configuration",
    "*.AksWebservice.deploy_configuration",
    "*.*OnlineEndpoint",
    "*.*OnlineDeployment",
    "google.cloud.aiplatform.*.deploy",
    "google.cloud.aiplatform.Endpoint.create",
    "*.ModelDeployOp",
    "*.EndpointCreateOp",
    "*.serving_endpoints.create*",
    "*sagemaker*.CfnEndpoint",
    "*.HuggingFaceModel.deploy",
)
COMMANDS = (
    "mlflow models serve",
    "mlflow sagemaker",
    "bentoml serve",
    "serve run",
    "serve deploy",
    "tritonserver",
    "torchserve",
    "tensorflow_model_server",
    "vllm serve",
    "vllm.entrypoints.openai.api_server",
    "mlserver start",
    "seldon-core-microservice",
    "text-generation-launcher",
    "az ml online-endpoint create",
    "az ml online-deployment create",
    "az ml model deploy",
    "az ml service create",
    "gcloud ai endpoints deploy-model",
    "aws sagemaker create-endpoint",
    "anyscale service rollout",
    "anyscale service deploy",
    "lightning serve",
    "truss push",
)
RESOURCES = (
    "aws_sagemaker_endpoint",
    "aws_sagemaker_endpoint_configuration",
    "google_vertex_ai_endpoint",
    "azurerm_machine_learning_*endpoint",
    "databricks_model_serving",
    "AWS::SageMaker::Endpoint",
)
KINDS = (
    "InferenceService",
    "SeldonDeployment",
    "RayService",
    "InferenceGraph",
    "ServingRuntime",
)
IMAGES = re.compile(
    r"(tensorflow/serving|tritonserver|pytorch/torchserve|vllm/vllm-openai|seldonio/"
    r"|text-generation-inference|text-embeddings-inference|ollama/ollama|ghcr\.io/mlflow/.*serve)"
)
PAGES = (
    "streamlit",
    "gradio",
    "chainlit",
    "dash",
    "panel",
    "nicegui",
    "taipy",
    "mesop",
)


def detect(repository: Repository) -> Finding:
    """Look at routes, model servers, endpoints and, for less, at pages."""
    found = [*routes(repository), *servers(repository), *endpoints(repository)]
    found += [*settings(repository), *pages(repository)]
    return conclude(
        "online_serving",
        found,
        present="A service answers requests with predictions.",
        partial="Predictions are shown on a page for people, or served only from an example.",
        absent="Nothing answers requests with predictions.",
    )


def routes(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of handlers that come to a prediction."""
    for handler in find_handlers(repository):
        strength = judge(repository, handler)
        if strength is not None:
            why = lacks(repository, handler.path)
            strength = weaken(repository, handler.path, strength)
            yield repository.cite(
                handler.path, handler.line, "ast", strength, [why] if why else []
            )


def judge(repository: Repository, handler: Handler) -> Strength | None:
    """Say how surely a handler answers with predictions, None where nothing says so."""
    calls = reached_calls(repository, [handler.node])
    if any(map(is_prediction, calls)):
        return Strength.STRONG
    module = repository.python.modules[handler.path]
    loads = any(map(is_load, calls)) or any(map(is_load, module.calls))
    return Strength.MEDIUM if loads or NAMED.search(handler.words) else None


def servers(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of code that a model server runs, and of commands that start one."""
    unwanted = ("test", "docs")
    for call in repository.python.calls(*SERVERS, without=unwanted):
        yield cite_call(repository, call)
    for one in repository.python.definitions(kind="class"):
        if any(map(BASES.search, one.bases)) or one.name == "TritonPythonModel":
            if "test" not in repository.files[one.path].classes:
                strength = weaken(repository, one.path, Strength.MEDIUM)
                yield repository.cite(one.path, one.line, "ast", strength)
    leaves = [leaf for leaf in repository.commands.all if leaf.runs(*COMMANDS)]
    yield from (cite_leaf(repository, leaf) for leaf in first_lines(leaves))
    yield from scoring_scripts(repository)


def scoring_scripts(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of scripts that a platform calls: `init` and `run`, `model_fn`."""
    known = calls_by_function(repository)
    for path, module in repository.python.modules.items():
        if module.notebook or repository.files[path].classes & {"test", "docs"}:
            continue
        run = module.definitions.get("run")
        if run is not None and "init" in module.definitions:
            batch = run.parameters[:1] in (("mini_batch",), ("minibatch",), ("batch",))
            asks = any(map(is_prediction, known.get((path, "run"), [])))
            if not batch and (asks or any(map(is_load, module.calls))):
                yield repository.cite(
                    path, run.line, "ast", weaken(repository, path, Strength.STRONG)
                )
        if "model_fn" in module.definitions and {
            "predict_fn",
            "transform_fn",
            "input_fn",
        } & (module.definitions.keys()):
            line = module.definitions["model_fn"].line
            only_batch = repository.python.calls(
                "*.transformer", "*.Transformer", "*.TransformStep"
            )
            strength = Strength.WEAK if only_batch else Strength.MEDIUM
            yield repository.cite(path, line, "ast", weaken(repository, path, strength))


def endpoints(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of managed endpoints: calls of an SDK and resources of a template."""
    for call in repository.python.calls(*ENDPOINTS, without=("test", "docs")):
        if not call.name.startswith(("prefect.", "kfp.", "modal.")):
            yield cite_call(repository, call)
    yield from cite_resources(repository, *RESOURCES)
    for one in repository.manifests:
        if one.kind in KINDS:
            strength = weaken(repository, one.path, Strength.STRONG)
            yield repository.cite(one.path, one.line, "config", strength)


def settings(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of the settings of model servers, and of services that are one."""
    for path in repository.find(
        "config.pbtxt", "bentofile.y*ml", "model-settings.json"
    ):
        reasons = () if repository.read(path).strip() else ("the file is empty",)
        yield repository.cite(
            path, 1, "config", weaken(repository, path, Strength.MEDIUM), reasons
        )
    for path in repository.find("cog.yaml"):
        if repository.yaml(path).get("predict"):
            yield repository.cite(
                path, repository.yaml(path).key_line("predict"), "config"
            )
    yield from cite_yaml(
        repository, "$schema", r"(managed|kubernetes)?online(endpoint|deployment)"
    )
    yield from cite_yaml(repository, "image", IMAGES.pattern, inside="services")
    yield from cite_yaml(repository, "model_serving_endpoints", "", inside="resources")


def pages(repository: Repository) -> Iterator[Evidence]:
    """Make weak evidence of pages for people that come to a prediction."""
    for path, module in repository.python.modules.items():
        shown = [name for name in module.imports if name.split(".")[0] in PAGES]
        if not shown or module.notebook or "test" in repository.files[path].classes:
            continue
        nodes = [(path, name) for name in ("", *module.definitions)]
        calls = [*module.calls, *reached_calls(repository, nodes)]
        if any(map(is_prediction, calls)) or any(map(is_load, module.calls)):
            line = module.imports[shown[0]]
            yield repository.cite(path, line, "ast", Strength.WEAK)
