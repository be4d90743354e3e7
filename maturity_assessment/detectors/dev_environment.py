"""A working environment for whoever joins, from one file: a development container or its like.

Gitpod, Nix, Devbox, Vagrant and a service of compose that is there to develop in do as well. An
environment of conda or a task that installs libraries is partial at most.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._findings import conclude
from ._resources import read_yamls

ADVICE = "Add .devcontainer/devcontainer.json that installs what the project needs."
PRONE = "Low: the files are few."

NAMES = (
    ".gitpod.yml",
    ".gitpod.Dockerfile",
    "flake.nix",
    "shell.nix",
    "devbox.json",
    "devenv.nix",
    "Vagrantfile",
    ".idx/dev.nix",
    "devfile.yaml",
    ".devfile.yaml",
    "codespaces.json",
)
CONTENT = re.compile(r'"(image|build|dockerFile|dockerComposeFile|features|name)"\s*:')


def detect(repository: Repository) -> Finding:
    """Look at the files of development containers and their kin."""
    return conclude(
        "dev_environment",
        [*containers(repository), *others(repository)],
        present="One file sets up an environment to develop in.",
        partial="An environment is described, but has to be set up by hand.",
        absent="Nothing sets up an environment to develop in.",
    )


def containers(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of development containers that name what they are made of."""
    for path in repository.find("devcontainer.json", ".devcontainer.json", shared=True):
        reasons = () if CONTENT.search(repository.read(path)) else ("it says nothing",)
        yield repository.cite(path, 1, "config", Strength.STRONG, reasons)


def others(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of other environments, and weak evidence of those of conda."""
    for path in repository.find(*NAMES, shared=True, without=("docs", "example")):
        reasons = () if repository.read(path).strip() else ("the file is empty",)
        yield repository.cite(path, 1, "config", Strength.MEDIUM, reasons)
    for path in repository.top("environment.y*ml", "conda.y*ml"):
        if repository.yaml(path).get("dependencies"):
            yield repository.cite(path, 1, "config", Strength.WEAK)
    for path, document in read_yamls(repository):
        for name, service in document.get("services").items():
            if re.search(
                r"(^|[-_])(dev|devcontainer|workspace)([-_]|$)", name
            ) and service.get("volumes"):
                yield repository.cite(path, service.line, "config", Strength.MEDIUM)
