"""A feature store: features defined once, and read alike in training and in serving.

Feast, Hopsworks, Tecton, Featureform, Databricks, SageMaker feature groups, Vertex AI and Azure
ML count, as code or as infrastructure. A definition that no code reads is still there; one in
a notebook alone is half of it.
"""

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._findings import cite_leaf, conclude, first_lines, weaken
from ._places import cite_uses

ADVICE = "Define the features that several models share in a store such as Feast."
PRONE = "Low: the libraries are few. A store of a firm's own is not seen."

STORES = (
    "feast.*",
    "hopsworks.*get_feature_store*",
    "hsfs.*",
    "*.get_or_create_feature_group",
    "*.create_feature_group",
    "*.create_feature_view",
    "*.get_feature_view",
    "tecton.*",
    "featureform.*",
    "databricks.feature_store.*",
    "databricks.feature_engineering.*",
    "*.FeatureStoreClient*",
    "*.FeatureEngineeringClient*",
    "sagemaker.feature_store.*",
    "*.FeatureGroup",
    "google.cloud.aiplatform.Featurestore*",
    "google.cloud.aiplatform.*FeatureOnlineStore*",
    "vertexai.resources.preview.feature_store.*",
    "azureml.featurestore.*",
    "butterfree.*",
    "chronon.*",
)
RESOURCES = (
    "google_vertex_ai_featurestore",
    "google_vertex_ai_feature_online_store",
    "aws_sagemaker_feature_group",
    "google_vertex_ai_feature_group",
)


def detect(repository: Repository) -> Finding:
    """Look at calls, commands, files and Terraform."""
    found: list[Evidence] = [*cite_uses(repository, *STORES)]
    leaves = [
        leaf
        for leaf in repository.commands.all
        if leaf.runs(
            "feast apply",
            "feast materialize",
            "feast materialize-incremental",
            "tecton apply",
        )
    ]
    found += [cite_leaf(repository, leaf) for leaf in first_lines(leaves)]
    for path in repository.find("feature_store.yaml", "feature_store.yml"):
        if repository.yaml(path).get("project"):
            found.append(
                repository.cite(
                    path, 1, "config", weaken(repository, path, Strength.STRONG)
                )
            )
    for block in repository.blocks:
        if block.kind == "resource" and block.type in RESOURCES:
            found.append(
                repository.cite(block.path, block.line, "config", Strength.STRONG)
            )
    return conclude(
        "feature_store",
        found,
        present="Features come from a feature store.",
        partial="A feature store is used only in a notebook, or by code nothing runs.",
        absent="There is no feature store.",
    )
