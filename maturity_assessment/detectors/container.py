"""The build of an image that holds the project: a Dockerfile with a base and content of its own.

A Containerfile, a file of blubber, cog or a buildpack does as well. A development container
and an image that only names another one do not.
"""

from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.config.docker import Instruction
from maturity_assessment.scan.repository import Repository

from ._findings import cite_leaf, conclude, first_lines, weaken

ADVICE = "Write a Dockerfile that copies the project and its locked environment, built in CI."
PRONE = (
    "Low: the names are fixed. An image that code builds through an SDK is not seen."
)

FILES = (
    "Dockerfile",
    "Dockerfile[.-_]*",
    "*[.-_]Dockerfile",
    "Containerfile*",
    "*[.-]Containerfile",
)
BUILDERS = (
    "pack build",
    "cog build",
    "cog push",
    "bentoml containerize",
    "ko build",
    "nixpacks build",
    "s2i build",
    "kaniko",
    "jib",
)


def detect(repository: Repository) -> Finding:
    """Look at build files and at commands that build without one."""
    found = [*dockerfiles(repository), *others(repository)]
    return conclude(
        "container",
        found,
        present="An image of the project can be built.",
        partial="An image can be built, but not of the project's own code in its place.",
        absent="Nothing builds an image of the project.",
    )


def dockerfiles(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of every Dockerfile."""
    for path in repository.find(*FILES):
        if ".devcontainer/" in f"/{path}" or path.endswith(
            (".dockerignore", ".md", ".sh", ".py")
        ):
            continue
        instructions = repository.dockerfile(path)
        names = {one.name for one in instructions}
        reasons: list[str] = []
        if "FROM" not in names:
            reasons.append("it has no base image")
        elif len(instructions) < 2:
            reasons.append("it only names another image")
        content = next((one for one in instructions if is_content(one)), None)
        strength = weaken(
            repository, path, Strength.STRONG if content else Strength.WEAK
        )
        line = content.line if content else 0
        excerpt = "" if line else "no content of the project"
        yield repository.cite(path, line, "file", strength, reasons, excerpt=excerpt)


def is_content(one: Instruction) -> bool:
    """Whether an instruction brings something of the project into the image."""
    if one.name in ("COPY", "ADD"):
        return "--from=" not in one.value and not one.value.startswith(
            ("http://", "https://")
        )
    return one.name == "RUN" and ("git clone" in one.value or "type=bind" in one.value)


def others(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of other kinds of build files, and of commands that build by buildpack."""
    for path in repository.find("*blubber.yaml", "blubber.y*ml"):
        if repository.yaml(path).get("variants"):
            yield repository.cite(path, 1, "file", Strength.STRONG)
    for path in repository.find("cog.yaml"):
        if repository.yaml(path).get("predict"):
            line = repository.yaml(path).key_line("predict")
            yield repository.cite(path, line, "file", Strength.STRONG)
    for path in repository.find("project.toml"):
        if "buildpacks" in str(repository.toml(path)):
            yield repository.cite(path, 1, "file", Strength.STRONG)
    leaves = [leaf for leaf in repository.commands.all if leaf.runs(*BUILDERS)]
    leaves += [
        leaf
        for leaf in repository.commands.all
        if leaf.runs("gcloud run deploy") and "--source" in " ".join(leaf.args)
    ]
    yield from (cite_leaf(repository, leaf) for leaf in first_lines(leaves))
