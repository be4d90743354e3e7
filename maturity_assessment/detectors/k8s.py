"""Manifests of Kubernetes: plain, in a Helm chart, under Kustomize, or of KServe and its kin.

A compiled pipeline, a settings file that only looks alike (a catalogue entry, a local cluster)
and a chart's values without the chart are none.
"""

import posixpath
import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.config.kubernetes import Manifest
from maturity_assessment.scan.repository import Repository

from ._findings import conclude, weaken
from ._resources import find_resources

ADVICE = "Describe the service in manifests, with probes, limits and an overlay per environment."
PRONE = "Low: manifests have a fixed form. Those that code makes are seen for Terraform only."

# Groups whose objects a cluster runs; others share only the two words at their top.
GROUPS = re.compile(
    r"^(v1|apps/|batch/|extensions/|networking\.k8s\.io/|autoscaling/|policy/|rbac\.|storage\."
    r"|serving\.|machinelearning\.seldon|mlops\.seldon|ray\.io/|kubeflow\.org/|kustomize\."
    r"|argoproj\.io/|helm\.|source\.toolkit|monitoring\.coreos|gateway\.|traefik|cert-manager"
    r"|keda\.sh|flagger|security\.istio|networking\.istio|networking\.gke|cloud\.google\.com"
    r"|sparkoperator|nvidia\.com|knative|eventing|external-secrets|tekton\.dev|karpenter"
    r"|networking\.aws|elbv2|secrets-store|apiextensions|scheduling\.|admissionregistration)"
)
NOT_OBJECTS = frozenset(
    "Config Workflow WorkflowTemplate ClusterConfig ImagePolicy".split()
)
LISTED = (
    "resources",
    "patches",
    "patchesStrategicMerge",
    "images",
    "bases",
    "configMapGenerator",
    "namespace",
    "components",
    "helmCharts",
    "secretGenerator",
    "generators",
    "namePrefix",
)


def detect(repository: Repository) -> Finding:
    """Look at manifests, charts and Terraform resources of a cluster."""
    return conclude(
        "k8s",
        [*manifests(repository), *charts(repository), *terraform(repository)],
        present="Kubernetes manifests are in the repository.",
        partial="There are manifests, but only as an example, or values of somebody else's chart.",
        absent="There is no Kubernetes manifest.",
    )


def manifests(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of objects with content."""
    broken = groundless(repository)
    for one in repository.manifests:
        if not GROUPS.match(one.api) or one.kind in NOT_OBJECTS:
            continue
        reasons: tuple[str, ...] = (
            () if has_content(one) else ("it says nothing but its kind",)
        )
        reasons += broken.get(one.path.rpartition("/")[0], ())
        strength = Strength.WEAK if one.kind == "Namespace" else Strength.STRONG
        kept = weaken(repository, one.path, strength)
        yield repository.cite(one.path, one.line, "config", kept, reasons)


def groundless(repository: Repository) -> dict[str, tuple[str, ...]]:
    """Give the folders whose kustomization stands on what is not there, with the reason."""
    found: dict[str, tuple[str, ...]] = {}
    for one in repository.manifests:
        folder = one.path.rpartition("/")[0]
        for base in [
            *one.body.get("resources").texts(),
            *one.body.get("bases").texts(),
        ]:
            path = posixpath.normpath(posixpath.join(folder, base.text))
            inside = (
                "://" not in base.text and not path.startswith("..") and "?" not in path
            )
            there = any(
                name == path or name.startswith(f"{path}/") for name in repository.files
            )
            if (
                one.kind == "Kustomization"
                and inside
                and not there
                and "." in base.text[:2]
            ):
                found[folder] = (f"it stands on {path}, which is not in the tree",)
    return found


def has_content(one: Manifest) -> bool:
    """Whether an object says more than what it is called."""
    if one.kind in ("Kustomization", "Component"):
        return any(one.body.get(key) for key in LISTED)
    return len(one.body.keys()) > 2


def charts(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of Helm charts with templates; of a chart's values alone for less."""
    for path in repository.find("Chart.yaml", "Chart.yml"):
        folder = path.rpartition("/")[0]
        inner = [
            one
            for one in repository.files
            if one.startswith(f"{folder}/templates/".lstrip("/"))
        ]
        depends = repository.yaml(path).get("dependencies")
        if inner:
            yield repository.cite(
                path, 1, "config", weaken(repository, path, Strength.STRONG)
            )
        elif depends:
            yield repository.cite(path, depends.line, "config", Strength.WEAK)
    helmfiles = repository.find("helmfile.y*ml")
    for path in helmfiles:
        if repository.yaml(path).get("releases"):
            yield repository.cite(
                path, 1, "config", weaken(repository, path, Strength.MEDIUM)
            )


def terraform(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of objects of a cluster that Terraform keeps."""
    for one in find_resources(repository):
        if one.type.startswith(
            ("kubernetes_deployment", "kubernetes_manifest", "helm_release")
        ):
            strength = Strength.WEAK if one.type == "helm_release" else Strength.MEDIUM
            kept = weaken(repository, one.path, strength)
            yield repository.cite(one.path, one.line, "config", kept)
