"""CI/CD that deploys the model, the service or the pipeline to an environment.

A deployment is a command or an action that changes what runs somewhere, at the end of a
workflow, a delivery pipeline that code or a template declares, or a cluster that follows the
repository; a workflow that moves the alias by which the service reads its model, too. What
publishes an image, a package or pages, and a script that is run by hand, are partial. `trigger`
says what starts it: automatic, approval, tag or manual.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.commands import Leaf
from maturity_assessment.scan.repository import Repository

from ._findings import cite_call, cite_leaf, conclude, first_lines, weaken
from ._models import reached_calls
from ._promotions import find_promotions
from ._releases import (
    INFRASTRUCTURE,
    PAGES,
    copies_pipeline,
    is_action,
    is_passing,
    is_published,
    is_release,
    sends,
)
from ._resources import find_resources

ADVICE = (
    "Let a workflow deploy what passed its tests: to staging first, then to production."
)
PRONE = "Medium: a deployment that a platform makes by itself on a push leaves no trace here."

SDK = (
    "sagemaker.*.deploy",
    "*.create_endpoint",
    "*.update_endpoint",
    "*.*Webservice.deploy_configuration",
    "*.*Webservice.deploy*",
    "azureml.core.*Model.deploy",
    "*.ManagedOnlineDeployment",
    "*.ManagedOnlineEndpoint",
    "*.ModelBatchDeployment",
    "*.BatchEndpoint",
    "google.cloud.aiplatform.*.deploy",
    "google.cloud.aiplatform.*.create_schedule",
    "google.cloud.aiplatform.PipelineJobSchedule*",
    "*.serving_endpoints.create*",
    "*.update_function_code",
    "*.Deployment.build_from_flow",
)
DELIVERY = (
    "aws_cdk.pipelines.CodePipeline",
    "aws_cdk.*.CloudFormationCreateUpdateStackAction",
    "aws_cdk.*.CloudFormationExecuteChangeSetAction",
    "aws_cdk.*.EcsDeployAction",
    "aws_cdk.*.CodeDeploy*Action",
    "*.CloudFormationCreateUpdateStackAction",
    "*.EcsDeployAction",
    "aws_cdk.*.Lambda*DeploymentGroup",
)
ASKED = re.compile(r"(manual.?approval|ManualValidation|^input$|approve)", re.I)
NAMED = re.compile(r"(^|[/_.-])(deploy|deployment|rollout)(?![a-z])", re.I)
TRIED = re.compile(r"(^|[\W_])(e2e|tests?|pr[-_]?checks?|integration)([\W_]|$)", re.I)
AUTOMATIC = (
    "push",
    "schedule",
    "workflow_run",
    "event",
    "external",
    "pull_request",
    "call",
    "check_suite",
)
ORDER = ("automatic", "approval", "tag", "manual")


def detect(repository: Repository) -> Finding:
    """Look at workflows, delivery pipelines and clusters that follow the repository."""
    released = [leaf for leaf in repository.commands.ci if deploys(repository, leaf)]
    leaves = first_lines([*released, *find_promotions(repository)])
    found = [cite_leaf(repository, leaf, strength=judge(leaf)) for leaf in leaves]
    counted = [
        leaf for leaf in leaves if leaf.operative and judge(leaf) != Strength.WEAK
    ]
    # What builds the platform says less of a release than what puts a model on it.
    counted = [leaf for leaf in counted if judge(leaf) == Strength.STRONG] or counted
    triggers = [trigger(repository, leaf) for leaf in counted]
    for evidence, kind in [*delivery(repository), *followed(repository)]:
        found.append(evidence)
        if evidence.operative and evidence.strength != Strength.WEAK:
            triggers.append(kind)
    found += less(repository)
    best = min(triggers, key=ORDER.index, default="")
    return conclude(
        "cd_deploy",
        found,
        present=f"CI/CD deploys; what starts it: {best}.",
        partial="Something is published, or deployed by a script that is run by hand.",
        absent="Nothing deploys.",
        attributes={"trigger": best} if best else {},
    )


def judge(leaf: Leaf) -> Strength:
    """Say how surely a command is a release: of the platform less, in a test hardly."""
    path = leaf.workflow.path.rpartition("/")[2] if leaf.workflow else ""
    where = f"{path} {leaf.job.id if leaf.job else ''}"
    tried = TRIED.search(where) and not re.search(
        r"(deploy|release|deliver|\bcd\b)", where, re.I
    )
    if is_passing(leaf) or tried:
        return Strength.WEAK
    return Strength.MEDIUM if leaf.tool in INFRASTRUCTURE else Strength.STRONG


def deploys(repository: Repository, leaf: Leaf) -> bool:
    """Whether a command of a workflow deploys, by itself or by the code that it runs."""
    if is_release(leaf) or is_action(leaf) or copies_pipeline(leaf) or sends(leaf):
        return True
    script = leaf.script or (leaf.tool if leaf.tool.endswith(".sh") else "")
    if not script or PAGES.search(leaf.text):
        return False
    if NAMED.search(script):
        return True
    node = (leaf.script, leaf.function)
    starts = [node, (leaf.script, "main"), (leaf.script, "")]
    names = [call.name for call in reached_calls(repository, starts)]
    return any(matches(name) for name in names)


def matches(name: str) -> bool:
    """Whether a call deploys by an SDK."""
    return any(re.fullmatch(re.escape(one).replace(r"\*", ".*"), name) for one in SDK)


def trigger(repository: Repository, leaf: Leaf) -> str:
    """Say what starts a deployment: a change by itself, a person's consent, a tag, a person."""
    kinds = {one.kind for one in leaf.triggers}
    system = leaf.workflow.system if leaf.workflow is not None else ""
    if kinds == {"manual"} and system in ("gitlab", "circleci"):
        return "approval"  # a job of a pipeline that a push has started
    said = repository.read(leaf.workflow.path) if leaf.workflow is not None else ""
    if system == "cloudbuild" and "TAG_NAME" in said:
        return "tag"
    if narrowed(leaf):
        return narrowed(leaf)
    if not kinds or kinds & set(AUTOMATIC):
        return "approval" if asks(leaf) else "automatic"
    return "tag" if kinds & {"tag", "release"} else "manual"


