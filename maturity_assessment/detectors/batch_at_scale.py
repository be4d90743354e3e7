"""Batches that need not fit into memory: predictions on an engine of many machines, or by parts.

Spark, Beam, Ray Data, Dask or a platform's batch job that ask the model, or a job that reads
its rows part by part. One that cuts a table which it has read whole is partial at most.
"""

from collections.abc import Iterator
from dataclasses import replace

from maturity_assessment.evidence import Evidence, Finding, Status, Strength
from maturity_assessment.scan.python import Call
from maturity_assessment.scan.repository import Repository

from ._broken import lacks
from ._findings import cite_call, conclude
from ._models import calls_by_function, is_prediction, reached_calls
from ._resources import cite_yaml
from .batch_scoring import PLATFORM
from .batch_scoring import detect as detect_scoring

ADVICE = "Read, score and write part by part, or hand the rows to an engine of many machines."
PRONE = "Medium: a warehouse that predicts in SQL by a function of its own is not seen."

ENGINES = (
    "*.mapInArrow",
    "*.mapInPandas",
    "*.mapPartitions",
    "*.map_partitions",
    "*.map_batches",
    "pyspark.sql.functions.pandas_udf",
    "pyspark.sql.functions.udf",
    "*.predict_batch_udf",
    "mlflow.pyfunc.spark_udf",
    "*.foreachBatch",
)
PARTS = (
    "*.iter_batches",
    "*.scan_parquet",
    "*.scan_csv",
    "*.read_csv_batched",
    "*.to_batches",
    "*.fetchmany",
    "*.sink_parquet",
    "*.collect_batches",
)


def detect(repository: Repository) -> Finding:
    """Look at engines and platforms, and at jobs that read part by part."""
    python, unwanted = repository.python, ("test", "docs")
    found = [
        cite(repository, call) for call in python.calls(*PLATFORM, without=unwanted)
    ]
    found += [
        cite(repository, call)
        for call in python.calls("mlflow.pyfunc.spark_udf", without=unwanted)
    ]
    for call in [
        *python.calls(*ENGINES, *PARTS, without=unwanted),
        *chunked(repository),
    ]:
        if asks(repository, call):
            found.append(cite(repository, call))
    if detect_scoring(repository).status != Status.PRESENT:
        # Predictions that nothing stores are no batch, however many there are.
        found = [replace(one, strength=Strength.WEAK) for one in found]
    found += cite_yaml(repository, "$schema", r"batch(endpoint|deployment)")
    return conclude(
        "batch_at_scale",
        found,
        present="A batch of any size can be scored.",
        partial="An engine for large batches is used, but only aside.",
        absent="A batch must fit into memory.",
    )


def chunked(repository: Repository) -> Iterator[Call]:
    """Give the calls that read a table in chunks."""
    for call in repository.python.calls(
        "*.read_csv", "*.read_sql*", "*.read_json", without=("test", "docs")
    ):
        if call.keywords.get("chunksize") or call.keywords.get("iterator") is True:
            yield call


def asks(repository: Repository, call: Call) -> bool:
    """Whether the function that a call stands in comes to a prediction."""
    known = calls_by_function(repository)
    start = (call.path, call.function)
    calls = [*known.get(start, []), *reached_calls(repository, [start])]
    return any(map(is_prediction, calls))


def cite(repository: Repository, call: Call) -> Evidence:
    """Make evidence of a call, with what makes its module useless."""
    why = lacks(repository, call.path)
    evidence = cite_call(repository, call, *([why] if why else []))
    weak = "notebook" in repository.files[call.path].classes
    return repository.cite(
        evidence.path,
        evidence.line,
        evidence.kind,
        Strength.WEAK if weak else evidence.strength,
        evidence.reasons,
        evidence.excerpt,
    )
