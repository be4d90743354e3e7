"""Training that logs its parameters and metrics to a tracker.

MLflow, Weights & Biases, Comet, Neptune, ClearML, DVCLive, Aim, SwanLab, Sacred, Azure ML,
Vertex AI and SageMaker count: called, as a logger or callback of a framework, or named in
`report_to`. A logger that is off unless somebody asks for it, TensorBoard, a notebook or a
file of metrics is half of it.
"""

from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.python import Call
from maturity_assessment.scan.repository import Repository

from ._findings import conclude
from ._guards import off_by_default
from ._places import cite_use

ADVICE = (
    "Log parameters, metrics and the model of every run to a tracker such as MLflow."
)
PRONE = (
    "Medium: a tracker behind a wrapper that is installed from elsewhere is not seen."
)

TRACKERS = (
    "mlflow.log_*",
    "mlflow.start_run",
    "mlflow.*autolog",
    "mlflow.evaluate",
    "mlflow.*log_model",
    "*.MlflowClient.log_*",
    "*.MlflowClient.create_run",
    "wandb.init",
    "wandb.log",
    "wandb.integration.*",
    "wandb.keras.*",
    "comet_ml.*Experiment",
    "comet_ml.start",
    "comet_ml.login",
    "neptune.init*",
    "neptune.new.init*",
    "neptune.create_experiment",
    "neptune.log_metric",
    "clearml.Task.init",
    "trains.Task.init",
    "dvclive.*",
    "dvclive.Live.*",
    "aim.Run",
    "aim.*.AimLogger",
    "aim.*.AimCallback",
    "swanlab.init",
    "swanlab.log",
    "trackio.init",
    "sacred.Experiment",
    "azureml.*Run.log*",
    "azureml.*.get_context.log*",
    "azureml.*.get_context.parent.log*",
    "azureml.*.start_logging",
    "google.cloud.aiplatform.start_run",
    "google.cloud.aiplatform.log_*",
    "google.cloud.aiplatform.autolog",
    "sagemaker.experiments.*",
    "sagemaker.*PipelineExperimentConfig",
    "smexperiments.*",
    "polyaxon.tracking.*",
    "guild.*",
    "verta.Client",
    "rubicon_ml.*",
    "labml.experiment.*",
)
LOGGERS = (
    "WandbLogger MLFlowLogger MLflowLogger CometLogger NeptuneLogger ClearMLLogger"
    " AimLogger DVCLiveLogger DVCLiveCallback MLflowLoggerCallback MlflowLoggerCallback"
    " WandbLoggerCallback CometLoggerCallback setup_mlflow setup_wandb WandbCallback"
    " WandbMetricsLogger MLflowCallback MlflowCallback NeptuneCallback"
    " WeightsAndBiasesCallback MlflowArtifactDataset MlflowMetricsHistoryDataset"
    " SwanLabLogger SwanLabCallback WandbLoggerHook MLflowVisBackend WandbVisBackend"
    " AzureMLLogger AzureMLCallback CometMLCallback"
).split()
# Files of metrics that a person must collect.
HALF = (
    "*.SummaryWriter",
    "*.TensorBoardLogger",
    "*.callbacks.TensorBoard",
    "tensorflow.summary.*",
    "tensorboardX.*",
    "*.CSVLogger",
    "*.Metrics.log_metric",
    "*.ClassificationMetrics.log_*",
    "*.import_model_evaluation",
)
OFF_MODES = ("disabled", "none", "null", "dryrun")


def detect(repository: Repository) -> Finding:
    """Look at calls, at loggers that configuration names, and at stages with metrics."""
    found = [*called(repository), *reported(repository), *configured(repository)]
    return conclude(
        "experiment_tracking",
        [*found, *half(repository)],
        present="Training is logged to a tracker.",
        partial=(
            "Runs can be tracked, but not by default, or only into files or a notebook."
        ),
        absent="No run is tracked.",
    )


