"""A new model that gets its first requests little by little: shadow, canary, A/B, blue-green.

A rollout of the cluster, weights of a mesh, a share of an endpoint's traffic, or code of the
service that chooses who answers. A comparison on a table before the release is another thing.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.config.kubernetes import Manifest
from maturity_assessment.scan.python import Call
from maturity_assessment.scan.repository import Repository

from ._broken import lacks
from ._findings import cite_call, cite_leaf, conclude, first_lines, weaken
from ._resources import cite_yaml, find_resources

ADVICE = "Let a new model look on first, then answer a share of the requests, then all."
PRONE = "Medium: weights that are set in a console are not seen."

KEYWORDS = re.compile(
    r"^(traffic_split|traffic_percentage|canary\w*|shadow\w*|mirror_traffic|deployment_config)$"
)
TRAFFIC = ("*.traffic", "*.mirror_traffic")
CALLS = (
    "*.ShadowProductionVariant*",
    "*.BlueGreenUpdatePolicy*",
    "*.update_weights_and_capacities",
    "*.update_endpoint_weights_and_capacities",
    "*.LambdaDeploymentConfig*",
    "aws_cdk.*DeploymentConfig*",
)
NAMED = re.compile(
    r"(^|[/._])(canary\w*|shadow\w*|challenger\w*|ab_?test\w*|traffic_?split\w*|blue_?green\w*"
    r"|bandit\w*|ab_router|model_router)([/._]|$)",
    re.I,
)
COMMANDS = (
    "gcloud run services update-traffic",
    "az ml online-endpoint update",
    "kubectl argo rollouts",
    "gcloud app services set-traffic",
    "az containerapp ingress traffic set",
)


def detect(repository: Repository) -> Finding:
    """Look at clusters, endpoints, commands, and code that the service reaches."""
    found = [
        *clusters(repository),
        *endpoints(repository),
        *commands(repository),
        *own(repository),
    ]
    return conclude(
        "release_strategies",
        found,
        present="A new model gets its requests little by little.",
        partial="Code chooses between models, but no service reaches it.",
        absent="A new model gets all requests at once.",
    )


def clusters(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of rollouts, weights of a mesh, canaries and shadows of a cluster."""
    for one in repository.manifests:
        if splits(one):
            strength = weaken(repository, one.path, Strength.STRONG)
            yield repository.cite(one.path, one.line, "config", strength)


def splits(one: Manifest) -> bool:
    """Whether an object splits or mirrors traffic, or moves it step by step."""
    keys = {key for key, value in one.body.walk() if value}
    if one.kind == "Rollout":
        return bool(keys & {"canary", "blueGreen"})
    if one.kind == "Canary":
        return True
    if one.kind in ("VirtualService", "HTTPRoute", "TrafficSplit", "TraefikService"):
        weights = [key for key, _ in one.body.walk() if key == "weight"]
        return len(weights) > 1 or "mirror" in keys
    if one.kind in ("InferenceService", "SeldonDeployment", "Service"):
        return bool(keys & {"canaryTrafficPercent", "shadow", "traffic"})
    return False


def endpoints(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of shares of an endpoint's traffic."""
    for call in repository.python.calls(*CALLS, without=("test", "docs")):
        yield cite_call(repository, call)
    for call in repository.python.calls(
        "*.deploy", "*.update*", "*.create*", without=("test", "docs")
    ):
        if shares(call):
            yield cite_call(repository, call)
    for one in find_resources(repository):
        said = repository.read(one.path)
        if "SageMaker::Endpoint" in one.type or one.type.startswith(
            "aws_sagemaker_endpoint"
        ):
            if re.search(
                r"(shadow_?production_?variants|blue_green_update_policy|BlueGreenUpdatePolicy)",
                said,
                re.I,
            ):
                yield repository.cite(one.path, one.line, "config", Strength.STRONG)
    yield from cite_yaml(repository, "mirror_traffic", ".*")
    yield from cite_yaml(repository, "DeploymentPreference", "Canary|Linear")


def shares(call: Call) -> bool:
    """Whether a call gives a part of the traffic away: less than all, or to more than one."""
    for name, value in call.keywords.items():
        if name in ("traffic_percentage", "canary_traffic_percent") and isinstance(
            value, int
        ):
            return 0 < value < 100
        if name == "traffic_split" and isinstance(value, dict):
            return len(value) > 1
    return False


def commands(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of commands that set shares."""
    leaves = [leaf for leaf in repository.commands.all if leaf.runs(*COMMANDS)]
    leaves = [leaf for leaf in leaves if "traffic" in leaf.text]
    yield from (cite_leaf(repository, leaf) for leaf in first_lines(leaves))


def own(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of code under such a name that a service reaches."""
    for one in repository.python.definitions(without=("test", "docs")):
        place = f"{one.path.removesuffix('.py')}{f'.{one.name}' if one.kind == 'class' else ''}"
        if not NAMED.search(place):
            continue
        reached = repository.python.reached(one.path, one.name)
        if (
            "service" in reached
            or one.kind == "class"
            and reached - {"test", "notebook"}
        ):
            why = lacks(repository, one.path)
            strength = Strength.STRONG if "service" in reached else Strength.WEAK
            yield repository.cite(
                one.path,
                one.line,
                "ast",
                weaken(repository, one.path, strength),
                [why] if why else [],
            )
