"""The fast service keeps level 1's contract, follows the champion and survives what it gets."""

# The tests of level 1 are collected here, too: they run against the service of this file.
# pylint: disable=unused-import

import http.client
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.pipeline import Pipeline
from test_service import (
    assert_no_start,
    assert_refused,
    fixture_rows,
    post,
    test_a_category_never_seen_gets_an_answer,
    test_a_column_that_must_not_be_missing_is_asked_for_by_name,
    test_a_value_of_the_wrong_type_is_refused_by_name,
    test_an_unknown_column_is_refused_by_name,
    test_it_is_alive_and_ready,
    test_the_documentation_names_the_columns_and_its_example_works,
    test_the_id_comes_back,
    test_too_much_is_refused,
    test_what_is_no_finite_number_is_refused_by_name,
    test_what_is_not_json_rows_is_refused,
)

from {{ cookiecutter.package_name }} import (
    aliases,
    data,
    live,
    package,
    predict,
)
from {{ cookiecutter.package_name }}.files import (
    write_json,
)
from {{ cookiecutter.package_name }}.table import (
    Table,
)

Row = dict[str, Any]
COMMAND = [sys.executable, "-m", *live.__name__.split(".")]
# What mlflow makes of its database, as far as aliases need it.
REGISTRY = """
CREATE TABLE registered_model_aliases
    (name TEXT, alias TEXT, version INTEGER, PRIMARY KEY (name, alias));
CREATE TABLE model_versions (name TEXT, version INTEGER, current_stage TEXT);
"""


def pack_two(
    folder: Path, workplace: Path, fitted: Pipeline, rows: pd.DataFrame, table: Table
) -> None:
    """Put the packages of two versions into a folder; the first is the champion."""
    fewer = rows.iloc[::7].head(3_000)
    other = clone(fitted).fit(fewer[table.features], fewer[table.target])
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(workplace)
        about = {"target": table.target, "features": table.features}
        for version, model in (("1", fitted), ("2", other)):
            made = folder / "packages" / version
            package.make_from(model, table, about, made, fewer.tail(200))
    write_json(folder / "packages/champion.json", {"version": "1"})