def narrowed(leaf: Leaf) -> str:
    """Say to what a condition narrows the triggers: to a tag or a person, or not at all."""
    parts = [one.condition for one in (leaf.job, leaf.step) if one is not None]
    condition = " ".join(parts)
    if "||" in condition or "!" in condition:
        return ""
    if "refs/tags" in condition:
        return "tag"
    return "manual" if "workflow_dispatch" in condition else ""


def asks(leaf: Leaf) -> bool:
    """Whether somebody must agree before a job runs, or a job before it."""
    job, workflow = leaf.job, leaf.workflow
    if job is None or workflow is None:
        return False
    before = {job.id, *job.needs}
    for other in workflow.jobs:
        if other.id in before:
            if other.approval or any(
                ASKED.search(step.uses or step.run[:40]) for step in other.steps
            ):
                return True
    return False


def delivery(repository: Repository) -> Iterator[tuple[Evidence, str]]:
    """Give the delivery pipelines that code or templates declare, with what starts them."""
    calls = repository.python.calls(*DELIVERY, without=("test", "docs", "notebook"))
    approval = repository.python.calls("*.ManualApprovalAction", "*.ManualApprovalStep")
    kind = "approval" if approval else "automatic"
    for call in calls:
        yield cite_call(repository, call, strict=False), kind
    for one in find_resources(repository):
        if one.type in ("AWS::CodePipeline::Pipeline", "aws_codepipeline"):
            said = repository.read(one.path)
            if re.search(r"category[\"']?\s*[:=]\s*[\"']?Deploy", said, re.I):
                asked = re.search(r"category[\"']?\s*[:=]\s*[\"']?Approval", said, re.I)
                strength = weaken(repository, one.path, Strength.STRONG)
                evidence = repository.cite(one.path, one.line, "config", strength)
                yield evidence, "approval" if asked else "automatic"
        elif one.type in (
            "google_clouddeploy_delivery_pipeline",
            "AWS::CodeDeploy::DeploymentGroup",
        ):
            yield repository.cite(
                one.path, one.line, "config", Strength.MEDIUM
            ), "automatic"


def followed(repository: Repository) -> Iterator[tuple[Evidence, str]]:
    """Give the objects by which a cluster follows the repository, and Wikimedia's promotions."""
    for one in repository.manifests:
        argo = one.kind in ("Application", "ApplicationSet") and one.api.startswith(
            "argoproj"
        )
        flux = ".toolkit.fluxcd.io" in one.api and one.kind in (
            "Kustomization",
            "HelmRelease",
        )
        if argo or flux:
            automatic = flux or any(key == "automated" for key, _ in one.body.walk())
            strength = weaken(repository, one.path, Strength.STRONG)
            evidence = repository.cite(one.path, one.line, "config", strength)
            yield evidence, "automatic" if automatic else "manual"
    for path in repository.find("**/.pipeline/config.yaml", shared=True):
        for key, value in repository.yaml(path).walk():
            if key == "promote" and value:
                yield repository.cite(
                    path, value.line, "config", Strength.STRONG
                ), "approval"


def less(repository: Repository) -> Iterator[Evidence]:
    """Make weak evidence of what is published, and of what is deployed by hand."""
    published = [leaf for leaf in repository.commands.ci if is_published(leaf)]
    by_hand = [leaf for leaf in repository.commands.tasks if is_release(leaf)]
    by_hand = [leaf for leaf in by_hand if leaf.tool != "ansible-playbook"]
    for leaf in first_lines([*published, *by_hand]):
        yield cite_leaf(repository, leaf, strength=Strength.WEAK)
    for call in repository.python.calls(*SDK[:9], without=("test", "docs")):
        if not call.name.startswith(("prefect.", "kfp.")):
            evidence = cite_call(repository, call)
            yield repository.cite(evidence.path, evidence.line, "ast", Strength.WEAK)
