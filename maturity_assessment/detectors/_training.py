"""What trains a model: calls that fit one, calls and commands that hand it to a platform."""

import re
from functools import lru_cache

from maturity_assessment.scan.commands import Leaf
from maturity_assessment.scan.python import Call
from maturity_assessment.scan.repository import Repository

from ._called import called

FITS = (
    "*.fit",
    "*.fit_generator",
    "*.partial_fit",
    "*.train_on_batch",
    "*.backward",
    "*.GradientTape.gradient",
    "*.fit_one_cycle",
    "*.fine_tune",
    "*.train",
    "*.train_and_evaluate",
    "*.fit_predict",
    "pycaret.*.create_model",
    "pycaret.*.compare_models",
)
# Objects whose `fit` only prepares data, and explainers, which learn no model.
PREPARES = re.compile(
    r"(scaler|encoder|imputer|vectorizer|tokenizer|transformer|pca|binarizer|discretizer"
    r"|preprocess\w*|explainer|selector|normalizer|word2vec|featuri[sz]er|processor)\w*$",
    re.I,
)
# `model.train()` of PyTorch only sets a mode; these train.
TRAINERS = re.compile(
    r"(trainer|yolo|ultralytics|xgboost|lightgbm|lgb|xgb|catboost|h2o|ludwig|rasa|spacy"
    r"|autogluon"
    r"|fasttext|estimator|learner)",
    re.I,
)
# Calls that hand training, or a pipeline that trains, to something else that runs it.
SUBMITS = (
    "*.PipelineJob.submit",
    "*.PipelineJob.run",
    "*.CustomTrainingJob.run",
    "*.CustomContainerTrainingJob.run",
    "*.CustomPythonPackageTrainingJob.run",
    "*.CustomJob.run",
    "*.CustomJob.submit",
    "*.HyperparameterTuningJob.run",
    "*.AutoML*TrainingJob.run",
    "kfp.Client.*run*",
    "kfp.*.Client.*run*",
    "*.create_run_from_pipeline_func",
    "*.create_run_from_pipeline_package",
    "*.Experiment.submit",
    "azureml.*.submit",
    "*.PublishedPipeline.submit",
    "*.jobs.create_or_update",
    "sagemaker.*.fit",
    "sagemaker.*Pipeline.start",
    "sagemaker.*Pipeline.upsert",
    "*.create_training_job",
    "*.start_pipeline_execution",
    "*.create_hyper_parameter_tuning_job",
    "*.JobSubmissionClient.submit_job",
    "dvc.repo.Repo.reproduce",
    "dvc.api.exp_*",
    "mlflow.projects.run",
    "mlflow.run",
    "prefect.deployments.run_deployment",
    "*.jobs.run_now",
    "*.jobs.submit",
    "metaflow.Runner.run",
    "tfx.*DagRunner.run",
    "*.LocalDagRunner.run",
    "*.KubeflowV2DagRunner.run",
)
OF_DVC = ("dvc repro", "dvc exp run", "dvc experiments run")
COMMANDS = (
    "mlflow run",
    "kedro run",
    "yolo train",
    "yolo detect train",
    "rasa train",
    "spacy train",
    "ludwig train",
    "ludwig experiment",
    "autotrain",
    "allennlp train",
    "fairseq-train",
    "tune run",
    "mlflow recipes run",
    "az ml job create",
    "az ml run submit-pipeline",
    "az ml run submit-script",
    "aws sagemaker create-training-job",
    "aws sagemaker start-pipeline-execution",
    "gcloud ai custom-jobs create",
    "gcloud ai-platform jobs submit",
    "gcloud ml-engine jobs submit",
    "run-pipeline",
    "zenml pipeline run",
    "dagster job execute",
    "snakemake",
)
# Commands that run whatever they are told: it is training where their words say so.
CARRIERS = frozenset(
    "az aws gcloud kfp argo kubectl oc sky ray anyscale databricks prefect dagster"
    " airflow zenml flytectl pyflyte curl gh papermill jupyter Rscript julia sbatch"
    " modal dstack lightning luigi metaflow bash sh http runpodctl accelerate torchrun"
    " deepspeed dbx spark-submit polyaxon clearml-task wandb nvflare".split()
)
# In `TrainModel` a capital ends the word, in `constraint` nothing does.
WORD = re.compile(
    r"(?<![a-z])(?:(?:re)?[_-]?train(?:ing|er)?|RE[_-]?TRAIN(?:ING)?|TRAIN(?:ING|ER)?"
    r"|(?:Re)?[_-]?Train(?:ing|er)?)"
    r"(?![a-z])|[a-z](?:Re)?[Tt]rain(?=[A-Z])|(?<=[a-z])(?:Re)?Train(?:ing)?(?![a-z])"
)
# What is trained on, and how it is split off, is no training.
OF_ROWS = re.compile(
    r"(?<![a-z])train(ing)?[-_ ]?(test[-_ ]split|data|dataset|set|split|rows|csv)s?(?![a-z])",
    re.I,
)
NOT_RUN = re.compile(
    r"(?<![a-z])(pretrained|constraint|--help|--version|--dry-run|delete|describe|list|get|logs"
    r"|download|install|upload|rm|cp|mkdir|cat|ls|builds?"
    r"|artifacts|secrets|storage|functions|scale|rollout)(?![a-z])",
    re.I,
)
ACTION = re.compile(
    r"(aml|azureml|sagemaker|vertex|mlpublishedpipeline|databricks|kubeflow|dvc-repro|mlops)",
    re.I,
)
Node = tuple[str, str]


