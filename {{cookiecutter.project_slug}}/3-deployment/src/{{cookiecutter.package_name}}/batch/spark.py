"""Score a batch on Spark: the machine's own cores, or the cluster that SPARK_MASTER names.

Spark reads Parquet and hands Arrow batches to the scorer of the local engine; a CSV is read by
the local engine's reader, block by block. Each machine needs Python with what the package was
made with; the package and this project's code are sent along.
Source: https://spark.apache.org/docs/latest/api/python/reference/pyspark.sql/api/pyspark.sql.DataFrame.mapInArrow.html
"""

import functools
import logging
import os
import re
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

# pylint: disable=import-error # `make engines` installs it
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import Column, DataFrame, SparkSession, functions, types

from ..progress import say, step
from ..refusal import Refusal
from ..scoring import manifest
from ..table import Table, read_table
from . import executor, output, sources, text
from .tasks import BATCH_ROWS, plan

CODE = Path(__file__).parent.parent
# Nothing calls out, and nobody is let in.
ALONE = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
}
SETTINGS = {
    "spark.sql.caseSensitive": "true",
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(BATCH_ROWS),
    # pandas writes nanoseconds, which Spark has no type for: they come as numbers.
    "spark.sql.legacy.parquet.nanosAsLong": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


@dataclass(frozen=True)
class Job:
    """A package, its table and what it is to score."""

    package: Path
    table: Table
    classes: list[str]
    data: str


def run(data: str, out: str, package: Path) -> None:
    """Score all rows into a folder of Parquet whose files, by name, hold them in order."""
    if "://" not in out:
        output.check(Path(out), Path(data), endings=(".parquet",))
    said, table = manifest.read(package), read_table(package / manifest.TABLE)
    job = Job(package, table, said["classes"], data)
    with start() as session:
        run_on(session, job, out)


def run_on(session: SparkSession, job: Job, out: str) -> None:
    """Score all rows on a session that is there."""
    with explaining(job.data), step("  Spark scores"):
        scored, names = score(session, job)
        scored.persist()  # to put the rows in order, Spark looks at them twice
        rows = scored.count()
        if not rows:
            raise Refusal(f"{job.data} holds no row to score.")
        save(scored, names, out)
    say(f"  {rows:,} rows, in the order of their files' paths")


@contextmanager
def start() -> Iterator[SparkSession]:
    """Start a session with this project's code on it; its chatter goes to a file."""
    # What went wrong is said once, by us.
    logging.getLogger("DataFrameQueryContextLogger").disabled = True
    master = os.environ.get("SPARK_MASTER") or "local[*]"
    settings = SETTINGS | (ALONE if master.startswith("local") else {})
    if master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", FutureWarning
        )  # of pandas 3, which we do not use
        with step(f"  Spark starts on {master}"), _muffled(Path(folder) / "log"):
            builder = SparkSession.builder.master(master).appName(__name__)
            for name, value in settings.items():
                builder = builder.config(name, value)
            session = builder.getOrCreate()
            session.sparkContext.addPyFile(zip_code(Path(folder)))
        try:
            yield session
        finally:
            session.stop()


