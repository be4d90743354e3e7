"""What the tests share: the described table and, in a folder of its own, a model of a sample."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from sklearn.pipeline import Pipeline

from {{ cookiecutter.package_name }} import (
    data,
    train,
)
from {{ cookiecutter.package_name }}.files import (
    PREPARED,
)
from {{ cookiecutter.package_name }}.settings import (
    read_settings,
)
from {{ cookiecutter.package_name }}.table import (
    Table,
    read_table,
)

ROOT = Path(__file__).resolve().parent.parent
MOST_ROWS = 10_000


@pytest.fixture(autouse=True)
def stand_in_project(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every test start in the project's folder, wherever pytest was started."""
    monkeypatch.chdir(ROOT)


@pytest.fixture(scope="session", name="table")
def fixture_table() -> Table:
    """The table that conf/table.yaml describes."""
    return read_table(ROOT / "conf/table.yaml")


@pytest.fixture(scope="session", name="prepared")
def fixture_prepared(table: Table) -> pd.DataFrame:
    """All rows, typed: what `make data` wrote, or its source where that is here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        if PREPARED.is_file():
            return data.read_prepared(table)
        if table.source not in data.SOURCES and not Path(table.source).is_file():
            pytest.skip(f"{table.source} is not on this machine; put it there")
        return data.load(table)


@pytest.fixture(scope="session", name="parts")
def fixture_parts(prepared: pd.DataFrame, table: Table) -> data.Parts:
    """The three parts of all rows."""
    return data.split(prepared, table, read_settings(ROOT / "conf/settings.yaml").seed)


@pytest.fixture(scope="session", name="workplace")
def fixture_workplace(
    parts: data.Parts, table: Table, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A copy of the project with a model trained on a sample; the owner's own stays as it is."""
    folder = tmp_path_factory.mktemp("workplace")
    shutil.copytree(ROOT / "conf", folder / "conf")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        PREPARED.parent.mkdir()
        samples = [
            take(parts.train, table),
            take(parts.validation, table, 2_000),
            take(parts.live, table, 2_000),
        ]
        pd.concat(samples).sort_index().to_parquet(PREPARED)
        train.main([])
    yield folder


def take(rows: pd.DataFrame, table: Table, most: int = MOST_ROWS) -> pd.DataFrame:
    """Draw rows, some of each class among them."""
    if len(rows) <= most:
        return rows
    shuffled = rows.sample(frac=1, random_state=0)
    some = rows.iloc[:0]
    if table.task == "classification":
        some = shuffled.groupby(table.target, observed=True).head(20)
    rest = shuffled.drop(some.index).head(max(0, most - len(some)))
    return pd.concat([some, rest]).sort_index()


@pytest.fixture(scope="session", name="fitted")
def fixture_fitted(workplace: Path) -> Pipeline:
    """The model of the sample."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(workplace)
        return train.read_model()


@pytest.fixture(scope="session", name="sample")
def fixture_sample(parts: data.Parts, table: Table) -> pd.DataFrame:
    """Rows that the model has not seen."""
    if parts.validation.empty:
        pytest.skip("no row is in the validation part; change `split`")
    return take(parts.validation, table, 2_000).reset_index(drop=True)
