"""The platform as code: Terraform, Bicep, ARM, CloudFormation or SAM, CDK, Pulumi, Serverless.

A file that only sizes a vendor's cluster, a playbook and a script of cloud commands are
partial; settings of a provider without any resource are none.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._findings import cite_leaf, conclude, first_lines, weaken
from ._resources import find_resources, read_yamls

ADVICE = (
    "Describe what the service runs on in Terraform or in your cloud's own language."
)
PRONE = (
    "Low: the languages are few. A platform that another repository keeps is not seen."
)

STACKS = re.compile(r"^(aws_cdk|cdktf|pulumi\w*|troposphere|constructs)\b")
MADE = re.compile(r"^(aws_cdk|cdktf|pulumi\w*|troposphere)\.")
CREATES = (
    "az ml workspace create",
    "az ml compute create",
    "az group create",
    "az aks create",
    "az acr create",
    "gcloud container clusters create",
    "gcloud sql instances create",
    "gcloud compute instances create",
    "gcloud storage buckets create",
    "aws ec2 run-instances",
    "aws s3 mb",
    "aws s3api create-bucket",
    "aws ecr create-repository",
    "eksctl create cluster",
    "gsutil mb",
    "ansible-playbook",
)
# Keys at the top of a file that sizes a cluster of Ray, Anyscale or SkyPilot.
SIZES = (
    "head_node_type",
    "available_node_types",
    "worker_node_types",
    "node_config",
    "head_node",
)


def detect(repository: Repository) -> Finding:
    """Look at resources, stacks in code, and for less at sizes and scripts."""
    found = [
        *resources(repository),
        *stacks(repository),
        *others(repository),
        *less(repository),
    ]
    return conclude(
        "iac",
        found,
        present="The platform is described as code.",
        partial="Part of the platform is described: a cluster's size, a playbook, commands.",
        absent="Nothing describes the platform as code.",
    )


def resources(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of resources, and of modules that Terraform puts together."""
    for one in find_resources(repository):
        strength = weaken(repository, one.path, Strength.STRONG)
        yield repository.cite(one.path, one.line, "config", strength)
    for block in repository.blocks:
        if block.kind == "module":
            strength = weaken(repository, block.path, Strength.STRONG)
            yield repository.cite(block.path, block.line, "config", strength)


def stacks(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of stacks in Python that make something, of CDK and Pulumi elsewhere."""
    for path, module in repository.python.modules.items():
        if not any(map(STACKS.match, module.imports)) or module.notebook:
            continue
        call = next((call for call in module.calls if MADE.match(call.name)), None)
        if call is not None and "test" not in repository.files[path].classes:
            yield repository.cite(
                path, call.line, "ast", weaken(repository, path, Strength.STRONG)
            )
    for path in repository.find("cdk.json", "Pulumi.yaml", "Pulumi.yml"):
        if repository.read(path).strip():
            yield repository.cite(
                path, 1, "config", weaken(repository, path, Strength.MEDIUM)
            )


def others(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of the Serverless framework, Deployment Manager and Crossplane."""
    for path in repository.find("serverless.y*ml"):
        body = repository.yaml(path)
        if body.get("provider") and body.any("functions", "resources"):
            yield repository.cite(
                path, 1, "config", weaken(repository, path, Strength.STRONG)
            )
    for one in repository.manifests:
        if re.match(
            r"[\w.]*\.(crossplane\.io|cnrm\.cloud\.google\.com|services\.k8s\.aws)/",
            one.api,
        ):
            yield repository.cite(one.path, one.line, "config", Strength.MEDIUM)


def less(repository: Repository) -> Iterator[Evidence]:
    """Make weak evidence of sizes of clusters, playbooks, and scripts of cloud commands."""
    for path, document in read_yamls(repository):
        sized = document.any(*SIZES)
        schema = document.get("$schema")
        compute = re.search(r"(compute|workspace)\.schema\.json", schema.text)
        bundle = path.endswith("databricks.yml") and document.get("bundle")
        play = document.each() and document.each()[0].get("hosts")
        chosen = next(
            (one for one in (sized, compute and schema, bundle, play) if one), None
        )
        if chosen or document.get("kind").text == "ClusterConfig":
            line = chosen.line if chosen else 1
            yield repository.cite(path, line, "config", Strength.WEAK)
    leaves = [leaf for leaf in repository.commands.all if leaf.runs(*CREATES)]
    for leaf in first_lines(leaves):
        yield cite_leaf(repository, leaf, strength=Strength.WEAK)
