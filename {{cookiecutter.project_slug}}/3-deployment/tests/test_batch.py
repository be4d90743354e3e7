"""A batch of any size gets the predictions of `make predict`, row for row, or one sentence."""

import importlib
import io
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer

from {{ cookiecutter.package_name }} import (
    batch,
    package,
    predict,
    scoring,
)
from {{ cookiecutter.package_name }}.batch import (
    columns,
    local,
    output,
    score,
    shelf,
    sources,
    tasks,
    text,
)
from {{ cookiecutter.package_name }}.files import (
    write_json,
)
from {{ cookiecutter.package_name }}.names import (
    name_class,
)
from {{ cookiecutter.package_name }}.refusal import (
    Refusal,
)
from {{ cookiecutter.package_name }}.table import (
    Column,
    Table,
    read_table,
)

COMMAND = [sys.executable, "-m", __package__ or batch.__name__.partition(".")[0]]
# A graph computes in 32 bits.
TOLERANCE = 1e-4
WITHOUT_PANDAS = """
import sys
from pathlib import Path
from PACKAGE.batch import score, sources, tasks
path, folder = Path(sys.argv[1]), Path(sys.argv[2])
scorer = score.BatchScorer(folder, None)
table = scorer.table
rows = 0
for task in tasks.plan(sources.find(path, table)):
    for some in tasks.read(task, table):
        rows += scorer.score(some).num_rows
print(rows, "pandas" in sys.modules)
"""


