"""A search for better hyperparameters, as code or as the configuration of a platform.

Optuna, Ray Tune, Hyperopt, Keras Tuner, scikit-learn's searches, Spark's CrossValidator, W&B
sweeps, Katib, NNI, and the tuning jobs of SageMaker, Vertex AI and Azure ML count.
"""

from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._findings import cite_leaf, conclude, first_lines
from ._places import cite_uses

ADVICE = (
    "Search hyperparameters inside the training data with Optuna, and log each trial."
)
PRONE = "Low: a loop written by hand over values is not seen."

SEARCHES = (
    "optuna.create_study",
    "optuna.*.create_study",
    "*.Study.optimize",
    "optuna.*OptunaSearchCV",
    "*.GridSearchCV",
    "*.RandomizedSearchCV",
    "*.Halving*SearchCV",
    "*.BayesSearchCV",
    "*.TuneSearchCV",
    "sklearn.model_selection.ParameterGrid",
    "sklearn.model_selection.ParameterSampler",
    "ray.tune.*",
    "hyperopt.fmin",
    "keras_tuner.*",
    "kerastuner.*",
    "skopt.*_minimize",
    "skopt.Optimizer",
    "wandb.sweep",
    "wandb.agent",
    "sagemaker.*HyperparameterTuner",
    "sagemaker.*TuningStep",
    "*.create_hyper_parameter_tuning_job",
    "*.HyperparameterTuningJob*",
    "azureml.*HyperDrive*",
    "azure.ai.ml.sweep.*",
    "*.hyperparameter_search",
    "*.CrossValidator",
    "*.TrainValidationSplit",
    "flaml.*",
    "*.tune_model",
    "ax.*.optimize",
    "ax.*AxClient",
    "smac.*",
    "autosklearn.*",
    "h2o.grid.*",
    "kubeflow.katib.*",
    "dask_ml.model_selection.*SearchCV",
    "mango.Tuner",
    "nevergrad.optimizers.*",
)
COMMANDS = ("wandb sweep", "wandb agent", "optuna", "nnictl create", "mlflow run-sweep")


def detect(repository: Repository) -> Finding:
    """Look at calls, at commands, and at files that describe a search."""
    leaves = [leaf for leaf in repository.commands.all if leaf.runs(*COMMANDS)]
    found = [cite_leaf(repository, leaf) for leaf in first_lines(leaves)]
    return conclude(
        "hyperparameter_search",
        [*found, *cite_uses(repository, *SEARCHES), *described(repository)],
        present="Hyperparameters are searched for by code.",
        partial=(
            "Hyperparameters are searched for only in a notebook, or by code nothing"
            " runs."
        ),
        absent="Nothing searches for better hyperparameters.",
    )


def described(repository: Repository) -> Iterator[Evidence]:
    """Give the files that describe a search: a sweep, Katib, Azure ML, hydra's sweeper."""
    for manifest in repository.manifests:
        if manifest.api.startswith("kubeflow.org") and manifest.kind == "Experiment":
            yield repository.cite(
                manifest.path, manifest.line, "config", Strength.STRONG
            )
    for path in repository.find("*.yaml", "*.yml", without=("docs", "test")):
        text = repository.read(path)
        if "sweep" not in text.lower() and "method" not in text:
            continue
        root = repository.yaml(path)
        sweep = root.get("method").text in ("bayes", "grid", "random") and root.get(
            "parameters"
        )
        azure = root.get("type").text == "sweep" and root.get("search_space")
        hydra = root.get("hydra", "sweeper", "_target_") or any(
            "sweeper" in key
            for one in root.get("defaults").each()
            for key in one.keys()
        )
        if sweep or azure or hydra:
            yield repository.cite(path, 1, "config", Strength.MEDIUM)
