"""Resources of the cloud and keys of YAML, whatever language declares them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from maturity_assessment.evidence import Evidence, Strength
from maturity_assessment.scan.config.yamls import Value
from maturity_assessment.scan.once import once
from maturity_assessment.scan.repository import Repository

from ._findings import weaken

BICEP = re.compile(r"^\s*resource\s+(\w+)\s+'([\w./]+)@[\w.-]+'", re.M)
MOST_BYTES = 1_000_000
CLOUD = re.compile(r"^(AWS|Custom|Alexa)::[\w:]+$")


@dataclass(frozen=True)
class Resource:
    """One resource: its type in the words of its language, its name, what it holds."""

    type: str
    name: str
    body: Any
    path: str
    line: int


@once
def find_resources(repository: Repository) -> tuple[Resource, ...]:
    """Give the resources of Terraform, CloudFormation, SAM, ARM and Bicep."""
    found = [
        Resource(one.type, one.labels[-1], one.body, one.path, one.line)
        for one in repository.blocks
        if one.kind == "resource" and one.labels
    ]
    found += cloudformation(repository)
    for path in repository.find("*.bicep"):
        text = repository.read(path)
        for match in BICEP.finditer(text):
            line = text.count("\n", 0, match.start(1)) + 1
            found.append(Resource(match[2], match[1], "", path, line))
    for path in repository.find("*.json"):
        found += arm(repository, path)
    return tuple(found)


def cloudformation(repository: Repository) -> Iterator[Resource]:
    """Give the resources of CloudFormation and SAM, in YAML or JSON."""
    for path in repository.find("*.yaml", "*.yml", "*.template", "*.json"):
        head = repository.head(path, 20_000)
        if "AWS::" not in head or repository.files[path].size > MOST_BYTES:
            continue
        # JSON is YAML, so that lines are known of both.
        for name, one in repository.yaml(path).get("Resources").items():
            kind = one.get("Type")
            if CLOUD.match(kind.text):
                yield Resource(kind.text, name, one, path, kind.line)


def arm(repository: Repository, path: str) -> Iterator[Resource]:
    """Give the resources of an ARM template."""
    big = repository.files[path].size > MOST_BYTES
    if big or "eploymentTemplate.json" not in repository.head(path, 2000):
        return
    for one in repository.yaml(path).get("resources").each():
        kind = one.get("type")
        if kind:
            yield Resource(kind.text, one.get("name").text, one, path, kind.line)


def cite_resources(
    repository: Repository, *patterns: str, strength: Strength = Strength.STRONG
) -> Iterator[Evidence]:
    """Make evidence of the resources whose type fits a pattern."""
    for one in find_resources(repository):
        if any(fnmatchcase(one.type, pattern) for pattern in patterns):
            kept = weaken(repository, one.path, strength)
            yield repository.cite(one.path, one.line, "config", kept)


@once
def read_yamls(repository: Repository) -> tuple[tuple[str, Value], ...]:
    """Give every document of YAML that is small enough to be written by hand."""
    return tuple(
        (path, document)
        for path in repository.find("*.yaml", "*.yml")
        if repository.files[path].size < 200_000
        for document in repository.yaml_documents(path)
    )


def cite_yaml(
    repository: Repository,
    key: str,
    pattern: str,
    inside: str = "",
    strength: Strength = Strength.MEDIUM,
) -> Iterator[Evidence]:
    """Make evidence of a key anywhere in a YAML file whose text fits a pattern."""
    wanted = re.compile(pattern, re.I)
    for path, document in read_yamls(repository):
        if key not in repository.read(path):
            continue
        part = document.get(inside) if inside else document
        for name, value in part.walk():
            if name == key and value and wanted.search(value.text):
                kept = weaken(repository, path, strength)
                yield repository.cite(path, value.line, "config", kept)