@pytest.fixture(name="place", scope="module")
def fixture_place(
    workplace: Path,
    fitted: Pipeline,
    sample: pd.DataFrame,
    table: Table,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A folder with settings and a package, and no registry."""
    folder = tmp_path_factory.mktemp("place")
    shutil.copytree(workplace / "conf", folder / "conf")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(workplace)
        package.make_from(fitted, table, {}, folder / "packages/1", sample.head(200))
    write_json(folder / "packages/champion.json", {"version": "1"})
    return folder


@pytest.fixture(name="made")
def fixture_made(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The package, in the folder where commands are run."""
    monkeypatch.chdir(place)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    for name in ("DATA", "OUT", "ENGINE", "WORKERS"):
        monkeypatch.delenv(name, raising=False)
    return Path("packages/1")


@pytest.fixture(name="rows")
def fixture_rows(sample: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Rows with an id, where the table has one, and a column that no model wants."""
    names = [*([table.id] if table.id else []), *table.features]
    return sample[names].assign(**{"no input, but here": "x"})


@dataclass(frozen=True)
class Here:
    """A package, what it is made of, and a folder to write to."""

    made: Path
    fitted: Pipeline
    table: Table
    folder: Path


@pytest.fixture(name="here")
def fixture_here(made: Path, fitted: Pipeline, table: Table, tmp_path: Path) -> Here:
    """What most of these tests need."""
    return Here(made, fitted, table, tmp_path)


def score_here(path: Path, made: Path, block_bytes: int = 30_000) -> pd.DataFrame:
    """Score a file in this process, as each worker does."""
    scorer, read = open_here(path, made, block_bytes)
    scored = [scorer.score(some) for some in read]
    found: pd.DataFrame = pa.Table.from_batches(scored, scorer.schema).to_pandas()
    return found


def open_here(
    path: Path, made: Path, block_bytes: int = 30_000
) -> tuple[score.BatchScorer, list[pa.RecordBatch]]:
    """Load the package, and read a file in batches."""
    table = read_table(made / "table.yaml")
    found = sources.find(path, table)
    scorer = score.BatchScorer(made, sources.find_id_kind(found, table))
    planned = tasks.plan(found, block_bytes=block_bytes)
    return scorer, [some for task in planned for some in tasks.read(task, table)]


def assert_alike(
    found: pd.DataFrame, path: Path, fitted: Pipeline, table: Table
) -> None:
    """Compare with `make predict` on the same file."""
    expected = predict.predict_chunks(fitted, predict.read_rows(path, table), table)
    assert list(found.columns) == list(expected.columns)
    if table.id in found:
        names = [frame[table.id].astype(str).tolist() for frame in (found, expected)]
        assert names[0] == names[1]
    numbers = expected.select_dtypes("number").columns.difference([table.id])
    scores = expected[numbers].to_numpy()
    spread = np.abs(scores).max() if table.task == "regression" else 1
    np.testing.assert_allclose(found[numbers], scores, rtol=0, atol=TOLERANCE * spread)
    if table.task == "classification":
        scores.sort(axis=1)
        clear = scores[:, -1] - scores[:, -2] > 2 * TOLERANCE
        same = found["prediction"].to_numpy() == expected["prediction"].to_numpy()
        assert same[clear].all()


def assert_read_alike(path: Path, made: Path, fitted: Pipeline, table: Table) -> None:
    """Compare what the model is given with what `make predict` gives it, number by number.

    A split may lie on a value itself, so that the last bit of it can change a prediction.
    """
    scorer, read = open_here(path, made)
    if scorer.encoder is None:
        assert_alike(score_here(path, made), path, fitted, table)
        return
    inputs = predict.read_rows(path, table)[table.features]
    with np.errstate(over="ignore"):
        expected = fitted[0].transform(inputs).astype(np.float32)
    found = np.concatenate([scorer.encoder.encode(some) for some in read])
    np.testing.assert_array_equal(found, expected)


def disguise(rows: pd.DataFrame, table: Table, kind: str, how: Any) -> pa.Table:
    """Write all columns of a kind in another way."""
    found = pa.Table.from_pandas(rows, preserve_index=False)
    for name in table.of_kind(kind):
        place = found.schema.get_field_index(name)
        found = found.set_column(place, name, how(found[name].combine_chunks()))
    return found


def widen(values: pa.Array) -> pa.Array:
    return values.cast(pa.float64())


def to_words(values: pa.Array) -> pa.Array:
    return pa.array([None if v is None else str(v) for v in values.to_pylist()])


def damage(values: pa.Array) -> pa.Array:
    """Let some values be infinite, NaN, missing or far beyond 32 bits."""
    odd = [np.inf, -np.inf, np.nan, None, 1e300, -0.0]
    rest = widen(values).to_pylist()[len(odd) :]
    return pa.array([*odd, *rest], pa.float64())


def decimals(values: pa.Array) -> pa.Array:
    numbers = [
        None if v is None or np.isnan(v) else Decimal(f"{v:.3f}")
        for v in values.to_pylist()
    ]
    return pa.array(numbers, pa.decimal128(30, 3))


def whole(values: pa.Array) -> pa.Array:
    numbers = [None if v is None or np.isnan(v) else int(v) for v in values.to_pylist()]
    return pa.array(numbers, pa.int64())


def spoil(values: pa.Array) -> pa.Array:
    """Put in categories that are missing, empty, unseen or written as numbers."""
    odd = [None, "", "never seen", "7.0", " ", "NA"]
    return pa.array([*odd, *values.to_pylist()[len(odd) :]], pa.large_string())


def number_words(values: pa.Array) -> pa.Array:
    """Let categories be numbers, as a table has them that was never looked at."""
    return pa.array([place % 7 for place in range(len(values))], pa.float32())


DISGUISES: dict[str, tuple[str, Callable[[pa.Array], pa.Array]]] = {
    "numbers as they are": ("number", widen),
    "damaged numbers": ("number", damage),
    "numbers as text": ("number", to_words),
    "numbers as decimals": ("number", decimals),
    "numbers as integers": ("number", whole),
    "numbers in 32 bits": ("number", lambda values: values.cast(pa.float32())),
    "no number at all": ("number", lambda values: pa.nulls(len(values))),
    "booleans as text": ("boolean", to_words),
    "booleans of Arrow": ("boolean", lambda values: values.cast(pa.bool_())),
    "spoiled categories": ("category", spoil),
    "categories as codes": ("category", lambda values: values.dictionary_encode()),
    "categories as numbers": ("category", number_words),
    "categories as integers": ("category", lambda v: number_words(v).cast(pa.int8())),
    "categories as bytes": ("category", lambda values: values.cast(pa.large_binary())),
    "no category at all": ("category", lambda values: pa.nulls(len(values))),
    "dates as text": ("date", to_words),
    "dates with a zone": (
        "date",
        lambda values: values.cast(pa.timestamp("us")).cast(
            pa.timestamp("us", "Asia/Tokyo")
        ),
    ),
    "dates in nanoseconds": ("date", lambda values: values.cast(pa.timestamp("ns"))),
    "dates without a clock": (
        "date",
        lambda values: values.cast(pa.date32(), safe=False),
    ),
    "dates as codes": ("date", lambda values: to_words(values).dictionary_encode()),
    "no date at all": ("date", lambda values: pa.nulls(len(values))),
}


@pytest.mark.parametrize("name", DISGUISES)
def test_each_way_to_write_a_column_in_parquet_is_read_as_predict_does(
    name: str,
    rows: pd.DataFrame,
    here: Here,
) -> None:
    kind, how = DISGUISES[name]
    if not here.table.of_kind(kind):
        pytest.skip(f"the table has no column of kind {kind}")
    path = here.folder / "rows.parquet"
    pq.write_table(disguise(rows, here.table, kind, how), path, row_group_size=700)
    assert_read_alike(path, here.made, here.fitted, here.table)


def spread_lines(rows: pd.DataFrame) -> pd.DataFrame:
    """Put quotes, separators and line breaks into a column that no model wants."""
    return rows.assign(**{rows.columns[-1]: 'he said "no",\nand left\r\n'})


def space_out(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Put a space before each category, which pandas drops."""
    return rows.assign(**{name: " " + rows[name] for name in table.of_kind("category")})


def write_odd_numbers(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Put text into the numbers of some rows."""
    rows = rows.astype(object)
    for name in table.of_kind("number"):
        rows.loc[rows.index[-3:], name] = ["unknown", "+1", " 2 "]
    return rows


TEXTS: dict[str, Callable[[pd.DataFrame, Table], str]] = {
    "plain": lambda rows, _: rows.to_csv(index=False),
    "quoted": lambda rows, _: rows.to_csv(index=False, quoting=2),
    "with a mark": lambda rows, _: "\ufeff" + rows.to_csv(index=False),
    "from Windows": lambda rows, _: rows.to_csv(index=False, lineterminator="\r\n"),
    "from an old Mac": lambda rows, _: rows.to_csv(index=False, lineterminator="\r"),
    "with semicolons": lambda rows, _: rows.to_csv(index=False, sep=";"),
    "with lines in fields": lambda rows, _: spread_lines(rows).to_csv(index=False),
    "with empty lines": lambda rows, _: "\n"
    + rows.to_csv(index=False).replace("\n", "\n\n"),
    "with a quote in a word": lambda rows, _: rows.to_csv(index=False).replace(
        ",x\n", ',5" wide\n'
    ),
    "with spaces": lambda rows, _: rows.to_csv(index=False).replace(",", ", "),
    "with spaces before words": lambda rows, table: space_out(rows, table).to_csv(
        index=False
    ),
    "with a short row": lambda rows, _: rows.to_csv(index=False).replace(
        ",x\n", "\n", 3
    ),
    "with odd numbers": lambda rows, table: write_odd_numbers(rows, table).to_csv(
        index=False
    ),
    "with words for nothing": lambda rows, _: rows.to_csv(index=False, na_rep="NULL"),
    "with a question mark": lambda rows, _: rows.to_csv(index=False, na_rep="?"),
    "without a last line break": lambda rows, _: rows.to_csv(index=False).rstrip("\n"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_each_way_to_write_a_csv_is_read_as_predict_does(
    name: str,
    rows: pd.DataFrame,
    here: Here,
) -> None:
    path = here.folder / "rows.csv"
    path.write_bytes(TEXTS[name](rows, here.table).encode())
    assert_read_alike(path, here.made, here.fitted, here.table)


def test_categories_are_named_as_everywhere() -> None:
    column = Column("any", "category")
    words = ["7.0", "-3.0", "1.50", "a.0", "7", "7.0 "]
    found = columns.name_all(pa.array(words), column).to_pylist()
    assert found == [*map(name_class, words)]
    numbers = [7.0, -3.0, 1.5, 1e20, float("inf")]
    found = columns.name_all(pa.array(numbers), column).to_pylist()
    assert found == [*map(name_class, numbers)]


def test_what_is_missing_in_a_csv_is_what_pandas_takes_for_missing() -> None:
    parsers = importlib.import_module("pandas._libs.parsers")
    assert {*text.MISSING} == {*parsers.STR_NA_VALUES, "?"}


@pytest.mark.parametrize("size", [7, 64, 10_000])
@pytest.mark.parametrize("mark", ['"', '"a ""b""\n"', 'a 5" b', '"a"b"c'])
def test_a_csv_is_cut_between_rows_only(size: int, mark: str, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    ends = '"y\nz"\n'  # a break that ends no row
    lines = [f"{place},{mark if place % 3 else 'x'},{ends}" for place in range(50)]
    body = "".join(lines) if mark != '"' else "".join(f"{n},y,z\n" for n in range(50))
    path.write_text(body)
    expected = pd.read_csv(path, header=None, dtype=str)
    with path.open("rb") as handle:
        blocks = [*text.cut(handle, ",", size)]
    assert b"".join(block for _, block in blocks).decode() == body
    found = [pd.read_csv(io.BytesIO(b), header=None, dtype=str) for _, b in blocks]
    pd.testing.assert_frame_equal(pd.concat(found, ignore_index=True), expected)


def test_a_model_without_a_graph_scores_too(rows: pd.DataFrame, here: Here) -> None:
    odd = Pipeline([("nothing", FunctionTransformer()), *here.fitted.steps])
    made = package.make_from(odd, here.table, {}, here.folder / "2", rows.head(50))
    assert scoring.load(made).kind == "sklearn"
    parquet, csv = here.folder / "rows.parquet", here.folder / "rows.csv"
    rows.to_parquet(parquet, index=False)
    rows.to_csv(csv, index=False)
    for path in (parquet, csv):
        assert_alike(score_here(path, made), path, here.fitted, here.table)


def test_a_graph_needs_no_pandas(
    rows: pd.DataFrame, made: Path, tmp_path: Path
) -> None:
    if scoring.load(made).kind != "onnx":
        pytest.skip("this model is run by scikit-learn")
    path = tmp_path / "rows.parquet"
    rows.to_parquet(path)
    code = WITHOUT_PANDAS.replace("PACKAGE", batch.__name__.partition(".")[0])
    done = subprocess.run(
        [sys.executable, "-c", code, str(path), str(made)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [str(len(rows)), "False"]


@pytest.mark.parametrize("groups", [100, 2_000, 1_000_000])
def test_all_processes_together_keep_the_order(
    groups: int,
    rows: pd.DataFrame,
    here: Here,
) -> None:
    path, out = here.folder / "rows.parquet", here.folder / "out" / "scores.parquet"
    many = pd.concat([rows.sample(frac=1, random_state=seed) for seed in range(3)])
    many.to_parquet(path, row_group_size=groups, index=False)
    local.run(path, out, here.made, 2, part_rows=333)
    assert_alike(pd.read_parquet(out), path, here.fitted, here.table)
    assert os.listdir(out.parent) == [out.name]


def test_a_folder_of_files_becomes_one_csv(
    rows: pd.DataFrame, made: Path, table: Table, fitted: Pipeline, tmp_path: Path
) -> None:
    folder, out = tmp_path / "many" / "deeper", tmp_path / "scores.csv"
    folder.mkdir(parents=True)
    rows[:500].to_parquet(folder / "1.parquet", index=False)
    rows[500:900].to_csv(folder / "2.csv", index=False)
    rows[900:].to_csv(folder / "3.csv.gz", index=False)
    (folder / "_SUCCESS").touch()
    (folder / "read me").write_text("no data")
    local.run(folder.parent, out, made, 2)
    rows.to_csv(tmp_path / "all.csv", index=False)
    found = pd.read_csv(out, dtype={table.id: str} if table.id else None)
    if table.task == "classification":
        found["prediction"] = pd.read_csv(out, dtype=str)["prediction"]
    assert_alike(found, tmp_path / "all.csv", fitted, table)


def start(path: Path, out: Path, place: Path, **options: Any) -> subprocess.Popen[str]:
    """Start the command itself, with small parts, in a process group of its own."""
    words = ["--data", str(path), "--out", str(out), "--part-rows", "1000"]
    return subprocess.Popen(
        [*COMMAND, "batch", *words],
        cwd=place,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        **options,
    )


def test_a_run_that_was_killed_goes_on_where_it_was(
    rows: pd.DataFrame, made: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path, out, other = (tmp_path / n for n in ("r.parquet", "s.parquet", "o.parquet"))
    many = pd.concat([rows] * max(1, 300_000 // len(rows)))
    many.to_parquet(path, row_group_size=40_000, index=False)
    process = start(path, out, Path.cwd())
    parts = shelf.name_folder(out)
    while len([*parts.glob("*.arrow")]) < 8 and process.poll() is None:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert not out.exists()
    assert parts.is_dir()
    local.run(path, out, made, 2, part_rows=1000)
    said = re.search(r"(\d+) of (\d+) parts were taken over", capfd.readouterr().out)
    assert said
    assert 8 <= int(said[1]) < int(said[2])
    assert not parts.exists()
    local.run(path, other, made, 1)
    pd.testing.assert_frame_equal(pd.read_parquet(out), pd.read_parquet(other))


def leave_parts(
    path: Path, out: Path, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run a batch that fails when all parts are there."""

    def fail(*_: Any) -> None:
        raise Refusal("stopped at the end")

    with monkeypatch.context() as patch:
        patch.setattr(output, "move", fail)
        with pytest.raises(Refusal, match="at the end"):
            local.run(path, out, made, 1, part_rows=500)
    assert shelf.name_folder(out).is_dir()
    assert not out.exists()


def test_what_was_finished_is_taken_over_whole(
    rows: pd.DataFrame,
    here: Here,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    path, out = here.folder / "rows.parquet", here.folder / "scores.parquet"
    rows.to_parquet(path, row_group_size=150, index=False)
    leave_parts(path, out, here.made, monkeypatch)
    local.run(path, out, here.made, 1, part_rows=500)
    said = re.search(r"(\d+) of (\d+) parts", capfd.readouterr().out)
    assert said
    assert said[1] == said[2]
    assert_alike(pd.read_parquet(out), path, here.fitted, here.table)


def test_parts_of_another_input_are_thrown_away(
    rows: pd.DataFrame,
    here: Here,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    path, out = here.folder / "rows.parquet", here.folder / "scores.parquet"
    rows.to_parquet(path, index=False)
    leave_parts(path, out, here.made, monkeypatch)
    rows[::-1].to_parquet(path, index=False)
    local.run(path, out, here.made, 1, part_rows=500)
    assert "taken over" not in capfd.readouterr().out
    assert_alike(pd.read_parquet(out), path, here.fitted, here.table)


def test_a_part_that_is_not_whole_is_made_again(
    rows: pd.DataFrame,
    here: Here,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path, out = here.folder / "rows.parquet", here.folder / "scores.parquet"
    rows.to_parquet(path, index=False)
    leave_parts(path, out, here.made, monkeypatch)
    for part in shelf.name_folder(out).glob("*-000001.arrow"):
        part.write_bytes(part.read_bytes()[:-20])
    local.run(path, out, here.made, 1, part_rows=500)
    assert_alike(pd.read_parquet(out), path, here.fitted, here.table)


def test_a_full_disk_is_said_in_a_sentence_and_leaves_nothing_half_written(
    rows: pd.DataFrame, place: Path, tmp_path: Path
) -> None:
    path, out = tmp_path / "rows.parquet", tmp_path / "scores.parquet"
    pd.concat([rows] * 20).to_parquet(path, index=False)
    # No file may grow beyond this: the system refuses to write, as on a full disk.
    most = (8_000, 8_000)
    process = start(
        path,
        out,
        place,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, most),
    )
    _, said = process.communicate()
    assert process.returncode == 1
    assert said.count("\n") == 1, said
    assert "cannot be written" in said
    assert not out.exists()
    half = [*tmp_path.rglob("*.draft"), *tmp_path.rglob("whole.*")]
    assert not half


def test_two_runs_do_not_write_one_output(
    rows: pd.DataFrame, made: Path, tmp_path: Path
) -> None:
    path, out = tmp_path / "rows.parquet", tmp_path / "scores.parquet"
    rows.to_parquet(path)
    with shelf.claim(out, {}), pytest.raises(Refusal, match="Another run writes"):
        local.run(path, out, made, 1)


def make_broken(rows: pd.DataFrame, table: Table, folder: Path, how: str) -> Path:
    """Write an input that cannot be scored."""
    path = folder / "rows.parquet"
    rows.to_parquet(path, index=False)
    if how == "cut off":
        path.write_bytes(path.read_bytes()[:-100])
    if how == "damaged inside":
        content = bytearray(path.read_bytes())
        content[4 : len(content) // 2] = bytes(len(content) // 2 - 4)
        path.write_bytes(content)
    if how == "no table":
        path.write_bytes(os.urandom(5_000))
    if how == "no row":
        rows[:0].to_parquet(path, index=False)
    if how == "no column":
        rows.drop(columns=table.features[0]).to_parquet(path, index=False)
    if how == "lists":
        lists = pa.array([[1, 2]] * len(rows))
        found = pa.Table.from_pandas(rows, preserve_index=False)
        place = found.schema.get_field_index(table.features[0])
        pq.write_table(found.set_column(place, table.features[0], lists), path)
    if how == "no row of text":
        path = path.with_suffix(".csv")
        rows[:0].to_csv(path, index=False)
    if how == "too wide a row":
        path = path.with_suffix(".csv")
        wide = (
            rows.to_csv(index=False).replace(",x\n", ",x,y,z\n").replace("y,z", "", 1)
        )
        path.write_text(wide)
    return path


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("cut off", "is not a table that can be read"),
        ("damaged inside", "is not a table that can be read"),
        ("no table", "not a table"),
        ("no row", "holds no row"),
        ("no column", "has no column"),
        ("lists", "holds list<.*cannot be read as a"),
        ("no row of text", "holds no row"),
        ("too wide a row", "more fields|not a CSV"),
    ],
)
def test_what_cannot_be_scored_is_refused_and_leaves_nothing(
    how: str, said: str, rows: pd.DataFrame, here: Here
) -> None:
    path = make_broken(rows, here.table, here.folder, how)
    before = sorted(os.listdir(here.folder))
    with pytest.raises(Refusal, match=said) as refused:
        local.run(path, here.folder / "scores.parquet", here.made, 1)
    assert str(path) in str(refused.value) or repr(here.table.features[0]) in str(
        refused.value
    )
    assert sorted(os.listdir(here.folder)) == before


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--workers", "many"], "WORKERS is 'many'"),
        (["--engine", "steam"], "ENGINE is 'steam'"),
        (["--out", "scores.xlsx"], "let it end with"),
        (["--out", "packages.csv", "--data", "."], "in DATA itself"),
        (["--data", "packages"], "no file that ends with"),
        (["--data", "nowhere.csv"], "not there"),
    ],
)
def test_a_mistake_in_what_is_asked_is_said(words: list[str], said: str) -> None:
    with pytest.raises(Refusal, match=said):
        batch.main(words)


def test_without_a_package_the_user_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    with pytest.raises(Refusal, match="make package"):
        batch.main([])
