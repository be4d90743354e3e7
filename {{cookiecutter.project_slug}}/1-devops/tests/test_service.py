"""The service answers over real HTTP, and says what is wrong with a question."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import pytest
from sklearn.pipeline import Pipeline

from {{ cookiecutter.package_name }} import (
    predict,
    serve,
)
from {{ cookiecutter.package_name }}.contract import (
    MOST_BYTES,
    MOST_ROWS,
)
from {{ cookiecutter.package_name }}.table import (
    Table,
)

Row = dict[str, Any]
COMMAND = [sys.executable, "-m", *serve.__name__.split(".")]


@pytest.fixture(name="service", scope="session")
def fixture_service(
    workplace: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A service that runs as `make serve` runs it, on a free port."""
    log = tmp_path_factory.mktemp("service") / "log"
    with (
        log.open("w") as out,
        subprocess.Popen(
            [*COMMAND, "--port", "0"], cwd=workplace, stdout=out, stderr=out
        ) as process,
    ):
        try:
            address = wait_for_address(log, process)
            with httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
                yield client
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def wait_for_address(log: Path, process: subprocess.Popen[bytes]) -> str:
    """Wait until the service says where it listens and that it is up."""
    for _ in range(600):
        said = log.read_text("utf-8")
        address = re.search(r"http://[\d.:]+", said)
        if address and "startup complete" in said:
            return address.group()
        assert process.poll() is None, said
        time.sleep(0.1)
    raise AssertionError(f"the service does not start: {log.read_text('utf-8')}")


@pytest.fixture(name="rows", scope="session")
def fixture_rows(sample: pd.DataFrame, table: Table) -> list[Row]:
    """Rows as JSON, in the table's own words."""
    dates, booleans = table.of_kind("date"), table.of_kind("boolean")
    rows = sample[table.features].head(50).astype(object)
    rows[dates] = rows[dates].map(lambda date: date.isoformat(), na_action="ignore")
    rows[booleans] = rows[booleans].map(bool, na_action="ignore")
    found = rows.where(rows.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in found]


def test_it_is_alive_and_ready(service: httpx.Client) -> None:
    assert service.get("/health").json() == {"status": "alive"}
    assert service.get("/ready").json() == {"status": "ready"}


def test_it_says_which_model_answers(service: httpx.Client, table: Table) -> None:
    about = service.get("/model").json()
    assert about["target"] == table.target
    assert about["features"] == table.features
    assert re.fullmatch("[0-9a-f]{12}", about["version"])


def test_one_row_and_many_get_what_make_predict_gives(
    service: httpx.Client,
    rows: list[Row],
    sample: pd.DataFrame,
    fitted: Pipeline,
    table: Table,
) -> None:
    many = service.post("/predict", json=rows)
    one = service.post("/predict", json=rows[0])
    assert (many.status_code, one.status_code) == (200, 200), many.text
    answers = many.json()["predictions"]
    assert one.json()["predictions"] == answers[:1]
    expected = predict.predict(fitted, sample.head(50), table)
    assert [item["prediction"] for item in answers] == list(expected["prediction"])
    for item, (_, row) in zip(answers, expected.iterrows(), strict=True):
        for name, chance in item.get("chances", {}).items():
            assert chance == pytest.approx(row[f"chance of {name}"])


def test_the_id_comes_back(
    service: httpx.Client, rows: list[Row], table: Table
) -> None:
    if not table.id:
        pytest.skip("there is no id; declare `id` in conf/table.yaml")
    answer = service.post("/predict", json=rows[0] | {table.id: "mine"}).json()
    assert answer["predictions"][0]["id"] == "mine"


def test_a_category_never_seen_gets_an_answer(
    service: httpx.Client, rows: list[Row], table: Table
) -> None:
    categories = table.of_kind("category")
    if not categories:
        pytest.skip("no input is of kind `category`")
    strange = rows[0] | dict.fromkeys(categories, "never seen before")
    assert service.post("/predict", json=strange).status_code == 200


