"""The calls, commands, resources and files that registries of models are known by."""

import re

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
