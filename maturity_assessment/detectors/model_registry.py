"""Models kept as numbered versions in a registry, or in a store that names each version.

MLflow, W&B, Comet, Neptune, ClearML, Azure ML, SageMaker, Vertex AI, Hugging Face with a pinned
revision, BentoML, Hopsworks, Kubeflow's registry, GTO and an index of tasks count, registered
or read. A model file that DVC follows, or one copied to a bucket, is half of it; a folder that
is called a registry is nothing.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.commands import Leaf
from maturity_assessment.scan.python import Call, Name
from maturity_assessment.scan.repository import Repository

from ._findings import cite_leaf, conclude, first_lines
from ._places import cite_use, cite_uses
from ._remote import fixed_revision

ADVICE = (
    "Register each trained model as a version, and load models by version or alias."
)
PRONE = (
    "Medium: a registry behind a wrapper that is installed from elsewhere is not seen."
)

REGISTERS = (
    "mlflow.register_model",
    "*.create_registered_model",
    "*.create_model_version",
    "*.transition_model_version_stage",
    "*.set_registered_model_alias",
    "*.get_model_version_by_alias",
    "*.get_latest_versions",
    "*.search_model_versions",
    "*.set_model_version_tag",
    "wandb.*link_model",
    "wandb.*link_artifact",
    "wandb.*log_model",
    "*.run.link_artifact",
    "comet_ml.*register_model",
    "comet_ml.*log_model",
    "neptune.init_model*",
    "clearml.OutputModel",
    "clearml.InputModel",
    "azureml.*Model.register",
    "azureml.*register_model",
    "*.run.register_model",
    "*.register_model",
    "azureml.core.*Model.get_model_path",
    "azureml.core.Model",
    "azureml.core.model.Model",
    "*.models.create_or_update",
    "sagemaker.*RegisterModel",
    "sagemaker.*ModelStep",
    "sagemaker.*ModelPackage*",
    "*.create_model_package*",
    "*.update_model_package",
    "*.list_model_packages",
    "aws_cdk.*CfnModelPackageGroup",
    "*.CfnModelPackageGroup",
    "google.cloud.aiplatform.Model.upload",
    "google.cloud.aiplatform.*Model.upload",
    "google.cloud.aiplatform.*ModelRegistry*",
    "google_cloud_pipeline_components.*ModelUploadOp",
    "*.ModelUploadOp",
    "*.push_to_hub",
    "*.model_registry.ModelRegistry*",
    "hopsworks.*create_model",
    "*.get_model_registry*",
    "bentoml.*save_model",
    "bentoml.models.*",
    "gto.*",
    "kfp.*ModelRegistry*",
    "mlem.*",
    "modelscope.*push_model",
    "clearml.Model",
)
HUB = (
    "*.from_pretrained",
    "*.hf_hub_download",
    "*.snapshot_download",
    "*.load_from_hub",
)
LOGS = ("mlflow.*log_model", "mlflow.*save_model", "mlflow.*autolog", "*.MLFlowLogger")
LOADS = {"load_model", "spark_udf", "get_model_info", "load_context"}
COMMANDS = (
    "az ml model register",
    "az ml model create",
    "aws sagemaker create-model-package",
    "aws sagemaker update-model-package",
    "gcloud ai models upload",
    "gto register",
    "gto assign",
    "bentoml push",
    "huggingface-cli upload",
    "hf upload",
    "wandb artifact put",
)
# Commands that copy files into a store; of models that is half of a registry.
COPIES = (
    "aws s3 cp",
    "aws s3 sync",
    "gsutil cp",
    "gsutil rsync",
    "gcloud storage cp",
    "gcloud storage rsync",
    "az storage blob upload",
    "az storage blob upload-batch",
    "azcopy copy",
    "rclone copy",
    "s3cmd put",
)
TERRAFORM = (
    "aws_sagemaker_model_package_group",
    "databricks_registered_model",
    "databricks_mlflow_model",
)
MODEL_FILE = re.compile(
    r"(^|/)(\w*[-_])?(models?|weights|checkpoints?|classifier|regressor)([-_.]\w+)?$"
    r"|\.(pkl|joblib|h5|keras|pt|pth|onnx|ckpt|safetensors|cbm)$",
    re.I,
)


def detect(repository: Repository) -> Finding:
    """Look at calls, commands, configuration and what DVC follows."""
    leaves = [leaf for leaf in repository.commands.all if leaf.runs(*COMMANDS)]
    found = [cite_leaf(repository, leaf) for leaf in first_lines(leaves)]
    copies = [leaf for leaf in repository.commands.all if is_model_copy(leaf)]
    found += [
        cite_leaf(repository, leaf, strength=Strength.WEAK)
        for leaf in first_lines(copies)
    ]
    found += list(cite_uses(repository, *REGISTERS))
    found += [*named(repository), *configured(repository), *followed(repository)]
    return conclude(
        "model_registry",
        found,
        present="Models are kept as versions in a registry.",
        partial="Models are kept, but not as versions of a registry that code uses.",
        absent="No registry of models is used.",
    )


def named(repository: Repository) -> Iterator[Evidence]:
    """Give what registers or reads by an argument: a name to register, a URI, a revision."""
    for call in repository.python.calls(*LOGS, without=("test",)):
        given = call.keywords.get(
            "registered_model_name", call.keywords.get("log_model")
        )
        if isinstance(given, (str, Name)) and given != "":
            yield cite_use(repository, call)
    for call in repository.python.calls(
        "mlflow.*load_model",
        "mlflow.*spark_udf",
        "*.TrainingJob.run",
        "*.Custom*TrainingJob.run",
        without=("test",),
    ):
        texts = [
            str(repository.python.value(call, one))
            for one in (*call.args, *call.keywords.values())
        ]
        if (
            any(text.startswith("models:/") for text in texts)
            or "model_display_name" in call.keywords
        ):
            yield cite_use(repository, call)
    for call in repository.python.calls(*HUB, without=("test",)):
        if fixed_revision(repository, call):
            yield cite_use(repository, call)
    for call in repository.python.calls(
        "wandb.*Artifact", "wandb.Artifact", without=("test",)
    ):
        if "model" in [call.argument(1, "type"), call.keywords.get("type")]:
            yield cite_use(repository, call)
    for call in repository.python.calls("*.use_artifact", without=("test",)):
        if any("model" in text.lower() for text in call.texts()):
            yield cite_use(repository, call)
    for path, module in repository.python.modules.items():
        yield from uris(repository, path, module.notebook)


def uris(repository: Repository, path: str, notebook: bool) -> Iterator[Evidence]:
    """Give the first place of a file that names a registered model by its URI."""
    if notebook or "test" in repository.files[path].classes:
        return
    called = {
        call.name.rpartition(".")[2] for call in repository.python.modules[path].calls
    }
    if "models:/" in repository.read(path) and called & LOADS:
        for number, text in enumerate(repository.lines(path), 1):
            if re.search(r"""f?["']models:/""", text) and not text.strip().startswith(
                "#"
            ):
                yield repository.cite(path, number, "ast", Strength.MEDIUM)
                return


