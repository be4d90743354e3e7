"""What is asked of a Kubernetes cluster, through kubectl."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ..refusal import Refusal
from . import history, tool

OVERLAYS = Path("kubernetes/overlays")
ADVICE = "install it, and let it reach your cluster"


@dataclass(frozen=True)
class Place:
    """A Deployment of the cluster, by its namespace and name, and the image it asks for."""

    namespace: str
    name: str
    image: str

    def ask(self, *words: str) -> str:
        """Run kubectl in the namespace and give what it prints."""
        return run("--namespace", self.namespace, *words)

    def read(self, path: str) -> str:
        """Read a value of the Deployment; empty when it is not there yet."""
        wanted = ["--ignore-not-found", "--output", f"jsonpath={{{path}}}"]
        return self.ask("get", f"deployment/{self.name}", *wanted)

    def read_image(self) -> str:
        """Give the image that runs."""
        return self.read(".spec.template.spec.containers[0].image")

    def read_revision(self) -> str:
        """Give the number under which Kubernetes keeps what runs."""
        return self.read(r".metadata.annotations.deployment\.kubernetes\.io/revision")

    def wait(self, seconds: float) -> None:
        """Wait until the new pods are ready and the old ones gone."""
        self.ask(
            "rollout", "status", f"deployment/{self.name}", f"--timeout={seconds:.0f}s"
        )

    def undo(self, *options: str) -> None:
        """Let the pods of a former revision, the last one by default, come back."""
        self.ask("rollout", "undo", f"deployment/{self.name}", *options)

    @contextmanager
    def forward(self) -> Iterator[str]:
        """Reach the service from this machine for a while; gives its address."""
        words = ["--namespace", self.namespace, "port-forward"]
        words += [f"service/{self.name}", ":80"]
        with tool.start("kubectl", *words, advice=ADVICE) as said:
            port = said.partition(" -> ")[0].rpartition("127.0.0.1:")[2]
            if not port.isdecimal():
                raise Refusal(f"kubectl port-forward names no port but says {said!r}")
            yield f"http://127.0.0.1:{port}"


def run(*words: str) -> str:
    """Run kubectl and give what it prints."""
    return tool.run("kubectl", *words, advice=ADVICE)


@contextmanager
def log_in() -> Iterator[None]:
    """Use the configuration in KUBE_CONFIG, where CI keeps its secret, if there is one."""
    content = os.environ.get("KUBE_CONFIG")
    if not content:
        yield
        return
    before = os.environ.get("KUBECONFIG")
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(content)
        file.flush()
        os.environ["KUBECONFIG"] = file.name
        try:
            yield
        finally:
            os.environ["KUBECONFIG"] = before or ""


def find_place(overlay: str) -> Place:
    """Give the Deployment that an overlay describes."""
    described = yaml.safe_load_all(run("kustomize", str(OVERLAYS / overlay)))
    (found,) = [one for one in described if one["kind"] == "Deployment"]
    about, pod = found["metadata"], found["spec"]["template"]["spec"]
    return Place(about["namespace"], about["name"], pod["containers"][0]["image"])


def lay(overlay: str, place: Place, reference: str) -> Path:
    """Lay a folder over an overlay that names the image to release, and give it."""
    folder = history.FOLDER / "kubernetes" / overlay
    folder.mkdir(parents=True, exist_ok=True)
    asked = split(place.image)["newName"]
    content: dict[str, Any] = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": [os.path.relpath(OVERLAYS / overlay, folder)],
        "images": [{"name": asked, **split(reference)}],
    }
    (folder / "kustomization.yaml").write_text(yaml.safe_dump(content), "utf-8")
    return folder


def split(reference: str) -> dict[str, str]:
    """Split `registry:5000/name:tag` or `name@sha256:...` into what kustomize asks for."""
    name, _, digest = reference.partition("@")
    folder, slash, last = name.rpartition("/")
    last, _, tag = last.partition(":")
    found = {"newName": folder + slash + last}
    return found | ({"digest": digest} if digest else {"newTag": tag or "latest"})
