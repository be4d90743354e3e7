"""What kind of repository it is, and what cannot be asked of that kind."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from maturity_assessment.evidence import Finding, Status

if TYPE_CHECKING:
    from .scan.repository import Repository

END_TO_END = "end_to_end"
TRAINING = "training"
SERVING = "serving"
BATCH = "batch"
LIBRARY = "library"
TEMPLATE = "template"
COURSE = "course"
MONOREPO = "monorepo"
SCOPES = (END_TO_END, TRAINING, SERVING, BATCH, LIBRARY, TEMPLATE, COURSE, MONOREPO)

CREATION = (
    "experiment_tracking data_versioning data_validation pipeline_orchestration ci_trains_model"
    " auto_retraining model_quality_gate champion_challenger_or_ab tests_data"
).split()
OPERATION = (
    "online_serving batch_scoring cd_deploy service_metrics drift_monitoring k8s iac"
    " auto_retraining champion_challenger_or_ab"
).split()
# What a repository of this kind leaves to another one. Present evidence counts all the same.
ELSEWHERE: Mapping[str, list[str]] = {
    SERVING: CREATION,
    BATCH: ["online_serving", "service_metrics"],
    LIBRARY: sorted(
        {*CREATION, *OPERATION, "model_registry", "model_card", "fairness"}
    ),
}
TRAINS = (
    "*.fit",
    "*.fit_generator",
    "*.fit_transform",
    "*.backward",
    "*.train",
    "xgboost.train",
    "lightgbm.train",
    "*.train_on_batch",
    "*Estimator.fit",
    "*.partial_fit",
)
SUBMITS = (
    "azureml.*Estimator",
    "azureml.*PythonScriptStep",
    "sagemaker.*.fit",
    "sagemaker.*TrainingStep",
    "google.cloud.aiplatform.Custom*Job*",
    "*.CustomPythonPackageTrainingJob",
)
# Objects whose `fit` or `train` prepares data or only sets a mode.
NOT_MODELS = re.compile(
    r"(Scaler|Encoder|Imputer|Vectorizer|Tokenizer|Transformer|PCA|Binarizer|Discretizer|preprocess"
    r"|\.eval|module\.train|model\.train)$",
    re.I,
)
LESSON = re.compile(
    r"^(\d{1,2}[-_. ]|lesson|chapter|module|week|session|unit|exercise|lab|day|part|cohort)",
    re.I,
)
MANIFESTS = (
    "pyproject.toml",
    "setup.py",
    "Pipfile",
    "requirements.txt",
    "environment.yml",
    "environment.yaml",
    "package.json",
)


def find_scope(repository: "Repository") -> str:
    """Say what kind of repository it is."""
    if is_template(repository):
        return TEMPLATE
    parts = subprojects(repository)
    if is_course(repository, parts):
        return COURSE
    trained = training_places(repository)
    if (
        len(
            {
                part
                for part in parts
                if any(place.startswith(f"{part}/") for place in trained)
            }
        )
        >= 2
    ):
        return MONOREPO
    return by_activity(repository, bool(trained) or submits(repository))


def by_activity(repository: "Repository", trains: bool) -> str:
    """Tell by whether models are trained, asked over the network or run on batches."""
    serves, scores = serves_model(repository), scores_batches(repository)
    if trains:
        return END_TO_END if serves or deploys(repository) else TRAINING
    if serves:
        return SERVING
    if scores:
        return BATCH
    return LIBRARY if is_package(repository) else TRAINING


def is_template(repository: "Repository") -> bool:
    """Whether the files are there to be rendered, by cookiecutter, copier or cruft's kind."""
    marks = repository.top("cookiecutter.json", "copier.yml", "copier.yaml")
    return bool(marks) or any("{{" in path.split("/")[0] for path in repository.inside)


def subprojects(repository: "Repository") -> list[str]:
    """Give the folders, one or two deep, that look like projects of their own."""
    folders: Counter[str] = Counter()
    for path in repository.find(*MANIFESTS, without=("test", "docs")):
        folder = path.rpartition("/")[0]
        inside = folder[len(repository.subdir) :].strip("/")
        if inside and inside.count("/") < 2:
            folders[folder] += 1
    return [folder for folder in folders if repository.has(f"{folder}/README.md")]


def is_course(repository: "Repository", parts: list[str]) -> bool:
    """Whether most folders at the top are lessons."""
    tops = {
        path[len(repository.subdir) :].strip("/").split("/")[0]
        for path in repository.inside
        if "/" in path
    }
    lessons = [top for top in tops if LESSON.match(top)]
    return len(lessons) >= 3 and (len(lessons) * 2 >= len(tops) or bool(parts))


def training_places(repository: "Repository") -> list[str]:
    """Give the files that train a model, tests and documents left out."""
    calls = repository.python.calls(*TRAINS, without=("test", "docs", "generated"))
    found: list[str] = []
    for call in calls:
        owner = call.name.rpartition(".")[0]
        if (
            not NOT_MODELS.search(owner)
            and not NOT_MODELS.search(call.name)
            and call.name.rpartition(".")[2] != "fit_transform"
        ):
            found.append(call.path)
    return list(dict.fromkeys(found))


def submits(repository: "Repository") -> bool:
    """Whether code hands training to a platform."""
    return bool(repository.python.calls(*SUBMITS, without=("test", "docs")))


def serves_model(repository: "Repository") -> bool:
    """Whether code that answers requests is there: a web service or a model server's settings."""
    for path, module in repository.python.modules.items():
        if module.notebook or "test" in repository.files[path].classes:
            continue
        if module.makes_service or {"init", "run"} <= module.definitions.keys():
            return True
    return bool(repository.find("config.pbtxt", "bentofile.yaml", "cog.yaml"))


def scores_batches(repository: "Repository") -> bool:
    """Whether a script asks a model for predictions."""
    calls = repository.python.calls(
        "*.predict", "*.predict_proba", without=("test", "notebook", "docs")
    )
    return any(
        repository.python.operational(call.path, call.function) for call in calls
    )


def deploys(repository: "Repository") -> bool:
    """Whether there is what a model runs on: an endpoint or a manifest."""
    calls = repository.python.calls(
        "*.deploy",
        "*.create_endpoint",
        "*.begin_create_or_update",
        "*.ModelBatchPredictOp",
        "*.ParallelRunStep",
    )
    return bool(calls or repository.manifests)


def is_package(repository: "Repository") -> bool:
    """Whether the project is built to be installed by others."""
    if repository.top("setup.py", "setup.cfg"):
        return True
    return any(
        "build-system" in repository.toml(path)
        for path in repository.top("pyproject.toml")
    )


def apply_scope(finding: Finding, scope: str) -> Finding:
    """Turn `absent` into `not assessable` where this kind of repository leaves it to another."""
    if finding.status != Status.ABSENT or finding.capability not in ELSEWHERE.get(
        scope, ()
    ):
        return finding
    kind = scope.replace("_", "-")
    why = f"A repository of the kind `{kind}` leaves this to another one: ask there."
    return replace(finding, status=Status.NOT_ASSESSABLE, why=why)