def configured(repository: Repository) -> Iterator[Evidence]:
    """Give lists of models with a pinned revision, Terraform, and indexes of tasks."""
    for block in repository.blocks:
        if block.kind == "resource" and block.type in TERRAFORM:
            yield repository.cite(block.path, block.line, "config", Strength.STRONG)
    for path in repository.find(
        "*.toml", "*.yaml", "*.yml", "*.json", without=("test", "docs")
    ):
        if repository.files[path].size > 200_000 or path.startswith(".pre-commit"):
            continue
        text = repository.read(path)
        if re.search(r"\brepo_id\b", text) and re.search(
            r"\brevision\b\W+[0-9a-f]{7,40}", text
        ):
            line = text[: text.index("revision")].count("\n") + 1
            yield repository.cite(path, line, "config", Strength.STRONG)
        elif (
            re.search(r"^\s*-?\s*index\.[\w.{}$-]+|index-prefix", text, re.M)
            and "taskcluster" in text
        ):
            yield repository.cite(path, 1, "config", Strength.MEDIUM)
        elif (
            "ModelPackageGroup" in text and "AWS::SageMaker::ModelPackageGroup" in text
        ):
            yield repository.cite(path, 1, "config", Strength.STRONG)


def followed(repository: Repository) -> Iterator[Evidence]:
    """Give the models that DVC follows, which is half of a registry."""
    for path in repository.find("*.dvc"):
        if MODEL_FILE.search(path.removesuffix(".dvc")) and repository.yaml(path).get(
            "outs"
        ):
            yield repository.cite(path, 1, "config", Strength.WEAK)
    for path in repository.find("dvc.yaml"):
        root = repository.yaml(path)
        for _, one in root.get("artifacts").items():
            if one.get("type").text == "model":
                yield repository.cite(path, one.line, "config", Strength.WEAK)
        for _, stage in root.get("stages").items():
            for out in stage.get("outs").each():
                text = out.text or next(iter(out.keys()), "")
                if MODEL_FILE.search(text):
                    yield repository.cite(path, out.line, "config", Strength.WEAK)
    for call in repository.python.calls(
        "*.upload_file",
        "*.upload_fileobj",
        "*.upload_from_filename",
        "*.upload_blob",
        without=("test",),
    ):
        if is_model_upload(call):
            yield cite_use(repository, call, weak=True)


def is_model_upload(call: Call) -> bool:
    """Whether a file that is called a model is copied to a store."""
    words = [*call.texts(), *(one.dotted for one in call.args if isinstance(one, Name))]
    return any("model" in word.lower() for word in words)


def is_model_copy(leaf: Leaf) -> bool:
    """Whether a command copies what is called a model into a store."""
    if not leaf.runs(*COPIES):
        return False
    kept = [word for word in leaf.args if not word.startswith("-")]
    return any(re.search(r"model|checkpoint|mlruns", word, re.I) for word in kept[:-1])
