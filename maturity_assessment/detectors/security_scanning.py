"""A scan of code, dependencies, images, infrastructure or secrets that can fail.

It runs in CI or as a hook. One whose failure is ignored, that only reports, and a bot that only
proposes updates are partial.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.commands import Leaf
from maturity_assessment.scan.config.hooks import Hook
from maturity_assessment.scan.repository import Repository

from ._findings import cite_leaf, conclude, first_lines
from .dependency_updates import find_bots

ADVICE = "Run bandit, pip-audit and a secret scan in CI, and let them fail it."
PRONE = "Low for what runs in CI; scans that the forge is set up to do are not seen."

TOOLS = frozenset(
    "bandit safety pip-audit pip_audit trivy snyk grype semgrep gitleaks detect-secrets"
    " detect-secrets-hook detect_secrets.pre_commit_hook trufflehog trufflehog3 checkov tfsec"
    " terrascan kics osv-scanner dockle clair-scanner ggshield talisman codeql whispers"
    " cfn_nag_scan"
    " cfn-nag sonar-scanner pysonar-scanner dependency-check horusec jake pyup-safety nancy"
    " git-secrets git-leaks anchore-cli cargo-audit npm-audit flake8-bandit guarddog"
    " python-safety-dependencies-check bearer cycode kubesec prowler"
    " cfn-guard secretlint ripsecrets noseyparker modelscan picklescan fickling".split()
)
PHRASES = (
    "docker scout",
    "docker scan",
    "gcloud artifacts docker images scan",
    "npm audit",
    "uv audit",
    "poetry audit",
    "git secrets",
    "aws inspector2",
    "trunk check",
)
ACTIONS = re.compile(
    r"(codeql-action/(analyze|init)|trivy-action|anchore/scan-action|snyk/actions|gitleaks-action"
    r"|trufflehog|semgrep|bandit-action|bandit|dependency-review-action"
    r"|checkov|tfsec|ossf/scorecard"
    r"|pip-audit|gh-action-pip-audit|osv-scanner|ggshield|sonarqube-scan|sonarcloud|grype|kics"
    r"|safety-action|devskim|microsoft/security-devops|microsoftsecuritydevops|credscan|whitesource"
    r"|advancedsecurity-codeql|dependency-check|security-code-scan|fossa"
    r"|aquasecurity/tfsec|terrascan|docker/scout-action|snyksecurityscan|codeql3000|secret-scan"
    r"|sonarqubeanalyze|sonarcloudanalyze|veracode|checkmarx)",
    re.I,
)
REPORTS = ("--exit-zero", "--soft-fail", "--exit-code=0", "--continue-on-error")
# A hook that knows the look of a key, or the faults of workflows, and no more.
SMALL = ("detect-private-key", "detect-aws-credentials", "zizmor")
TEMPLATES = re.compile(
    r"(Security/|SAST|Secret-Detection|Dependency-Scanning|Container-Scanning)"
)
IGNORED = "its failure is ignored"


def detect(repository: Repository) -> Finding:
    """Look at workflows, hooks and, for less, at bots."""
    leaves = first_lines([leaf for leaf in repository.commands.ci if scans(leaf)])
    found = [cite(repository, leaf) for leaf in leaves]
    found += [*hooks(repository), *templates(repository)]
    found += [
        replace(one, strength=Strength.WEAK, reasons=())
        for one in find_bots(repository)
    ]
    return conclude(
        "security_scanning",
        found,
        present="A security scan runs and can fail.",
        partial="A scan only reports or knows little, or a bot only proposes updates.",
        absent="No security scan runs.",
    )


def scans(leaf: Leaf) -> bool:
    """Whether a command or action of a workflow scans."""
    if leaf.tool in ("pip", "uv", "echo") or {"--version", "--help", "install"} & set(
        leaf.args[:2]
    ):
        return False
    if leaf.runs(*PHRASES) or leaf.tool in TOOLS:
        return "login" not in leaf.args
    # `nox -s safety` and the like, whose sessions the tree does not show.
    named = leaf.tool in ("nox", "tox") and any(
        TOOLS & set(re.split(r"[\W_]", one)) for one in leaf.args
    )
    return (
        named
        or "/" in leaf.tool
        and bool(ACTIONS.search(leaf.tool))
        or bool(
            re.match(r"\w+@\d+$|[A-Z]\w+$", leaf.tool) and ACTIONS.search(leaf.tool)
        )
    )


def cite(repository: Repository, leaf: Leaf) -> Evidence:
    """Make evidence of a scan: weak where nothing comes of what it finds."""
    given = " ".join(leaf.args)
    reports = any(one in leaf.args for one in REPORTS) or "exit-code=0" in given
    # These end well whatever they find, unless they are told otherwise.
    lenient = leaf.tool == "trivy" and not re.search(r"--exit-code[= ]1", given)
    lenient |= "trivy-action" in leaf.tool and not re.search(
        r"exit-code=['\"]?1", given
    )
    lenient |= "scorecard" in leaf.tool or "fail-build=false" in given
    ignored = [one for one in leaf.reasons if one.startswith(IGNORED)]
    others = [one for one in leaf.reasons if not one.startswith(IGNORED)]
    weak = reports or lenient or ignored
    evidence = cite_leaf(
        repository, leaf, strength=Strength.WEAK if weak else Strength.STRONG
    )
    return replace(evidence, reasons=tuple(others))


def hooks(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of hooks that scan."""
    for hook in repository.hooks:
        small = hook.id in SMALL
        if not (small or is_scan(hook)):
            continue
        reasons = ("the hook runs only by hand",) if hook.manual else ()
        weak = small or "--exit-zero" in hook.args
        strength = Strength.WEAK if weak else Strength.STRONG
        yield repository.cite(hook.path, hook.line, "config", strength, reasons)


def is_scan(hook: Hook) -> bool:
    """Whether a hook scans, by its id, what it runs or where it comes from."""
    first = hook.entry.split(" ")[0].rpartition("/")[2]
    words = hook.entry.split()
    known = re.sub(r"[-_](docker|system|hook|scan|ci|rust|src)$", "", hook.id)
    return bool({hook.id, known, first} & TOOLS) or any(
        word in TOOLS
        for word in words[:4]
        if words[0] in ("python", "uv", "uvx", "poetry", "pipx", "make", "mise")
    )


def templates(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of GitLab's own scans, which a pipeline includes by name."""
    for path in repository.find(".gitlab-ci.yml", "*.gitlab-ci.yml", shared=True):
        for key, value in repository.yaml(path).get("include").walk():
            if (
                value.text
                and TEMPLATES.search(value.text)
                and key in ("template", "component", "")
            ):
                yield repository.cite(path, value.line, "config", Strength.MEDIUM)
