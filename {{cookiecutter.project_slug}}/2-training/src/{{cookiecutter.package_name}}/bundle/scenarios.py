"""Test scenarios of a model: rows with the predictions that it must give, and the check."""

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from .. import sandbox
from ..refusal import Refusal
from ..table import Table

CODE, SETTINGS, MODEL, TESTS = "1-code", "2-settings", "4-model", "7-tests"
ROWS = 20
TOLERANCE = 1e-9


def write(bundle: Path, rows: pd.DataFrame, table: Table, seed: int) -> None:
    """Write some rows and what the bundled model predicts for them."""
    chosen = np.random.default_rng(seed).permutation(len(rows))[:ROWS]
    names = [*([table.id] if table.id in rows else []), *table.features]
    tests = bundle / TESTS
    tests.mkdir()
    rows.iloc[np.sort(chosen)][names].to_csv(tests / "inputs.csv", index=False)
    predict(bundle, tests / "expected.csv")


def predict(bundle: Path, out: Path) -> None:
    """Predict the scenarios with the bundle's own code, settings and model."""
    with tempfile.TemporaryDirectory() as name:
        folder, code = Path(name), (bundle / CODE / "src").resolve()
        (folder / "conf").symlink_to((bundle / SETTINGS).resolve())
        (folder / "models").symlink_to((bundle / MODEL).resolve())
        inputs = (bundle / TESTS / "inputs.csv").resolve()
        words = ("--data", str(inputs), "--out", str(out.resolve()), "predict")
        package = sandbox.name_package(code)
        sandbox.run(folder, code, "-m", package, words[-1], *words[:-1])


def compare(bundle: Path) -> tuple[int, int]:
    """Predict again; gives the number of scenarios and of those that differ."""
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "predictions.csv"
        predict(bundle, out)
        now = pd.read_csv(out, dtype=object)
    then = pd.read_csv(bundle / TESTS / "expected.csv", dtype=object)
    if list(now) != list(then) or len(now) != len(then):
        raise Refusal("FAILED: the model's predictions have other columns or rows.")
    differs = pd.DataFrame({name: _differ(now[name], then[name]) for name in now})
    return len(now), int(differs.any(axis=1).sum())


def _differ(now: pd.Series, then: pd.Series) -> pd.Series:
    """Compare text as text, and numbers up to the last digits."""
    left, right = (pd.to_numeric(side, errors="coerce") for side in (now, then))
    near = (left - right).abs() <= TOLERANCE
    return ~near & (now.fillna("") != then.fillna(""))