@contextmanager
def _muffled(log: Path) -> Iterator[None]:
    """Let the Java that starts meanwhile write its errors to a file."""
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with log.open("wb") as file:
            os.dup2(file.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def zip_code(folder: Path) -> str:
    """Pack this project's code for the machines that lack it."""
    whole = folder / "code"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(CODE, whole / CODE.name, ignore=ignored)
    return shutil.make_archive(str(folder / CODE.name), "zip", whole)


@contextmanager
def explaining(data: str) -> Iterator[None]:
    """Turn what Spark says into a sentence: a refusal of ours, or the reason it gives."""
    try:
        yield
    except (PySparkException, Py4JError) as error:
        said = str(error)
        ours = re.search(r"refusal\.Refusal: (.+)", said)
        if ours:
            raise Refusal(ours[1]) from error
        causes = re.findall(r"Caused by: [\w.$]+: (.+)", said)
        reason = " ".join((causes or said.splitlines())[-1 if causes else 0].split())
        raise Refusal(f"Spark cannot score {data}: {reason.rstrip('.')}.") from error


def score(session: SparkSession, job: Job) -> tuple[DataFrame, list[str]]:
    """Give the scored rows with their places, and the names of the columns after those."""
    session.sparkContext.addFile(str(job.package.resolve()), recursive=True)
    if "://" in job.data:
        return _score_rows(session.read.parquet(job.data), job, set())
    found = sources.find(Path(job.data), job.table)
    kind = sources.find_id_kind(found, job.table)
    if any(source.layout for source in found):
        return _score_tasks(session, job, found)
    frames = []
    for alike in group(found, job.table):
        paths = [str(source.path.resolve()) for source in alike]
        dates = find_nanoseconds(alike[0].schema)
        scored, names = _score_rows(session.read.parquet(*paths), job, dates)
        if kind == pa.string():
            label = executor.name_columns(executor.PLACE + 1)[-1]
            scored = scored.withColumn(label, scored[label].cast("string"))
        frames.append(scored)
    return functools.reduce(DataFrame.union, frames), names


def group(found: list[sources.Source], table: Table) -> list[list[sources.Source]]:
    """Put files together whose columns are of the same types: Spark reads no others at once."""
    groups: dict[str, list[sources.Source]] = {}
    for source in found:
        needed = text.list_needed(table, source.schema.names)
        kinds = str([source.schema.field(name).type for name in needed])
        groups.setdefault(kinds, []).append(source)
    return list(groups.values())


def find_nanoseconds(schema: pa.Schema) -> set[str]:
    """Name the columns of dates in nanoseconds, which Spark gives as numbers."""
    return {
        field.name for field in schema if str(field.type).startswith("timestamp[ns")
    }


def _score_rows(
    frame: DataFrame, job: Job, dates: set[str]
) -> tuple[DataFrame, list[str]]:
    """Let Spark read the needed columns and hand them over in Arrow batches."""
    sources.check_columns(frame.columns, job.table, job.data)
    needed = text.list_needed(job.table, frame.columns)
    place = ["_metadata.file_path", "_metadata.row_index"]
    columns = [
        *map(functions.col, place),
        *(_read_column(name, name in dates) for name in needed),
    ]
    labels = executor.name_columns(len(columns))
    chosen = frame.select([c.alias(label) for c, label in zip(columns, labels)])
    has_id = needed[0] == job.table.id
    kind = chosen.schema[executor.PLACE].dataType if has_id else None
    schema, names = make_schema(job, kind)
    scorer = executor.ScoreRows(job.package.name, needed, has_id)
    return chosen.mapInArrow(scorer, schema), names


def _read_column(name: str, nanoseconds: bool) -> Column:
    """Name a column whatever signs are in its name; turn nanoseconds back into a date."""
    column = functions.col(f"`{name.replace('`', '``')}`")
    if nanoseconds:
        return functions.timestamp_micros(functions.floor(column / 1000))
    return column


def _score_tasks(
    session: SparkSession, job: Job, found: list[sources.Source]
) -> tuple[DataFrame, list[str]]:
    """Deal the blocks of CSV files out to Spark's processes."""
    has_id = sources.find_id_kind(found, job.table) is not None
    tasks = list(plan(found))
    numbers = session.range(len(tasks)).repartition(max(1, len(tasks)))
    scorer = executor.ScoreTasks(job.package.name, job.table, tasks, has_id)
    schema, names = make_schema(job, types.StringType() if has_id else None)
    return numbers.mapInArrow(scorer, schema), names


def make_schema(
    job: Job, id_kind: types.DataType | None
) -> tuple[types.StructType, list[str]]:
    """Describe scored rows to Spark: the place by numbers, and the names of what follows."""
    names = [] if id_kind is None else [str(job.table.id)]
    names += ["prediction", *(f"chance of {name}" for name in job.classes)]
    answer = types.StringType() if job.classes else types.DoubleType()
    kinds = [] if id_kind is None else [id_kind]
    kinds = [types.StringType(), types.LongType(), *kinds, answer]
    kinds += [types.DoubleType()] * len(job.classes)
    labels = executor.name_columns(len(kinds))
    return (
        types.StructType([types.StructField(*pair) for pair in zip(labels, kinds)]),
        names,
    )


def save(scored: DataFrame, names: list[str], out: str) -> None:
    """Write the rows in order; on this machine whole or not at all."""
    place = executor.name_columns(executor.PLACE)
    ordered = scored.orderBy(*place).drop(*place).toDF(*names)
    if "://" in out:
        ordered.write.mode("overwrite").parquet(out)
        return
    draft = Path(out).with_name(f".{Path(out).name}.draft")
    try:
        ordered.write.mode("overwrite").parquet(str(draft.resolve()))
        output.move(draft, Path(out))
    finally:
        shutil.rmtree(draft, ignore_errors=True)
