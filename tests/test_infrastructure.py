"""The manifests, the Terraform and the workflow of a release are what their readers expect."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hcl2
import kubernetes_validate
import pytest
import yaml
from conftest import LEVELS, Bake, BakedProject

from maturity_assessment.render import offered

pytestmark = pytest.mark.skipif(LEVELS[-1] < "3", reason="comes with level 3")

# The oldest that still gets mended, more or less, and the newest that the validator knows.
KUBERNETES = ("1.30", str(kubernetes_validate.latest_version()))
OVERLAYS = ("staging", "production")
CLOUDS = [cloud for cloud in offered()["cloud"] if cloud != "none"]
# Each cloud has a registry, something that runs the image, and a bucket.
PARTS = {
    "aws": ("aws_ecr_repository", "aws_ecs_service", "aws_s3_bucket"),
    "azure": (
        "azurerm_container_registry",
        "azurerm_container_app",
        "azurerm_storage_account",
    ),
    "gcp": (
        "google_artifact_registry_repository",
        "google_cloud_run_v2_service",
        "google_storage_bucket",
    ),
}
Ladder = dict[str, BakedProject]
Manifest = dict[str, Any]


def read_manifests(folder: Path) -> Iterator[Manifest]:
    """Give every object of a folder of manifests, without what kustomize alone reads."""
    for path in sorted(folder.glob("*.yaml")):
        for item in yaml.safe_load_all(path.read_text(encoding="utf-8")):
            if item["kind"] != "Kustomization":
                yield item


@pytest.fixture(name="base")
def fixture_base(ladder: Ladder) -> dict[str, Manifest]:
    """The objects of the base, by their kind."""
    found = read_manifests(ladder["3"].path / "kubernetes/base")
    return {item["kind"]: item for item in found}


def build(project: BakedProject, overlay: str) -> list[Manifest]:
    """Let kubectl put an overlay together, or skip where there is none."""
    if not shutil.which("kubectl"):
        pytest.skip("kubectl, which puts overlays together, is not installed")
    done = project.run("kubectl", "kustomize", f"kubernetes/overlays/{overlay}")
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))


def add_labels(manifest: Manifest) -> Manifest:
    """Put in what kustomize adds to the base: the labels that pods are selected by."""
    if manifest["kind"] == "Deployment":
        labels = {"app.kubernetes.io/name": "model"}
        manifest["spec"]["selector"] = {"matchLabels": labels}
        manifest["spec"]["template"]["metadata"] = {"labels": labels}
    return manifest


@pytest.mark.parametrize("version", KUBERNETES)
def test_kubernetes_knows_every_field_of_the_manifests(
    base: dict[str, Manifest], version: str
) -> None:
    assert len(base) == 6
    for manifest in base.values():
        kubernetes_validate.validate(add_labels(manifest), version, strict=True)


def test_a_field_that_kubernetes_does_not_know_is_found(
    base: dict[str, Manifest],
) -> None:
    base["Service"]["spec"]["portz"] = []
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(base["Service"], KUBERNETES[0], strict=True)


def test_a_pod_may_do_nothing_but_answer(base: dict[str, Manifest]) -> None:
    pod = base["Deployment"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert pod["automountServiceAccountToken"] is False
    assert base["ServiceAccount"]["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert base["NetworkPolicy"]["spec"]["egress"] == []
    assert set(base["NetworkPolicy"]["spec"]["policyTypes"]) == {"Ingress", "Egress"}


def test_a_pod_is_watched_limited_and_replaced_one_by_one(
    base: dict[str, Manifest],
) -> None:
    pod = base["Deployment"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    paths = {k: v["httpGet"]["path"] for k, v in container.items() if "Probe" in k}
    assert paths == {
        "startupProbe": "/ready",
        "readinessProbe": "/ready",
        "livenessProbe": "/health",
    }
    assert set(container["resources"]["limits"]) == {"cpu", "memory"}
    assert set(container["resources"]["requests"]) == {"cpu", "memory"}
    update = base["Deployment"]["spec"]["strategy"]["rollingUpdate"]
    assert update["maxUnavailable"] == 0
    assert base["PodDisruptionBudget"]["spec"]["maxUnavailable"] == 1
    # Replicas would be set back to this number by each release.
    assert "replicas" not in base["Deployment"]["spec"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_an_overlay_is_whole_and_selects_its_own_pods(
    ladder: Ladder, overlay: str
) -> None:
    built = {item["kind"]: item for item in build(ladder["3"], overlay)}
    for version in KUBERNETES:
        for manifest in built.values():
            kubernetes_validate.validate(manifest, version, strict=True)
    places = {item["metadata"].get("namespace") for item in built.values()}
    assert places - {None} == {f"flight-delays-{overlay}"}
    labels = built["Deployment"]["spec"]["template"]["metadata"]["labels"]
    selectors = [
        built["Deployment"]["spec"]["selector"]["matchLabels"],
        built["Service"]["spec"]["selector"],
        built["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"],
        built["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"],
    ]
    for selector in selectors:
        assert selector and selector.items() <= labels.items()


def test_production_is_larger_than_staging(ladder: Ladder) -> None:
    sizes = []
    for overlay in OVERLAYS:
        built = {item["kind"]: item for item in build(ladder["3"], overlay)}
        sizes.append(built["HorizontalPodAutoscaler"]["spec"]["minReplicas"])
    assert sizes[0] < sizes[1]


def test_any_project_has_names_that_kubernetes_takes(bake: Bake) -> None:
    project = bake(maturity_level="3", project_slug="2_fast", package_name="fast")
    for overlay in OVERLAYS:
        name = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
        for item in build(project, overlay):
            assert name.fullmatch(item["metadata"]["name"])
            assert name.fullmatch(item["metadata"].get("namespace", "none"))


@pytest.mark.parametrize("cloud", offered()["cloud"])
def test_a_project_has_the_infrastructure_of_its_cloud_and_of_no_other(
    bake: Bake, cloud: str
) -> None:
    project = bake(maturity_level="3", cloud=cloud)
    found = {path.name for path in project.path.glob("terraform/*")}
    assert found == {cloud} - {"none"}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_terraform_can_read_the_infrastructure(bake: Bake, cloud: str) -> None:
    folder = bake(maturity_level="3", cloud=cloud).path / "terraform" / cloud
    resources: set[str] = set()
    for path in sorted(folder.glob("*.tf")):
        content = hcl2.loads(path.read_text(encoding="utf-8"))
        resources |= {
            name.strip('"') for one in content.get("resource", []) for name in one
        }
        for block in (*content.get("variable", []), *content.get("output", [])):
            for name, said in block.items():
                if not name.startswith("__"):
                    assert said["description"], name
    assert set(PARTS[cloud]) <= resources
    assert re.search(r'version = "~> \d+\.\d+"', (folder / "versions.tf").read_text())


def test_a_fault_in_terraform_is_found() -> None:
    with pytest.raises(Exception, match="Unexpected"):
        hcl2.loads('resource "a" "b" {\n  c = [\n}\n')


@pytest.mark.parametrize("cloud", CLOUDS)
def test_terraform_is_in_its_own_format(bake: Bake, cloud: str) -> None:
    if not shutil.which("terraform"):
        pytest.skip("terraform is not installed")
    project = bake(maturity_level="3", cloud=cloud)
    done = project.run("terraform", "fmt", "-check", "-diff", f"terraform/{cloud}")
    assert done.returncode == 0, done.stdout


def read_release(ladder: Ladder) -> dict[str, Any]:
    """Give the workflow that releases."""
    content = yaml.safe_load(ladder["3"].read(".github/workflows/deploy.yml"))
    assert isinstance(content, dict)
    return content


def test_a_release_goes_through_staging_and_approval(ladder: Ladder) -> None:
    jobs = read_release(ladder)["jobs"]
    assert jobs["staging"]["needs"] == "build"
    assert set(jobs["production"]["needs"]) == {"build", "staging"}
    for name in OVERLAYS:
        assert jobs[name]["environment"] == name
    image = "${{ needs.build.outputs.image }}"
    asked = [s["env"]["TAG"] for n in OVERLAYS for s in jobs[n]["steps"] if "env" in s]
    assert asked == [image, image]


def test_a_release_starts_by_itself(ladder: Ladder) -> None:
    # YAML reads `on` as true.
    assert {"push", "schedule"} <= set(read_release(ladder)[True])  # type: ignore[index]


def test_every_step_of_a_release_is_a_target_of_make(ladder: Ladder) -> None:
    project = ladder["3"]
    rules = "".join(path.read_text("utf-8") for path in project.path.glob("make/*.mk"))
    for job in read_release(ladder)["jobs"].values():
        for step in job["steps"]:
            if "run" in step:
                found = re.match(r"make (?:--silent )?([a-z-]+)", step["run"])
                assert found, step["run"]
                assert re.search(rf"^{found[1]}:", rules, re.MULTILINE), found[1]
