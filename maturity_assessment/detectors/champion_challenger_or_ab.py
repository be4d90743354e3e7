"""A new model held against the one in use, on the same data or on live traffic.

A comparison of both models' metrics with a consequence, MLflow's or TFX's comparison with a
baseline model, and traffic that is split (A/B, canary, shadow) over versions count: endpoints
of SageMaker, Azure ML and Vertex AI, Istio, KServe, Seldon, Argo Rollouts, Flagger. An alias
`champion` without a comparison is nothing.
"""

import re
from collections.abc import Iterator
from typing import Any

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.config.yamls import Value
from maturity_assessment.scan.repository import Repository

from ._findings import cite_leaf, conclude, first_lines, weaken
from ._places import cite_at, cite_use
from ._verdicts import find_verdicts

ADVICE = (
    "Score the new and the current model on the same rows, and promote only the better"
    " one."
)
PRONE = (
    "Medium: the current model is recognised by names such as champion or production."
)

SHADOWS = (
    "*.ShadowProductionVariants",
    "sagemaker.*ShadowVariant*",
    "*.create_inference_experiment",
)
SPLITS = (
    "*.deploy",
    "*.update_endpoint*",
    "*.Endpoint.update",
    "*.begin_create_or_update",
    "*.ManagedOnlineEndpoint",
    "*.update_endpoint_weights_and_capacities",
)
COMMANDS = (
    "az ml online-endpoint update",
    "gcloud ai endpoints deploy-model",
    "gcloud run services update-traffic",
    "kubectl argo rollouts",
)
KINDS = (
    "VirtualService",
    "HTTPRoute",
    "TrafficSplit",
    "InferenceService",
    "SeldonDeployment",
    "Rollout",
    "Canary",
    "Experiment",
    "Service",
)


def detect(repository: Repository) -> Finding:
    """Look at comparisons of two models, and at traffic that is split between them."""
    found = [
        cite_at(repository, one.path, one.line, one.function)
        for one in find_verdicts(repository)
        if one.rival
    ]
    found += [
        *baselines(repository),
        *split_by_code(repository),
        *split_by_manifest(repository),
    ]
    found += [*split_by_terraform(repository), *split_by_command(repository)]
    return conclude(
        "champion_challenger_or_ab",
        found,
        present="A new model is held against the current one.",
        partial="Two models are compared, but by code that nothing runs.",
        absent="A new model is held against nothing.",
    )


def baselines(repository: Repository) -> Iterator[Evidence]:
    """Give the comparisons with a baseline that libraries make."""
    for call in repository.python.calls(
        "mlflow.*evaluate",
        "mlflow.*validate_evaluation_results",
        "*.Evaluator",
        without=("test",),
    ):
        given = [
            call.keywords.get("baseline_model"),
            call.keywords.get("baseline_result"),
        ]
        if any(one is not None for one in given):
            yield cite_use(repository, call)


def split_by_code(repository: Repository) -> Iterator[Evidence]:
    """Give the calls that split traffic over two models."""
    for call in repository.python.calls(*SHADOWS, without=("test",)):
        yield cite_use(repository, call)
    for call in repository.python.calls(*SPLITS, without=("test",)):
        given = [
            repository.python.value(call, call.keywords.get(n))
            for n in (
                "traffic_split",
                "traffic",
                "traffic_percentage",
                "DesiredWeightsAndCapacities",
            )
        ]
        if any(is_split(one) for one in given):
            yield cite_use(repository, call)
    for call in repository.python.calls(
        "*.create_endpoint_config", "*.production_variant", without=("test",)
    ):
        variants = repository.python.value(
            call, call.keywords.get("ProductionVariants")
        )
        if (
            isinstance(variants, list)
            and len(variants) > 1
            or call.keywords.get("ShadowProductionVariants")
        ):
            yield cite_use(repository, call)
    for path, module in repository.python.modules.items():
        for (function, name), values in module.assigned.items():
            if name.endswith(".traffic") and any(
                is_split(value) for _, value in values
            ):
                yield cite_at(repository, path, values[0][0], function)


def is_split(value: Any) -> bool:
    """Whether traffic goes to more than one: two shares, or one share below a hundred."""
    if isinstance(value, dict):
        shares = [one for one in value.values() if one not in (0, 100, "0", "100")]
        return len(value) > 1 and bool(shares)
    if isinstance(value, list):
        return len(value) > 1
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 100


def split_by_manifest(repository: Repository) -> Iterator[Evidence]:
    """Give the manifests that send traffic to two versions."""
    for one in repository.manifests:
        if one.kind in KINDS and splits(one.kind, one.body):
            strength = weaken(repository, one.path, Strength.STRONG)
            yield repository.cite(one.path, one.line, "config", strength)
    for path in repository.find("*.yaml", "*.yml", without=("docs", "test")):
        if re.search(r"^traffic:", repository.read(path), re.M):
            traffic = repository.yaml(path).get("traffic")
            shares = [one.text for _, one in traffic.items()]
            if len(shares) > 1 and any(
                share not in ("0", "100", "") for share in shares
            ):
                yield repository.cite(
                    path,
                    traffic.line,
                    "config",
                    weaken(repository, path, Strength.STRONG),
                )


def splits(kind: str, body: Value) -> bool:
    """Whether one manifest splits traffic, by what its kind calls that."""
    if kind == "Rollout":
        return bool(body.get("spec", "strategy", "canary"))
    if kind == "Canary":
        return True
    if kind == "InferenceService":
        return any(key == "canaryTrafficPercent" for key, _ in body.walk())
    if kind == "SeldonDeployment":
        return len(body.get("spec", "predictors").each()) > 1
    weights = [
        key
        for key, value in body.walk()
        if key in ("weight", "percent") and value.text not in ("0", "100")
    ]
    mirrored = any(key in ("mirror", "mirrors") for key, _ in body.walk())
    return len(weights) > 1 or mirrored and kind == "VirtualService"


def split_by_terraform(repository: Repository) -> Iterator[Evidence]:
    """Give the endpoints of Terraform with several variants, or a shadow."""
    for block in repository.blocks:
        if block.type == "aws_sagemaker_endpoint_configuration":
            variants = block.body.get("production_variants", [])
            if len(variants) > 1 or "shadow_production_variants" in block.body:
                yield repository.cite(block.path, block.line, "config", Strength.STRONG)


def split_by_command(repository: Repository) -> Iterator[Evidence]:
    """Give the commands that move a share of the traffic."""
    leaves = [
        leaf
        for leaf in repository.commands.all
        if leaf.runs(*COMMANDS)
        and re.search(r"(traffic|weight)\S*[ =]\S*?(?<!\d)([1-9]\d?)(?!\d)", leaf.text)
        and not re.search(r"=100\b", leaf.text)
    ]
    for leaf in first_lines(leaves):
        yield cite_leaf(repository, leaf)