def test_the_documentation_names_the_columns_and_its_example_works(
    service: httpx.Client, table: Table
) -> None:
    described = service.get("/openapi.json").json()
    row = described["components"]["schemas"]["Row"]
    assert set(table.features) <= set(row["properties"])
    body = described["paths"]["/predict"]["post"]["requestBody"]
    for example in body["content"]["application/json"]["examples"].values():
        assert service.post("/predict", json=example["value"]).status_code == 200


def assert_refused(answer: httpx.Response, status: int, *names: str | int) -> None:
    """Check the status and that the answer is JSON that leads to the fault."""
    assert answer.status_code == status, answer.text
    detail = answer.json()["detail"]
    assert detail
    if names:
        assert ["body", *names] in [fault["loc"] for fault in detail]


def test_an_unknown_column_is_refused_by_name(
    service: httpx.Client, rows: list[Row]
) -> None:
    answer = service.post("/predict", json=[rows[0], rows[0] | {"no such": 1}])
    assert_refused(answer, 422, 1, "no such")


def test_a_column_that_must_not_be_missing_is_asked_for_by_name(
    service: httpx.Client, rows: list[Row], table: Table
) -> None:
    required = [column.name for column in table.columns if not column.missing]
    if not required:
        pytest.skip("every input may be missing; remove `missing: true` from one")
    row = {name: value for name, value in rows[0].items() if name != required[0]}
    assert_refused(service.post("/predict", json=row), 422, required[0])
    empty = rows[0] | {required[0]: None}
    assert_refused(service.post("/predict", json=empty), 422, required[0])


@pytest.mark.parametrize("value", ['{"a": 1}', "[1]"])
def test_a_value_of_the_wrong_type_is_refused_by_name(
    service: httpx.Client, rows: list[Row], table: Table, value: str
) -> None:
    for column in table.columns[:20]:
        body = replace_value(rows[0], column.name, value)
        assert_refused(post(service, body), 422, column.name)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999", '"7"'])
def test_what_is_no_finite_number_is_refused_by_name(
    service: httpx.Client, rows: list[Row], table: Table, value: str
) -> None:
    numbers = table.of_kind("number")
    if not numbers:
        pytest.skip("no input is of kind `number`")
    body = replace_value(rows[0], numbers[0], value)
    assert_refused(post(service, body), 422, numbers[0])


def replace_value(row: Row, name: str, value: str) -> bytes:
    """Write the row as JSON with any text in the place of one value."""
    # httpx writes the JSON that the service would get, but refuses NaN.
    text = httpx.Request("POST", "http://x", json=row | {name: "here"}).content
    return text.replace(b'"here"', value.encode())


def post(service: httpx.Client, body: bytes) -> httpx.Response:
    """Send bytes that claim to be JSON."""
    kind = {"Content-Type": "application/json"}
    return service.post("/predict", content=body, headers=kind)


def test_what_is_not_json_rows_is_refused(service: httpx.Client) -> None:
    for body in (b"", b"{", b"3", b"[]", b"[3]", b"\xff", b"[" * 100_000):
        assert_refused(post(service, body), 422)
    assert_refused(service.post("/predict", data={"a": "1"}), 415)
    assert_refused(service.get("/predict"), 405)


def test_too_much_is_refused(service: httpx.Client) -> None:
    assert_refused(post(service, b" " * (MOST_BYTES + 1)), 413)
    small = b"{},"
    many = b"[" + small * MOST_ROWS + b"{}]"
    assert_refused(post(service, many), 422)
    assert service.get("/health").status_code == 200


def assert_no_start(command: list[str], folder: Path, word: str) -> None:
    """Start what cannot start there: it says so in one sentence with the word in it."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert word in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_no_model_and_a_taken_port_are_said_in_a_sentence(
    workplace: Path, tmp_path: Path, service: httpx.Client
) -> None:
    (tmp_path / "conf").symlink_to(workplace / "conf")
    port = str(service.base_url.port)
    for folder, word in ((tmp_path, "make train"), (workplace, "PORT=8001")):
        assert_no_start([*COMMAND, "--port", port], folder, word)
