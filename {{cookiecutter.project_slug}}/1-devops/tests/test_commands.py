"""The commands work one after the other and leave what they promise."""

from pathlib import Path

import pandas as pd
import pytest

from {{ cookiecutter.package_name }} import (
    evaluate,
    predict,
    summary,
    train,
)
from {{ cookiecutter.package_name }}.files import (
    ABOUT,
    METRICS,
    MODEL,
    PREDICTIONS,
    PREPARED,
    read_json,
)
from {{ cookiecutter.package_name }}.refusal import (
    Refusal,
)
from {{ cookiecutter.package_name }}.table import (
    Table,
)


@pytest.fixture(name="_inside")
def fixture_inside(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work where a sample is prepared and a model trained."""
    monkeypatch.chdir(workplace)
    for name in ("DATA", "OUT"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("_inside")
def test_training_leaves_a_model_and_says_where_it_comes_from(table: Table) -> None:
    assert MODEL.is_file()
    about = read_json(ABOUT, "train")
    assert about["features"] == table.features
    assert len(about["data_sha256"]) == 64


@pytest.mark.usefixtures("_inside")
def test_evaluation_leaves_metrics_and_the_summary_shows_them(
    table: Table, capsys: pytest.CaptureFixture[str]
) -> None:
    evaluate.main([])
    headline, _ = table.headline
    found = read_json(METRICS, "evaluate")["validation"][headline]
    capsys.readouterr()
    summary.main([])
    assert f"{found:.4f}" in capsys.readouterr().out


@pytest.mark.usefixtures("_inside")
def test_a_file_of_rows_gets_a_prediction_each(table: Table, tmp_path: Path) -> None:
    given = tmp_path / "rows.csv"
    pd.read_parquet(PREPARED)[table.features].head(7).to_csv(given, index=False)
    predict.main(["--data", str(given)])
    found = pd.read_csv(PREDICTIONS)
    assert len(found) == 7
    assert found["prediction"].notna().all()


@pytest.mark.usefixtures("_inside")
def test_rows_without_a_column_are_refused_and_nothing_is_written(
    table: Table, tmp_path: Path
) -> None:
    given, out = tmp_path / "rows.csv", tmp_path / "out.csv"
    rows = pd.read_parquet(PREPARED)[table.features].head(7)
    rows.iloc[:, 1:].assign(other=1).to_csv(given, index=False)
    with pytest.raises(Refusal, match="has no column"):
        predict.main(["--data", str(given), "--out", str(out)])
    assert not out.exists()


def test_without_a_model_the_user_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Refusal, match="make train"):
        train.read_model()
