"""A job that scores a table of rows and stores the predictions.

In code of its own: what a model gave is written to a file or a table by a function that an
entry point reaches and that does not train the model first. On a platform: a batch prediction,
a transform job, a parallel run step, a batch endpoint, or SQL that predicts. A file of a
competition, a backtest, a script that measures and a file that answers a request are partial;
one answer after the other that goes onto a stream is none.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._findings import ASIDE, cite_call, cite_leaf, conclude, first_lines, weaken
from ._flow import TRAINS, Flow, find_flows
from ._models import calls_by_function, is_prediction
from ._resources import cite_resources, cite_yaml
from ._services import find_handlers

ADVICE = "Write a command that reads new rows, asks the registered model and stores what it says."
PRONE = "Medium: rows and predictions that travel through a framework's catalogue are not seen."

PLATFORM = (
    "google.cloud.aiplatform*.batch_predict",
    "*Model.batch_predict",
    "*.BatchPredictionJob.create",
    "*.BatchPredictionJob.submit",
    "*.create_batch_prediction_job",
    "*.ModelBatchPredictOp",
    "*.create_transform_job",
    "sagemaker.*.transformer",
    "*.workflow.steps.TransformStep",
    "*.ParallelRunStep",
    "*.parallel_run_function",
    "*.BatchEndpoint",
    "*.*BatchDeployment",
    "apache_beam.ml.inference.*RunInference",
    "*FeatureStoreClient.score_batch",
    "*FeatureEngineeringClient.score_batch",
    "*.SageMakerTransformOperator*",
    "*.CreateBatchPredictionJobOperator",
)
COMMANDS = (
    "az ml batch-endpoint invoke",
    "az ml batch-endpoint create",
    "az ml batch-deployment create",
    "aws sagemaker create-transform-job",
    "gcloud ai batch-prediction-jobs create",
    "mlflow models predict",
)
SQL = re.compile(
    r"\b(ML\.(PREDICT|FORECAST)|ai_query|PREDICTION_\w+|PREDICT)\s*\(", re.I
)
ONCE = re.compile(r"(submission|kaggle|backtest|leaderboard|competition)", re.I)


def detect(repository: Repository) -> Finding:
    """Look at jobs of platforms, at the way of predictions in code, and at SQL."""
    found = [
        *platform(repository),
        *own(repository),
        *sql(repository),
        *notebooks(repository),
    ]
    return conclude(
        "batch_scoring",
        found,
        present="A job scores a table and stores the predictions.",
        partial=(
            "Predictions are stored, but only for a competition, a backtest, an evaluation"
            " or one request."
        ),
        absent="No job stores predictions of a table.",
    )


def platform(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of batch predictions that a platform runs."""
    for call in repository.python.calls(*PLATFORM, without=("test", "docs")):
        yield cite_call(repository, call)
    leaves = [leaf for leaf in repository.commands.all if leaf.runs(*COMMANDS)]
    yield from (cite_leaf(repository, leaf) for leaf in first_lines(leaves))
    yield from cite_yaml(repository, "$schema", r"batch(endpoint|deployment)")
    yield from cite_resources(repository, "azurerm_machine_learning_batch*")
    for path, module in repository.python.modules.items():
        run = module.definitions.get("run")
        if run is not None and "init" in module.definitions and not module.notebook:
            if run.parameters[:1] in (("mini_batch",), ("minibatch",)):
                strength = weaken(repository, path, Strength.STRONG)
                yield repository.cite(path, run.line, "ast", strength)


def own(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of functions that write down what a model gave."""
    answering = {handler.node for handler in find_handlers(repository)}
    for (path, name), flow in find_flows(repository).items():
        if not flow.writes or set(ASIDE[:2]) & repository.files[path].classes:
            continue
        reached = repository.python.operational(path, name)
        once = flow.trains or flow.measures or ONCE.search(f"{path} {name}")
        line = repository.lines(path)[flow.writes - 1]
        weak = (
            once
            or (path, name) in answering
            or not reached
            or ONCE.search(line)
            or trains_before(repository, path, flow)
        )
        strength = Strength.WEAK if weak else Strength.STRONG
        yield repository.cite(
            path, flow.writes, "ast", weaken(repository, path, strength)
        )


def trains_before(repository: Repository, path: str, flow: Flow) -> bool:
    """Whether the body of a script, as in a competition, trains what it then asks."""
    calls = repository.python.modules[path].calls
    top = flow is find_flows(repository).get((path, ""))
    return top and any(call.word in TRAINS for call in calls)


def sql(repository: Repository) -> Iterator[Evidence]:
    """Make evidence of SQL that predicts."""
    for path in repository.find(
        "*.sql", "*.sqlx", "*.sql.j2", without=("test", "docs")
    ):
        found = SQL.search(repository.read(path))
        if found:
            line = repository.read(path).count("\n", 0, found.start()) + 1
            yield repository.cite(
                path, line, "text", weaken(repository, path, Strength.MEDIUM)
            )


def notebooks(repository: Repository) -> Iterator[Evidence]:
    """Make weak evidence of notebooks that ask a model and write a table."""
    known = calls_by_function(repository)
    for path, module in repository.python.modules.items():
        calls = known.get((path, ""), []) if module.notebook else []
        writes = [
            call
            for call in calls
            if call.name.endswith((".to_csv", ".to_parquet", ".savetxt"))
        ]
        if writes and any(map(is_prediction, calls)):
            line = repository.python.line(path, writes[-1].line)
            excerpt = "" if line else writes[-1].name
            yield repository.cite(path, line, "notebook", Strength.WEAK, (), excerpt)
