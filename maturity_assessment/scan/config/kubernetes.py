"""Kubernetes manifests, those of Helm charts and Kustomize included."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .yamls import EMPTY, Value

if TYPE_CHECKING:
    from ..repository import Repository


@dataclass(frozen=True)
class Manifest:
    """One object: `kind` such as Deployment, its API, its document and where it stands."""

    kind: str
    api: str
    name: str
    body: Value
    path: str
    line: int


def read_manifests(repository: "Repository") -> list[Manifest]:
    """Read every document that names a kind and an API version."""
    found: list[Manifest] = []
    for path in repository.find("*.yaml", "*.yml"):
        text = repository.read(path)
        if "apiVersion" in text and "kind" in text:
            documents = [
                read_manifest(one, path) for one in repository.yaml_documents(path)
            ]
            found += [one for one in documents if one.kind and one.api]
    return found


def read_manifest(document: Value, path: str) -> Manifest:
    """Read one document, whether or not it is a manifest."""
    if not document.is_map:
        document = EMPTY
    return Manifest(
        kind=document.get("kind").text,
        api=document.get("apiVersion").text,
        name=document.get("metadata", "name").text,
        body=document,
        path=path,
        line=document.key_line("kind") if document else 0,
    )
