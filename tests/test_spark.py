"""Spark, installed as its user installs it, scores a batch as one machine does."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from environments import Project

pytestmark = pytest.mark.slow

COMPARE = """
import pandas as pd
one, many = (pd.read_parquet(f"{name}.parquet") for name in ("one", "many"))
assert len(one) == len(pd.read_parquet("data/table.parquet"))
pd.testing.assert_frame_equal(one, many, check_exact=True)
"""


def copy_with_environment(project: Project, folder: Path) -> Project:
    """Copy a project with an environment of its own, whose files are those of the first."""
    copy = project.copy(folder)
    ours, theirs = copy.path / ".venv", project.path / ".venv"
    ours.unlink()
    shutil.copytree(theirs.resolve(), ours, symlinks=True, copy_function=os.link)
    return copy


def test_a_batch_has_the_same_scores_from_a_real_spark(
    finished: Callable[[int], Project], tmp_path: Path
) -> None:
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17 or newer, and there is none on the PATH.")
    project = copy_with_environment(finished(3), tmp_path)
    project.make("engines")
    tested = project.python("-m", "pytest", "--quiet", "tests/test_spark.py").stdout
    assert "passed" in tested
    assert "skipped" not in tested
    project.make("batch", "OUT=one.parquet")
    project.make("batch", "OUT=many.parquet", "ENGINE=spark")
    project.python("-c", COMPARE)
