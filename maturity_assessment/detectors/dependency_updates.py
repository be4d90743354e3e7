"""Updates of dependencies that something proposes by itself.

Dependabot or Renovate with something to update, or a scheduled workflow that resolves the lock
again. One that is switched off proposes nothing; one that only moves the actions of CI is partial.
"""

from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.config.tables import dig
from maturity_assessment.scan.repository import Repository

from ._findings import cite_leaf, conclude, first_lines

ADVICE = "Add .github/dependabot.yml with an entry for your dependencies and one for the actions."
PRONE = (
    "Low: the bots have few files. One that is set up at the forge alone is not seen."
)

RENOVATE = (
    "renovate.json",
    "renovate.json5",
    ".renovaterc",
    ".renovaterc.json",
    ".renovaterc.json5",
)
RESOLVES = (
    "uv lock",
    "uv pip compile",
    "pip-compile",
    "poetry update",
    "poetry lock",
    "pipenv update",
    "pdm update",
    "conda-lock",
    "pixi update",
    "pip-compile-multi",
    "pre-commit autoupdate",
)


def detect(repository: Repository) -> Finding:
    """Look at the settings of bots, and at scheduled workflows that update locks."""
    return conclude(
        "dependency_updates",
        [*find_bots(repository), *scheduled(repository)],
        present="A bot proposes updates of the dependencies.",
        partial="A bot proposes updates, but of the actions of CI or of hooks only.",
        absent="Nothing proposes updates.",
    )


def find_bots(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of bots that are set up."""
    yield from dependabot(repository)
    for path in repository.find(*RENOVATE, shared=True):
        content = repository.json(path) if path.endswith(".json") else {}
        off = isinstance(content, dict) and content.get("enabled") is False
        reasons = ("it is switched off",) if off else ()
        reasons = reasons if repository.read(path).strip() else ("the file is empty",)
        yield repository.cite(path, 1, "config", Strength.STRONG, reasons)
    for path in repository.find("package.json", shared=True):
        if isinstance(dig(repository.json(path) or {}, "renovate"), dict):
            yield repository.cite(path, 1, "config", Strength.MEDIUM)
    for path in repository.find(".pyup.yml", ".pyup.yaml", shared=True):
        idle = (
            ("it is switched off",)
            if repository.yaml(path).get("update").is_false
            else ()
        )
        yield repository.cite(path, 1, "config", Strength.MEDIUM, idle)


def dependabot(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of each entry of Dependabot."""
    for path in repository.find(
        ".github/dependabot.yml", ".github/dependabot.yaml", shared=True
    ):
        updates = repository.yaml(path).get("updates")
        if not updates.each():
            yield repository.cite(
                path, 1, "config", Strength.MEDIUM, ("it lists no update",)
            )
        for one in updates.each():
            none = one.get("open-pull-requests-limit").text == "0"
            reasons = ("it may propose nothing",) if none else ()
            actions = one.get("package-ecosystem").text in (
                "github-actions",
                "docker",
                "gitsubmodule",
            )
            strength = Strength.WEAK if actions else Strength.STRONG
            yield repository.cite(path, one.line, "config", strength, reasons)


def scheduled(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of workflows that resolve the lock again on a schedule."""
    leaves = [leaf for leaf in repository.commands.ci if leaf.runs(*RESOLVES)]
    leaves = [leaf for leaf in leaves if leaf.starts_on("schedule")]
    for leaf in first_lines(leaves):
        upgrade = {"--upgrade", "-U", "update", "autoupdate"} & set(leaf.args)
        if upgrade or "update" in leaf.tool or leaf.tool == "conda-lock":
            weak = "autoupdate" in leaf.args
            yield cite_leaf(
                repository, leaf, strength=Strength.WEAK if weak else Strength.MEDIUM
            )
