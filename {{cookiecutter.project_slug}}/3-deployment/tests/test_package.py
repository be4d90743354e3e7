"""A package answers as the model that it was made of, or is refused when a byte has changed."""

import json
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.pipeline import Pipeline

from {{ cookiecutter.package_name }} import (
    data,
    features,
    package,
    predict,
    scoring,
)
from {{ cookiecutter.package_name }}.contract import (
    make_example_row,
)
from {{ cookiecutter.package_name }}.files import (
    read_json,
    write_json,
)
from {{ cookiecutter.package_name }}.package import (
    export,
    parity,
)
from {{ cookiecutter.package_name }}.refusal import (
    Refusal,
)
from {{ cookiecutter.package_name }}.scoring import (
    manifest,
)
from {{ cookiecutter.package_name }}.scoring.encoder import (
    Encoder,
)
from {{ cookiecutter.package_name }}.serve.reader import (
    Reader,
)
from {{ cookiecutter.package_name }}.table import (
    Table,
    read_table,
)

NEAR = 2 * parity.TOLERANCE
PACKAGE = package.__name__.partition(".")[0]
Row = dict[str, Any]


@pytest.fixture(scope="module", name="packaged")
def fixture_packaged(
    fitted: Pipeline,
    table: Table,
    sample: pd.DataFrame,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A package of the sample's model."""
    folder = tmp_path_factory.mktemp("packages") / "7"
    return package.make_from(fitted, table, {"seed": 1}, folder, sample)


@pytest.fixture(scope="module", name="graph")
def fixture_graph(packaged: Path) -> scoring.Scorer:
    """The same package, loaded; the owner's own model may have no graph."""
    scorer = scoring.load(packaged)
    if scorer.kind != "onnx":
        pytest.skip(package.describe(packaged))
    return scorer


def expect(fitted: Pipeline, rows: list[Row], table: Table) -> np.ndarray:
    """What the model says of rows by the way of level 1: a request read into a table."""
    body = json.dumps(rows, default=datetime.isoformat).encode()
    inputs = data.conform(Reader(table).read(body), table)
    found = predict.predict(fitted, inputs[table.features], table)
    wanted = found.iloc[:, 1:] if table.task == "classification" else found
    return wanted.to_numpy(float).squeeze()


def measure_distance(found: np.ndarray, expected: np.ndarray) -> float:
    """The largest difference of chances, or of numbers as a share of their spread."""
    spread = 1.0 if found.ndim > 1 else found.std()
    return float(np.abs(found.squeeze() - expected).max() / spread)


def test_a_package_answers_as_the_model(
    packaged: Path, fitted: Pipeline, sample: pd.DataFrame, table: Table
) -> None:
    rows = parity.list_rows(sample.head(300), table)
    found = scoring.load(packaged).score_rows(rows)
    assert measure_distance(found, expect(fitted, rows, table)) < NEAR


def test_rare_rows_are_answered_alike_too(
    packaged: Path, fitted: Pipeline, sample: pd.DataFrame, table: Table
) -> None:
    rows = list(parity.vary(parity.list_rows(sample.head(5), table), table))
    found = scoring.load(packaged).score_rows(rows)
    assert measure_distance(found, expect(fitted, rows, table)) < NEAR


def test_answers_name_the_prediction_and_the_chances(
    packaged: Path, fitted: Pipeline, sample: pd.DataFrame, table: Table
) -> None:
    scorer = scoring.load(packaged)
    answers = scorer.answer(parity.list_rows(sample.head(50), table))
    expected = predict.predict(fitted, sample.head(50), table)["prediction"].tolist()
    found = [item["prediction"] for item in answers]
    if table.task == "regression":
        assert found == pytest.approx(expected, rel=1e-4)
    else:
        assert found == expected
        assert list(answers[0]["chances"]) == scorer.classes == list(fitted.classes_)


@pytest.mark.parametrize(
    ("model", "groups"),
    [
        (HistGradientBoostingClassifier(max_iter=150, early_stopping=False), 5),
        (HistGradientBoostingRegressor(max_iter=150, early_stopping=False), 5),
        (RandomForestRegressor(12, max_depth=8, random_state=0), 2),
        (RandomForestClassifier(12, max_depth=8, random_state=0), 1),
        (HistGradientBoostingClassifier(max_iter=20, early_stopping=False), 1),
    ],
)
def test_trees_are_summed_in_groups_and_answer_as_before(
    model: Any, groups: int
) -> None:
    draw = np.random.default_rng(0)
    matrix = draw.normal(size=(3_000, 6)).astype(np.float32)
    number = matrix[:, 0] * matrix[:, 1] + matrix[:, 2] + draw.normal(size=3_000)
    classes = hasattr(model, "predict_proba")
    model.fit(matrix, np.where(number > 0, "late", "on time") if classes else number)
    whole = Pipeline([("features", "passthrough"), ("model", model)])
    graph = onnx.load_from_string(export.convert(whole, matrix.shape[1]))
    kinds = [node.op_type for node in graph.graph.node]
    assert sum(kind.startswith("TreeEnsemble") for kind in kinds) == groups
    session = onnxruntime.InferenceSession(graph.SerializeToString())
    [found] = session.run(None, {"input": matrix})
    wanted = model.predict_proba(matrix) if classes else model.predict(matrix)
    assert np.abs(found.reshape(wanted.shape) - wanted).max() < NEAR


def test_the_models_of_the_template_are_graphs(
    packaged: Path, fitted: Pipeline
) -> None:
    if "HistGradientBoosting" not in type(fitted.steps[-1][1]).__name__:
        pytest.skip("the owner's model is another one")
    assert scoring.load(packaged).kind == "onnx", package.describe(packaged)


def test_a_package_says_what_it_is(packaged: Path, table: Table) -> None:
    said = manifest.read(packaged)
    assert (said["version"], said["name"]) == ("7", PACKAGE)
    assert read_table(packaged / manifest.TABLE) == table
    schema = json.loads((packaged / manifest.SCHEMA).read_text("utf-8"))
    assert set(make_example_row(table)) <= set(schema["properties"])
    signature = json.loads((packaged / manifest.SIGNATURE).read_text("utf-8"))
    assert [item["name"] for item in signature["inputs"]] == table.features


LOAD = """
import json, pathlib, sys
from PACKAGE import scoring
row = json.loads(sys.argv[2])
scorer = scoring.load(pathlib.Path(sys.argv[1]))
print(scorer.answer([row]))
print([name for name in ("pandas", "sklearn", "mlflow", "pyarrow", "scipy", "joblib") if name in sys.modules])
"""


def answer_elsewhere(
    packaged: Path, graph: scoring.Scorer, **variables: str
) -> list[str]:
    """Load the package in a process of its own, ask it once, and give what was printed."""
    assert graph.encoder
    names = [*graph.encoder.numbers, *graph.encoder.categories]
    row = json.dumps(dict.fromkeys(names))
    code = LOAD.replace("PACKAGE", PACKAGE)
    # Where it thinks that it is tested, ONNX Runtime is quiet anyway.
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", code, str(packaged), row],
        env=kept | {"PYTHONPATH": os.pathsep.join(sys.path)} | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "prediction" in done.stdout
    return done.stdout.splitlines()


def test_a_graph_needs_neither_pandas_nor_scikit_learn(
    packaged: Path, graph: scoring.Scorer
) -> None:
    assert answer_elsewhere(packaged, graph)[-1] == "[]"


def test_a_graph_tells_nobody_of_the_machine_it_runs_on(
    packaged: Path, graph: scoring.Scorer, tmp_path: Path
) -> None:
    answer_elsewhere(packaged, graph, HOME=str(tmp_path))
    assert not list(tmp_path.rglob("*onnxruntime*"))


def list_files(packaged: Path) -> list[str]:
    return sorted(path.name for path in packaged.iterdir())


def test_a_changed_byte_in_any_file_is_noticed(packaged: Path, tmp_path: Path) -> None:
    for name in list_files(packaged):
        copy = shutil.copytree(packaged, tmp_path / name)
        content = bytearray((copy / name).read_bytes())
        if content:
            content[len(content) // 2] ^= 1
        else:
            content = bytearray(b"x")
        (copy / name).write_bytes(content)
        with pytest.raises(Refusal, match="was changed"):
            scoring.load(copy)


def test_a_file_that_is_gone_is_noticed(packaged: Path, tmp_path: Path) -> None:
    for name in list_files(packaged):
        copy = shutil.copytree(packaged, tmp_path / name)
        (copy / name).unlink()
        with pytest.raises(Refusal, match="has no|There is no package"):
            scoring.load(copy)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", "null", '{"checksum": ""}'])
def test_a_torn_manifest_is_refused(
    content: str, packaged: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(packaged, tmp_path / "copy")
    (copy / manifest.MANIFEST).write_text(content, "utf-8")
    with pytest.raises(Refusal, match="was changed since it was written"):
        scoring.load(copy)


def test_a_package_of_another_format_is_refused(
    packaged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = shutil.copytree(packaged, tmp_path / "copy")
    monkeypatch.setattr(manifest, "FORMAT", 99)
    with pytest.raises(Refusal, match="and this code reads format 99"):
        scoring.load(copy)


def build_constant(table: Table, rows: pd.DataFrame) -> Pipeline:
    """A model that no converter knows, on the features of this project."""
    constant = (
        DummyRegressor()
        if table.task == "regression"
        else DummyClassifier(strategy="prior")
    )
    steps = [("features", features.build(table)), ("model", constant)]
    return Pipeline(steps).fit(rows[table.features], rows[table.target])


def test_a_model_without_a_converter_still_deploys_and_says_so(
    table: Table, sample: pd.DataFrame, tmp_path: Path
) -> None:
    constant = build_constant(table, sample)
    folder = package.make_from(constant, table, {}, tmp_path / "1", sample)
    scorer = scoring.load(folder)
    assert scorer.kind == "sklearn"
    assert "cannot be converted" in package.describe(folder)
    rows = parity.list_rows(sample.head(3), table)
    expected = expect(constant, rows, table)
    np.testing.assert_allclose(scorer.score_rows(rows), expected)
    assert len(scorer.answer(rows)) == 3
    assert not (folder / manifest.GRAPH).exists()


def test_a_model_with_other_features_still_deploys(
    table: Table, sample: pd.DataFrame, tmp_path: Path
) -> None:
    constant = Pipeline(build_constant(table, sample).steps[1:])
    folder = package.make_from(constant, table, {}, tmp_path / "1", sample)
    assert "first step is not the one of features.py" in package.describe(folder)
    assert len(scoring.load(folder).answer([make_example(table)])) == 1


def make_example(table: Table) -> Row:
    """A row as the contract reads it."""
    row = make_example_row(table)
    for name in table.of_kind("date"):
        row[name] = datetime.fromisoformat(row[name])
    return row


@pytest.fixture(name="make_again")
def fixture_make_again(
    graph: scoring.Scorer,
    fitted: Pipeline,
    table: Table,
    sample: pd.DataFrame,
    tmp_path: Path,
) -> Callable[[], Path]:
    """Package the model, which has a graph, once more."""
    assert graph.kind == "onnx"
    return lambda: package.make_from(fitted, table, {}, tmp_path / "1", sample)


def test_a_graph_that_answers_otherwise_is_not_released(
    make_again: Callable[[], Path],
    fitted: Pipeline,
    table: Table,
    sample: pd.DataFrame,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = pickle.loads(pickle.dumps(fitted))
    shuffled = sample[table.target].sample(frac=1, random_state=1).to_numpy()
    other.fit(sample[table.features], shuffled)
    content = export.convert(other, export.read_encoder(other, table).width)
    monkeypatch.setattr(export, "convert", lambda *_: content)
    folder = make_again()
    assert "rows differ by more than" in package.describe(folder)
    assert scoring.load(folder).kind == "sklearn"


def test_an_encoder_that_differs_is_not_released(
    make_again: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    true = Encoder.encode_rows
    nine = np.float32(9)
    monkeypatch.setattr(
        Encoder, "encode_rows", lambda *given: np.nextafter(true(*given), nine)
    )
    assert "features are not those" in package.describe(make_again())


def test_one_row_on_a_split_is_allowed_and_two_are_not() -> None:
    expected = np.tile([0.3, 0.7], (100, 1))
    found = expected + 1e-7
    found[0] = [0.31, 0.69]
    measured = parity.compare(expected, found, 0)
    assert measured.beyond == 1
    assert measured.largest == pytest.approx(1e-7)
    found[1] = [0.31, 0.69]
    with pytest.raises(export.Unexportable, match="2 of 100 rows differ"):
        parity.compare(expected, found, 0)


def test_no_row_may_change_its_class_nor_lose_its_number() -> None:
    expected = np.tile([0.3, 0.7], (100, 1))
    found = expected.copy()
    found[5] = [0.7, 0.3]
    with pytest.raises(export.Unexportable, match="another class"):
        parity.compare(expected, found, 0)
    numbers = np.arange(100.0)[:, None]
    lost = np.where(numbers < 2, np.nan, numbers)
    with pytest.raises(export.Unexportable, match="2 of 100 rows differ"):
        parity.compare(numbers, lost, 0)


ENCODER = Encoder(
    numbers=["n", "b"],
    categories={"c": {"1": 0, "nan": 1, "été": 2}},
    dates=["d"],
    time="t",
)


def test_a_category_is_known_however_it_is_written() -> None:
    known = ["1", 1, 1.0, "1.0", "nan", "été"]
    unknown = ["", None, float("nan"), 1.5, 10**30, "Nan"]
    codes = ENCODER.encode_rows([{"c": value} for value in [*known, *unknown]])[:, 2]
    assert codes.tolist() == [0, 0, 0, 0, 1, 2, *[-1] * len(unknown)]


def test_an_encoder_is_read_back_with_its_columns_in_order(tmp_path: Path) -> None:
    encoder = Encoder([], {"z": {"a": 0}, "a": {}, "m": {}}, [])
    write_json(tmp_path / "encoder.json", encoder.to_json())
    again = Encoder.from_json(read_json(tmp_path / "encoder.json", ""))
    assert (again, [*again.categories]) == (encoder, ["z", "a", "m"])


def test_dates_are_split_and_what_is_not_said_is_missing() -> None:
    east = timezone(timedelta(hours=9))
    there = datetime(2024, 2, 29, 23, 45, tzinfo=UTC).astimezone(east)
    row = {"n": 1e300, "b": True, "d": there, "t": there.astimezone(UTC)}
    [full, empty] = ENCODER.encode_rows([row, {}])
    assert full.dtype == np.float32
    assert full.tolist() == [np.inf, 1, -1, 2, 3, 23.75, 2024, 2, 3, 23.75]
    assert np.isnan(np.delete(empty, 2)).all()
    assert ENCODER.encode_rows([]).shape == (0, ENCODER.width)