def is_fit(call: Call) -> bool:
    """Whether a call that fits or trains something does so to a model."""
    owner, _, last = call.name.rpartition(".")
    holder = owner.rpartition(".")[2]
    if PREPARES.search(holder) or PREPARES.search(owner) and "." not in owner:
        return False
    if last == "train":
        return bool(TRAINERS.search(owner)) or bool(call.args[1:] or call.keywords)
    if last == "backward":
        return not call.args[1:]
    return bool(owner)


@lru_cache(maxsize=2)
def find_fits(repository: Repository) -> tuple[Call, ...]:
    """Give the calls that fit a model, those of tests and notebooks included."""
    calls = repository.python.calls(*FITS, without=("docs", "generated"))
    return tuple(call for call in calls if is_fit(call))


@lru_cache(maxsize=2)
def find_submits(repository: Repository) -> tuple[Call, ...]:
    """Give the calls that hand a run to a platform."""
    return tuple(repository.python.calls(*SUBMITS, without=("docs", "generated")))


def is_source(repository: Repository, path: str) -> bool:
    """Whether a file is neither a test nor a notebook."""
    return not repository.python.modules[path].notebook and (
        "test" not in repository.files[path].classes
    )


@lru_cache(maxsize=2)
def training_nodes(repository: Repository) -> frozenset[Node]:
    """Give the functions of the project's source that fit a model."""
    fits = find_fits(repository)
    return frozenset(
        (call.path, call.function) for call in fits if is_source(repository, call.path)
    )


@lru_cache(maxsize=2)
def submitting_nodes(repository: Repository) -> frozenset[Node]:
    """Give the functions that hand a run to a platform."""
    return frozenset((call.path, call.function) for call in find_submits(repository))


def starts_of(repository: Repository, leaf: Leaf) -> set[Node]:
    """Give the functions that a command starts with."""
    found = set(repository.commands.dispatched(leaf))
    if leaf.script:
        found |= {(leaf.script, ""), (leaf.script, leaf.function or "")}
    return found


def reach_of(repository: Repository, starts: set[Node]) -> set[Node]:
    """Give what a run that starts there may go through."""
    return repository.python.graph.reach(starts) if starts else set()


def how_it_trains(repository: Repository, leaf: Leaf) -> str:
    """Say how a command trains: `fit` here, `submit` elsewhere, by its `name`, or not at all."""
    if set(leaf.args) & {"--help", "-h", "--version", "--dry-run", "--dry"}:
        return ""
    if leaf.tool in ("pytest", "unittest", "tox", "nox", "docker", "podman"):
        return how_tests_train(repository, leaf) if leaf.tool == "pytest" else ""
    if leaf.runs(*OF_DVC, *COMMANDS):
        return by_command(repository, leaf)
    starts = starts_of(repository, leaf)
    reached = reach_of(repository, starts)
    if reached & submitting_nodes(repository):
        return "submit"
    trains = reached & training_nodes(repository)
    if trains and trains & called(repository, starts, reached):
        return "fit"
    return by_name(leaf)