def called(repository: Repository) -> Iterator[Evidence]:
    """Give the calls of a tracker; those under a switch that is off are weak."""
    patterns = (*TRACKERS, *(f"*.{name}" for name in LOGGERS), *LOGGERS)
    for call in repository.python.calls(*patterns, without=("test", "docs")):
        yield cite_use(
            repository, call, weak=off_by_default(repository, call) or muted(call)
        )


def muted(call: Call) -> bool:
    """Whether a call asks for a mode in which nothing is kept."""
    return (
        call.keywords.get("mode") in OFF_MODES or call.keywords.get("disabled") is True
    )


def reported(repository: Repository) -> Iterator[Evidence]:
    """Give the trainers of transformers that report to a tracker, or zenml's steps."""
    names = ("*TrainingArguments", "*SFTConfig", "*.TrainerConfig", "*Config")
    for call in repository.python.calls(*names, without=("test", "docs")):
        given = [
            text for text in call.texts("report_to") if text.lower() not in OFF_MODES
        ]
        if any(text.lower() not in ("tensorboard", "all") for text in given):
            yield cite_use(repository, call)
    for call in repository.python.calls(
        "google.cloud.aiplatform.init",
        "*.PipelineJob.submit",
        "*.PipelineJob.run",
        "*.Accelerator",
        without=("test",),
    ):
        if call.keywords.get("experiment") or call.keywords.get("log_with"):
            yield cite_use(repository, call)
    for call in repository.python.calls("zenml.*step", "zenml.step", without=("test",)):
        if "experiment_tracker" in call.keywords:
            yield cite_use(repository, call)


def configured(repository: Repository) -> Iterator[Evidence]:
    """Give what configuration names: a plugin's file, or loggers that hydra may create."""
    for path in repository.find("mlflow.yml", "**/conf/**/mlflow.yml"):
        if repository.yaml(path).any("tracking", "server", "mlflow_tracking_uri"):
            yield repository.cite(path, 1, "config", Strength.MEDIUM)
    for path in repository.find("*.yaml", "*.yml", without=("docs", "test")):
        text = repository.read(path)
        if "wandb_project" in text:
            yield from projects(repository, path)
        if ("_target_" in text or "class_path" in text) and any(
            one in text for one in LOGGERS
        ):
            yield from loggers(repository, path)


def projects(repository: Repository, path: str) -> Iterator[Evidence]:
    """Give the settings of a trainer that name a project of Weights & Biases."""
    for key, value in repository.yaml(path).walk():
        if key == "wandb_project" and value.text not in ("", "null", "none"):
            yield repository.cite(path, value.line, "config", Strength.MEDIUM)


def loggers(repository: Repository, path: str) -> Iterator[Evidence]:
    """Give the loggers that one file names: weak unless some defaults choose the file."""
    group, name = path.rsplit("/", 2)[-2:] if path.count("/") else ("", path)
    for key, value in repository.yaml(path).walk():
        if (
            key in ("_target_", "class_path")
            and value.text.rpartition(".")[2] in LOGGERS
        ):
            chosen = group != "logger" or chooses(
                repository, group, name.rpartition(".")[0]
            )
            strength = Strength.MEDIUM if chosen else Strength.WEAK
            yield repository.cite(path, value.line, "config", strength)


def chooses(repository: Repository, group: str, name: str) -> bool:
    """Whether a file of defaults takes this one of its group, directly or by a list of them."""
    for path in repository.find("*.yaml", without=("test",)):
        if "/experiment/" in f"/{path}" or "defaults:" not in repository.read(path):
            continue
        for one in repository.yaml(path).get("defaults").each():
            for key, value in one.items():
                if key.removeprefix("override ").strip("/") == group:
                    if name in [text.text for text in value.texts()]:
                        return True
    return False


def half(repository: Repository) -> Iterator[Evidence]:
    """Give what keeps metrics without a tracker."""
    for call in repository.python.calls(*HALF, without=("test", "docs")):
        yield cite_use(repository, call, weak=True)
    for path in repository.find("dvc.yaml"):
        root = repository.yaml(path)
        for _, stage in [("", root), *root.get("stages").items()]:
            metrics = stage.get("metrics") or stage.get("do", "metrics")
            if metrics:
                yield repository.cite(path, metrics.line, "config", Strength.WEAK)
