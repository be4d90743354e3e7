"""Spark gives the same scores as one machine, row for row."""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from sklearn.pipeline import Pipeline

from {{ cookiecutter.package_name }} import (
    package,
)
from {{ cookiecutter.package_name }}.batch import (
    engines,
    local,
)
from {{ cookiecutter.package_name }}.refusal import (
    Refusal,
)
from {{ cookiecutter.package_name }}.table import (
    Table,
)

PACKAGE = engines.__name__.partition(".")[0]
# Java that runs for seconds need not be compiled twice.
QUICK = {
    "JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "SPARK_MASTER": "local[2]",
}
# One Java for all: most of the time goes into starting it.
RUN = """
import sys
from pathlib import Path
from PACKAGE.batch import spark
from PACKAGE.refusal import Refusal
from PACKAGE.scoring import manifest
from PACKAGE.table import read_table
made, *paths = map(Path, sys.argv[1:])
table = read_table(made / "table.yaml")
with spark.start() as session:
    for path in paths:
        try:
            job = spark.Job(made, table, manifest.read(made)["classes"], str(path))
            spark.run_on(session, job, str(path) + ".spark.parquet")
        except Refusal as refusal:
            print("refused:", refusal)
"""


def require_spark() -> None:
    """Skip where Spark cannot run, and say why."""
    try:
        engines.check_spark()
    except Refusal as refusal:
        pytest.skip(str(refusal))


def write_inputs(rows: pd.DataFrame, table: Table, folder: Path) -> list[Path]:
    """Write rows as files of Parquet and as CSV, and two that cannot be scored."""
    many, csv = folder / "many", folder / "rows.csv"
    (many / "deeper").mkdir(parents=True)
    dates = dict.fromkeys(rows.select_dtypes("datetime").columns, "datetime64[ns]")
    rows[:700].to_parquet(many / "1.parquet", row_group_size=150, index=False)
    rows[700:].astype(dates).to_parquet(many / "deeper/2.parquet", index=False)
    rows.to_csv(csv, index=False)
    lacking, empty = folder / "lacking.parquet", folder / "empty.parquet"
    rows.drop(columns=table.features[0]).to_parquet(lacking, index=False)
    rows[:0].to_parquet(empty, index=False)
    return [many, csv, lacking, empty]


def test_spark_gives_the_scores_of_one_machine(
    sample: pd.DataFrame,
    workplace: Path,
    fitted: Pipeline,
    table: Table,
    tmp_path: Path,
) -> None:
    require_spark()
    rows = sample[[*([table.id] if table.id else []), *table.features]]
    made = package.make_from(fitted, table, {}, tmp_path / "1", sample.head(200))
    paths = write_inputs(rows, table, tmp_path)
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            RUN.replace("PACKAGE", PACKAGE),
            str(made),
            *map(str, paths),
        ],
        cwd=workplace,
        env={**os.environ, **QUICK, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    for path in paths[:2]:
        local.run(path, tmp_path / "scores.parquet", made, 1)
        expected = pd.read_parquet(tmp_path / "scores.parquet")
        found = pd.read_parquet(f"{path}.spark.parquet")
        pd.testing.assert_frame_equal(found, expected)
    refused = [line for line in done.stdout.splitlines() if line.startswith("refused")]
    assert f"has no column {table.features[0]!r}" in refused[0]
    assert "holds no row" in refused[1]
    left = {path.name for path in tmp_path.iterdir() if path.name.startswith(".")}
    assert not left


def test_without_java_the_user_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: True)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(Refusal, match="needs Java 17 or newer .* has none"):
        engines.check_spark()
    old = tmp_path / "java"
    old.write_text("#!/bin/sh\necho 'openjdk version \"1.8.0_402\"' >&2\n")
    old.chmod(0o755)
    with pytest.raises(Refusal, match="has Java 8"):
        engines.check_spark()


def test_without_spark_the_user_is_told_what_to_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(Refusal, match="make engines"):
        engines.check_spark()