@pytest.fixture(name="place", scope="session")
def fixture_place(
    workplace: Path,
    fitted: Pipeline,
    parts: data.Parts,
    table: Table,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A folder as an image has it: settings and the packages of two versions, no registry."""
    folder = tmp_path_factory.mktemp("image")
    shutil.copytree(workplace / "conf", folder / "conf")
    pack_two(folder, workplace, fitted, parts.train, table)
    return folder


@contextmanager
def run(folder: Path, *words: str) -> Iterator[tuple[str, Any]]:
    """Run the service as `make serve` does, on a free port unless one is named."""
    words = words if "--port" in words else (*words, "--port", "0")
    log = folder / f"log-{time.monotonic_ns()}"
    with (
        log.open("w") as out,
        subprocess.Popen([*COMMAND, *words], cwd=folder, stdout=out, stderr=out) as it,
    ):
        try:
            yield wait_for_address(log, it), it
        finally:
            it.send_signal(signal.SIGTERM)
            assert it.wait(30) == 0, log.read_text("utf-8")


def wait_for_address(log: Path, process: subprocess.Popen[bytes]) -> str:
    """Wait until the service says where it listens."""
    for _ in range(1200):
        said = log.read_text("utf-8")
        if found := re.search(r"(http://[\d.:]+)/docs", said):
            return found[1]
        assert process.poll() is None, said
        time.sleep(0.05)
    raise AssertionError(f"the service does not start: {log.read_text('utf-8')}")


def connect(address: str) -> httpx.Client:
    """Open a client of the service."""
    return httpx.Client(base_url=address, trust_env=False, timeout=60)


@pytest.fixture(name="service", scope="session")
def fixture_service(place: Path) -> Iterator[httpx.Client]:
    """The service of the champion."""
    with run(place) as (address, _), connect(address) as client:
        yield client


@pytest.fixture(name="rival", scope="session")
def fixture_rival(place: Path) -> Iterator[httpx.Client]:
    """A service of the other version, which follows nobody."""
    with run(place, "--version", "2", "--unrecorded") as (address, _):
        with connect(address) as client:
            yield client


def read_numbers(answer: httpx.Response) -> list[float]:
    """Give all numbers of an answer, in their order."""
    assert answer.status_code == 200, answer.text
    items = answer.json()["predictions"]
    if "chances" in items[0]:
        return [chance for item in items for chance in item["chances"].values()]
    return [item["prediction"] for item in items]


def test_it_predicts_what_make_predict_does(
    service: httpx.Client,
    rows: list[Row],
    sample: pd.DataFrame,
    fitted: Pipeline,
    table: Table,
) -> None:
    answer = service.post("/predict", json=rows)
    assert answer.json()["model"]["version"] == "1"
    expected = predict.predict(fitted, sample.head(50), table)
    numbers = expected.drop(columns=[table.id] if table.id else [])
    if table.task == "classification":
        numbers = numbers.drop(columns="prediction")
    wanted = numbers.to_numpy(float).ravel()
    scale = max(1.0, float(np.abs(wanted).max()))
    assert read_numbers(answer) == pytest.approx(list(wanted), abs=1e-5 * scale)
    one = service.post("/predict", json=rows[0])
    assert one.json()["predictions"] == answer.json()["predictions"][:1]


def test_many_rows_in_a_thread_get_the_same_answers(
    service: httpx.Client, rows: list[Row]
) -> None:
    few = service.post("/predict", json=rows).json()["predictions"]
    many = service.post("/predict", json=rows * 40)
    assert len(many.request.content) > live.settings.Limits.inline_bytes
    assert many.json()["predictions"] == few * 40


def test_the_model_is_shown_with_its_version(
    service: httpx.Client, table: Table
) -> None:
    about = service.get("/model").json()
    assert (about["version"], about["target"]) == ("1", table.target)


def test_a_request_keeps_its_id_and_gets_one_where_it_has_none(
    service: httpx.Client, rows: list[Row]
) -> None:
    for path in ("/health", "/no such path", "/predict"):
        mine = service.get(path, headers={"x-request-id": "mine-1"})
        assert mine.headers["x-request-id"] == "mine-1"
    given = [service.post("/predict", json=rows[0]) for _ in range(2)]
    ids = [answer.headers["x-request-id"] for answer in given]
    assert ids[0] != ids[1]
    evil = service.post("/predict", json=rows[0], headers={"x-request-id": "a b"})
    assert evil.headers["x-request-id"] not in ("a b", *ids)


def test_every_prediction_is_in_the_event_log(
    service: httpx.Client, rows: list[Row], place: Path, table: Table
) -> None:
    named = rows[:3]
    if table.id:
        named = [row | {table.id: f"row {at}"} for at, row in enumerate(named)]
    service.post("/predict", json=named, headers={"x-request-id": "kept"})
    query = "SELECT id, model, arm, inputs FROM predictions WHERE request = 'kept'"
    found: list[Any] = []
    for _ in range(600):
        with closing(sqlite3.connect(place / "events/events.db")) as database:
            found = database.execute(query).fetchall() if has_table(database) else []
        if found:
            break
        time.sleep(0.05)
    ids = [f"row {at}" if table.id else f"kept-{at}" for at in range(3)]
    assert sorted(row[0] for row in found) == ids
    assert {row[1:3] for row in found} == {("1", "champion")}


def has_table(database: sqlite3.Connection) -> bool:
    """Tell whether the first events have been moved."""
    return bool(
        database.execute(
            "SELECT 1 FROM sqlite_master WHERE name = 'predictions'"
        ).fetchone()
    )


def test_a_body_in_pieces_is_put_together(
    service: httpx.Client, rows: list[Row]
) -> None:
    whole = httpx.Request("POST", "http://x", json=rows).content
    pieces = (whole[at : at + 1000] for at in range(0, len(whole), 1000))
    kind = {"Content-Type": "application/json; charset=utf-8"}
    answer = service.post("/predict", content=pieces, headers=kind)
    assert len(answer.json()["predictions"]) == len(rows)


def test_every_error_is_json(service: httpx.Client) -> None:
    assert_refused(service.get("/no such path"), 404)
    assert_refused(service.put("/predict", json={}), 405)
    assert_refused(service.post("/health"), 405)
    for body in (b'{"a": ' * 100_000, b'"\xff"', b'{"a": NaN}', b"\x00"):
        assert_refused(post(service, body), 422)
    with socket.create_connection(("127.0.0.1", service.base_url.port or 0)) as raw:
        raw.sendall(b"this is no HTTP\r\n\r\n")
        answer = http.client.HTTPResponse(raw)
        answer.begin()
        assert answer.status == 400
        assert answer.headers["content-type"] == "application/json"
    assert service.get("/health").status_code == 200


def test_a_client_that_goes_away_harms_nobody(
    service: httpx.Client, rows: list[Row]
) -> None:
    head = b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    for end in (b"", b"Content-Length: 1000\r\n\r\n[{"):
        with socket.create_connection(("127.0.0.1", service.base_url.port or 0)) as raw:
            raw.sendall(head + end)
    assert service.post("/predict", json=rows).status_code == 200


def test_nothing_heavy_is_loaded_for_a_graph(place: Path) -> None:
    heavy = "'pandas', 'sklearn', 'mlflow', 'pyarrow', 'scipy'"
    code = (
        f"import sys; sys.modules.update(dict.fromkeys([{heavy}]))\n"
        f"from {live.__name__} import app, open_service\n"
        "app.make(open_service(None, recorded=False))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=place, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


def test_a_promotion_drops_no_request_and_mixes_no_versions(
    place: Path,
    rows: list[Row],
    service: httpx.Client,
    rival: httpx.Client,
    tmp_path: Path,
) -> None:
    for name in ("conf", "packages"):
        (tmp_path / name).symlink_to(place / name)
    settings = tmp_path / "mlflow.db"
    with closing(sqlite3.connect(settings)) as database:
        database.executescript(REGISTRY)
        for number in (1, 2):
            database.execute(
                "INSERT INTO model_versions VALUES (?, ?, 'None')",
                (aliases.NAME, number),
            )
        database.commit()
    expected = {
        "1": read_numbers(service.post("/predict", json=rows[:5])),
        "2": read_numbers(rival.post("/predict", json=rows[:5])),
    }
    assert expected["1"] != expected["2"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        aliases.point("champion", "2")
        with run(tmp_path) as (address, _):
            found = hammer(address, rows[:5], ["1", "2", "1"])
    assert {version for version, _ in found} == {"1", "2"}
    for version, numbers in found:
        assert numbers == expected[version]


def hammer(
    address: str, rows: list[Row], versions: list[str]
) -> list[tuple[str, list[float]]]:
    """Ask from four threads while the alias moves; gives each answer's version and numbers."""
    found: list[tuple[str, list[float]]] = []
    failed: list[BaseException] = []
    enough = threading.Event()

    def ask() -> None:
        try:
            with connect(address) as client:
                while not enough.is_set():
                    answer = client.post("/predict", json=rows)
                    numbers = read_numbers(answer)
                    found.append((answer.json()["model"]["version"], numbers))
        except BaseException as error:  # pylint: disable=broad-except
            failed.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    with connect(address) as client:
        for version in versions:
            aliases.point("champion", version)
            wait_for_version(client, version)
    enough.set()
    for thread in threads:
        thread.join()
    assert not failed
    return found


def wait_for_version(client: httpx.Client, version: str) -> None:
    """Wait until /model shows a version."""
    for _ in range(600):
        if client.get("/model").json()["version"] == version:
            return
        time.sleep(0.05)
    raise AssertionError(f"version {version} is not picked up")


def test_a_broken_package_changes_nothing_and_a_whole_one_is_picked_up(
    place: Path, tmp_path: Path
) -> None:
    shutil.copytree(place / "conf", tmp_path / "conf")
    shutil.copytree(place / "packages", tmp_path / "packages")
    broken = tmp_path / "packages/3"
    shutil.copytree(place / "packages/2", broken)
    (broken / "about.json").write_text("{}", "utf-8")
    named = tmp_path / "packages/champion.json"
    with run(tmp_path) as (address, _), connect(address) as client:
        write_json(named, {"version": "3"})
        wait_for_line(tmp_path, "version 3 fails, 1 stays")
        assert client.get("/model").json()["version"] == "1"
        write_json(named, {"version": "2"})
        wait_for_version(client, "2")


def wait_for_line(folder: Path, line: str) -> None:
    """Wait until the service logs a line."""
    for _ in range(600):
        if any(line in log.read_text("utf-8") for log in folder.glob("log-*")):
            return
        time.sleep(0.05)
    raise AssertionError(f"nobody says {line!r}")


def test_on_sigterm_the_request_in_work_is_answered_and_no_other_begun(
    place: Path, rows: list[Row]
) -> None:
    body = httpx.Request("POST", "http://x", json=rows).content
    with run(place, "--unrecorded") as (address, process):
        where = httpx.URL(address)
        link = http.client.HTTPConnection(where.host, where.port, timeout=30)
        link.putrequest("POST", "/predict")
        link.putheader("Content-Type", "application/json")
        link.putheader("Content-Length", str(len(body)))
        link.endheaders(body[:100])
        with connect(address) as client:
            client.get("/health")
        process.send_signal(signal.SIGTERM)
        wait_until_refused(where.host, where.port or 0)
        link.send(body[100:])
        answer = link.getresponse()
        assert answer.status == 200
        assert answer.headers["connection"] == "close"
        assert answer.read().startswith(b'{"model":')
        link.close()


def test_on_sigterm_a_kept_connection_gets_one_more_answer_and_is_told_to_close(
    place: Path, rows: list[Row], tmp_path: Path
) -> None:
    shutil.copytree(place / "conf", tmp_path / "conf")
    settings = "limits: {farewell: 300.0, grace: 300}"
    (tmp_path / "conf/serving.yaml").write_text(settings, "utf-8")
    (tmp_path / "packages").symlink_to(place / "packages")
    with run(tmp_path, "--unrecorded") as (address, process):
        where = httpx.URL(address)
        link = http.client.HTTPConnection(where.host, where.port, timeout=60)
        link.request("GET", "/health")
        link.getresponse().read()
        process.send_signal(signal.SIGTERM)
        wait_until_refused(where.host, where.port or 0)
        body = httpx.Request("POST", "http://x", json=rows).content
        link.request("POST", "/predict", body, {"Content-Type": "application/json"})
        answer = link.getresponse()
        assert (answer.status, answer.headers["connection"]) == (200, "close")
        assert answer.read().startswith(b'{"model":')


def wait_until_refused(host: str, port: int) -> None:
    """Wait until nobody takes new connections."""
    for _ in range(600):
        try:
            socket.create_connection((host, port)).close()
        except ConnectionRefusedError:
            return
        time.sleep(0.02)
    raise AssertionError("the port is still open")


def test_a_port_changes_hands_without_a_dropped_request(
    place: Path, rows: list[Row]
) -> None:
    seen: list[str] = []
    failed: list[BaseException] = []
    enough = threading.Event()

    def ask(address: str, keep: bool) -> None:
        try:
            while not enough.is_set():
                with connect(address) as client:
                    for _ in range(20 if keep else 1):
                        answer = client.post("/predict", json=rows[0])
                        read_numbers(answer)
                        seen.append(answer.json()["model"]["version"])
        except BaseException as error:  # pylint: disable=broad-except
            failed.append(error)

    with run(place, "--reuse", "--unrecorded", "--version", "1") as (address, old):
        threads = [
            threading.Thread(target=ask, args=(address, keep)) for keep in (True, False)
        ]
        for thread in threads:
            thread.start()
        port = str(httpx.URL(address).port)
        with run(place, "--reuse", "--unrecorded", "--version", "2", "--port", port):
            old.send_signal(signal.SIGTERM)
            old.wait(30)
            many = len(seen)
            while len(seen) < many + 50 and not failed:
                time.sleep(0.01)
            enough.set()
            for thread in threads:
                thread.join()
    assert not failed
    assert (seen[0], seen[-1]) == ("1", "2")


def test_what_cannot_be_served_is_said_in_a_sentence(
    place: Path, tmp_path: Path, service: httpx.Client
) -> None:
    (tmp_path / "conf").symlink_to(place / "conf")
    port = str(service.base_url.port)
    for folder, word in ((tmp_path, "make pipeline package"), (place, "PORT=8001")):
        assert_no_start([*COMMAND, "--port", port, "--unrecorded"], folder, word)
