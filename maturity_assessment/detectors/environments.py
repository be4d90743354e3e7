"""More than one environment, each with settings of its own: one to try in, one that people use.

Overlays, values, variables, stacks or targets for both. Names of environments in a workflow
alone are partial: what tells them apart is kept elsewhere.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._findings import conclude
from ._resources import read_yamls

ADVICE = "Keep what differs between staging and production in a small overlay for each."
PRONE = "Medium: environments that differ by secrets of the forge only are not seen in full."

TRIED = (
    r"(dev|develop|development|stag|staging|stage|test|testing|qa|uat|preprod"
    r"|pre-?production|sandbox|nonprod)"
)
USED = r"(prod|production|prd|live)"
SETTINGS = (
    "*.tf",
    "*.tfvars",
    "*.tfvars.json",
    "*.y*ml",
    "*.bicepparam",
    "*.parameters.json",
    "*.toml",
    "*.env",
    ".env.*",
    "*.ini",
    "samconfig.toml",
    "*.json",
)
ASIDE = ("test", "docs", "example", "notebook", "generated")
FOLDERS = re.compile(
    r"(^|/)(overlays?|envs?|environments?|stages?|clusters?|targets?|values"
    r"|config|conf|deploy\w*|infra\w*"
    r"|terraform|helm|k8s|kubernetes|charts?|settings|params|parameters|live|iac|vars|group_vars)/",
    re.I,
)


def detect(repository: Repository) -> Finding:
    """Look at settings for each environment, and for less at names in workflows."""
    return conclude(
        "environments",
        [*settings(repository), *sections(repository), *workflows(repository)],
        present="There are settings for an environment to try in and for production.",
        partial="Workflows name environments, but what tells them apart is kept elsewhere.",
        absent="There is at most one environment.",
    )


def matches(kind: str, text: str) -> bool:
    """Whether a path or a name has a word for an environment of a kind."""
    return bool(re.search(rf"(^|[/._-]){kind}([/._-]|$)", text, re.I))


def settings(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of files that are there once for each environment."""
    groups: dict[str, dict[str, str]] = {}
    for path in repository.find(*SETTINGS, without=ASIDE):
        if path.startswith((".github/", ".gitlab/")) or not (
            FOLDERS.search(path) or path.count("/") < 1
        ):
            continue
        for kind, words in (("tried", TRIED), ("used", USED)):
            if matches(words, path):
                # What is left without the word is the same for both.
                bare = re.sub(
                    rf"(^|[/._-]){words}(?=[/._-]|$)", r"\1*", path, flags=re.I
                )
                if "requirements" not in bare and "compose" not in bare:
                    groups.setdefault(bare.rpartition("*")[0], {}).setdefault(
                        kind, path
                    )
    for found in groups.values():
        if len(found) == 2:
            for path in found.values():
                yield repository.cite(path, 1, "config", Strength.STRONG)


def sections(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of one file with a part for each: targets of a bundle, stages."""
    for path, document in read_yamls(repository):
        for key in ("targets", "environments", "stages"):
            names = " ".join(document.get(key).keys())
            inner = re.sub(r"\s+", "/", names)
            if matches(TRIED, inner) and matches(USED, inner):
                yield repository.cite(
                    path, document.key_line(key), "config", Strength.MEDIUM
                )


def workflows(repository: Repository) -> Iterator[Evidence]:
    """Make weak evidence of jobs in two kinds of environment."""
    jobs = [
        job for one in repository.ci.workflows for job in one.jobs if job.environment
    ]
    kinds = [
        [job for job in jobs if matches(words, job.environment)]
        for words in (TRIED, USED)
    ]
    if all(kinds):
        for some in kinds:
            yield repository.cite(
                some[0].path, some[0].line, "workflow_step", Strength.WEAK
            )