def by_command(repository: Repository, leaf: Leaf) -> str:
    """Judge a command that trains by what it is, or that repeats the stages of DVC."""
    if leaf.runs(*OF_DVC):
        return "fit" if stages_train(repository) else ""
    return "submit" if leaf.tool in ("az", "aws", "gcloud") else "fit"


@lru_cache(maxsize=2)
def stages_train(repository: Repository) -> bool:
    """Whether a stage of DVC trains, by its name or its command; so where no stage is seen."""
    paths = repository.find("dvc.yaml")
    names = [n for path in paths for n in repository.yaml(path).get("stages").keys()]
    if not names or any(map(named_training, names)):
        return True
    stages = [
        leaf for leaf in repository.commands.tasks if leaf.places[0].path in paths
    ]
    return any(how_it_trains(repository, one) for one in stages if one.tool != "dvc")


def by_name(leaf: Leaf) -> str:
    """Judge a command whose code is not seen by what it is called."""
    if "/" in leaf.tool or "@" in leaf.tool:
        return by_action(leaf)
    if "." in leaf.tool:  # a task of Azure Pipelines, or a module that is not seen
        last = leaf.tool.rpartition(".")[2]
        return (
            by_action(leaf)
            if leaf.step and leaf.step.uses
            else "name" * named_training(last)
        )
    words = [word for word in leaf.args if not word.startswith("-")]
    if leaf.tool == "python":
        script = next((w for w in words if w.endswith((".py", ".ipynb"))), "")
        return "name" if not leaf.script and named_training(script) else ""
    if leaf.tool in CARRIERS and named_training(leaf.text):
        return "" if NOT_RUN.search(" ".join(words[:3])) else "submit"
    return ""


def by_action(leaf: Leaf) -> str:
    """Judge an action or a task that a workflow uses."""
    if leaf.tool.startswith(("actions/", "./")) or "checkout" in leaf.tool:
        return ""
    if named_training(leaf.tool):
        return "submit"
    runs = re.search(r"run|pipeline|job|submit|invoke|repro", leaf.tool, re.I)
    platform = (
        ACTION.search(leaf.tool)
        or named_training(leaf.text)
        and ACTION.search(leaf.text)
    )
    return "submit" if runs and platform else ""


def named_training(text: str) -> bool:
    """Whether a text speaks of training as a thing to run."""
    bare = re.sub(r"(^|/)test_\w+", "", text)
    return bool(WORD.search(OF_ROWS.sub("", bare)))


def how_tests_train(repository: Repository, leaf: Leaf) -> str:
    """Say whether tests train: `submit` where they start a platform's run, else `test`."""
    paths = tested_paths(repository, leaf)
    whole = [
        path
        for path in paths
        if re.search(r"e2e|end_?to_?end|integration|system", path)
    ]
    if nodes_of(repository, whole) & submitting_nodes(repository):
        return "submit"
    inside = {(call.path, call.function) for call in find_fits(repository)}
    starts, reached = starts_in(repository, paths), nodes_of(repository, paths)
    trains = reached & inside
    return "test" * bool(trains and trains & called(repository, starts, reached))


def tested_paths(repository: Repository, leaf: Leaf) -> list[str]:
    """Give the files of tests that a call of pytest runs."""
    wanted = [w for w in leaf.args if not w.startswith("-")]
    return [
        path
        for path in repository.python.modules
        if "test" in repository.files[path].classes
        and path.startswith(f"{leaf.cwd}/" if leaf.cwd else "")
        and (not wanted or any(fixed(word) in path for word in wanted))
    ]


def fixed(word: str) -> str:
    """Give the part of a path that is known: before a variable, a pattern or a test's name."""
    return re.split(r"[$*]|::", word.strip("./"))[0].strip("/")


def nodes_of(repository: Repository, paths: list[str]) -> set[Node]:
    """Give what the tests of some files may go through."""
    return reach_of(repository, starts_in(repository, paths))


def starts_in(repository: Repository, paths: list[str]) -> set[Node]:
    """Give every function of some files, and their bodies."""
    modules = repository.python.modules
    return {(path, name) for path in paths for name in ("", *modules[path].definitions)}
