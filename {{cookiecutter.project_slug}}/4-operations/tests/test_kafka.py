"""Events go to Kafka and come back into the same database, each once, whoever is killed."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from test_live import connect, wait_for_address
from test_release import fixture_place, wait_until  # pylint: disable=unused-import
from test_rendezvous import fixture_servers, furnish  # pylint: disable=unused-import
from test_service import fixture_rows  # pylint: disable=unused-import

from {{ cookiecutter.package_name }} import (
    collect,
    refusal,
    streams,
)
from {{ cookiecutter.package_name }}.events import (
    EventLog,
    query,
    store,
)
from {{ cookiecutter.package_name }}.streams import (
    settings,
)

confluent_kafka = pytest.importorskip(
    "confluent_kafka", reason="confluent-kafka is not installed"
)

# pylint: disable-next=wrong-import-position,ungrouped-imports
from {{ cookiecutter.package_name }}.streams import shipping  # noqa: E402

PACKAGE = streams.__name__.partition(".")[0]
# Appends until it is killed, and says each id only once it is appended.
APPEND = """
import sys
from pathlib import Path
from PACKAGE.events import EventLog
from PACKAGE.streams import settings, shipping
how = settings.Kafka(sys.argv[2], sys.argv[3])
if len(sys.argv) > 5:
    import os, signal
    def die(*_):
        os.kill(os.getpid(), signal.SIGKILL)
    shipping.os.unlink = die
log = EventLog(Path(sys.argv[1]), 0.05, shipping.Shipper(how).ship)
for number in range(100_000):
    name = sys.argv[4] + str(number)
    log.append("prediction", {"id": name, "request": name, "inputs": {"a": 1}})
    print(name, flush=True)
"""


@pytest.fixture(name="how")
def fixture_how(servers: str, tmp_path: Path) -> settings.Kafka:
    """A topic of its own on the broker."""
    return settings.Kafka(servers, f"test-{tmp_path.name}-{os.urandom(3).hex()}")


@pytest.fixture(name="collector")
def fixture_collector(
    how: settings.Kafka, tmp_path: Path
) -> Iterator[collect.Collector]:
    """What brings events back into a folder."""
    collector = collect.Collector(how, tmp_path / "central")
    yield collector
    collector.close()


def write(number: int, **more: Any) -> dict[str, Any]:
    """Make a prediction's record."""
    return {"id": number, "request": f"request {number}", "time": number} | more


def open_log(how: settings.Kafka, folder: Path, patience: float = 10) -> EventLog:
    """A log that ships only when it is told."""
    return EventLog(folder, 600, shipping.Shipper(how, patience).ship)


def read_ids(folder: Path) -> list[str]:
    """Give the ids of all predictions that were brought together."""
    return list(query.read_predictions(folder=folder / "central")["id"])


def test_what_was_appended_comes_back_as_the_embedded_log_keeps_it(
    how: settings.Kafka, collector: collect.Collector, tmp_path: Path
) -> None:
    logs = EventLog(tmp_path / "embedded", 600), open_log(how, tmp_path / "sender")
    for log in logs:
        for number in range(40):
            chances = {"yes": 0.25, "no": float("nan")}
            log.append("prediction", write(number, model="3", chances=chances))
            log.append("shadow", write(number, model="4", error="späť"))
            log.append("label", {"id": number, "time": 1.5, "label": "no"})
        log.close()
    assert collect.run(collector, once=True) > 0
    for give in (query.read_predictions, query.read_shadows, query.join_labels):
        found = give(folder=tmp_path / "central")
        assert len(found) == 40
        assert found.equals(give(folder=tmp_path / "embedded"))
    assert not list((tmp_path / "sender/journal").glob("*-*"))


def test_kill_9_loses_nothing_that_was_acknowledged_and_doubles_nothing(
    how: settings.Kafka, collector: collect.Collector, tmp_path: Path
) -> None:
    said: list[str] = []
    for name in ("a", "b"):
        said += run_and_kill(how, tmp_path / "sender", name, 3_000)
    open_log(how, tmp_path / "sender").close()
    collect.run(collector, once=True)
    found = read_ids(tmp_path)
    assert len(found) == len(set(found)) >= 6_000
    assert set(said) <= set(found)
    assert not list((tmp_path / "sender/journal").glob("*-*"))


def test_one_killed_after_the_delivery_sends_again_and_it_is_there_once(
    how: settings.Kafka, collector: collect.Collector, tmp_path: Path
) -> None:
    said = run_and_kill(how, tmp_path / "sender", "x", 1_000_000, "die")
    wait_until(lambda: collector.take(0.1))
    delivered = len(read_ids(tmp_path))
    open_log(how, tmp_path / "sender").close()
    collect.run(collector, once=True)
    found = read_ids(tmp_path)
    assert 0 < delivered <= len(found) == len(set(found))
    assert set(said) <= set(found)


def run_and_kill(
    how: settings.Kafka, folder: Path, name: str, count: int, *more: str
) -> list[str]:
    """Let a process append until so many are acknowledged, or it dies; give their ids."""
    words = [str(folder), how.servers, how.prefix, name, *more]
    with subprocess.Popen(
        [sys.executable, "-c", APPEND.replace("PACKAGE", PACKAGE), *words],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        assert writer.stdout
        said = []
        for line in writer.stdout:
            said += [line.strip()] if line.endswith("\n") else []
            if len(said) == count:
                writer.send_signal(signal.SIGKILL)
    assert writer.returncode == -9
    return said


def test_a_collector_that_is_killed_takes_each_record_once(
    how: settings.Kafka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = open_log(how, tmp_path / "sender")
    for number in range(5):
        log.append("prediction", write(number))
        log.flush()
    insert, count = store.insert, 0

    def fail(*words: Any) -> None:
        nonlocal count
        count += 1
        if count == 3:
            raise KeyboardInterrupt
        insert(*words)

    monkeypatch.setattr(store, "insert", fail)
    for _ in range(2):
        collector = collect.Collector(how, tmp_path / "central")
        try:
            while collector.take(1):
                pass
        except KeyboardInterrupt:
            pass
        collector.close()
    log.close()
    assert sorted(read_ids(tmp_path)) == ["0", "1", "2", "3", "4"]


def test_a_locked_database_is_waited_for(
    how: settings.Kafka,
    collector: collect.Collector,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(store, "PATIENCE_SECONDS", 0.1)
    log = open_log(how, tmp_path / "sender")
    log.append("prediction", write(1))
    log.close()
    with closing(sqlite3.connect(tmp_path / "central/events.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(refusal.Refusal, match="cannot be kept: database is locked"):
            collect.run(collector, once=True)
    collect.run(collector, once=True)
    assert read_ids(tmp_path) == ["1"]


def test_while_the_broker_is_away_events_wait_and_nobody_else_does(
    how: settings.Kafka, collector: collect.Collector, tmp_path: Path
) -> None:
    away = settings.Kafka("127.0.0.1:1", how.prefix)
    log = open_log(away, tmp_path / "sender", patience=0.5)
    began = time.perf_counter()
    assert all(log.append("prediction", write(number)) for number in range(1_000))
    assert time.perf_counter() - began < 1
    for _ in range(2):
        with pytest.raises(OSError, match="Kafka has not taken"):
            log.flush()
    log.close()
    assert log.lost == 0
    waiting = list((tmp_path / "sender/journal").glob("*.sealed"))
    assert len(waiting) == 1
    open_log(how, tmp_path / "sender").close()
    collect.run(collector, once=True)
    assert len(read_ids(tmp_path)) == 1_000


def test_a_segment_larger_than_a_message_is_cut_and_one_record_too_large_set_aside(
    how: settings.Kafka, collector: collect.Collector, tmp_path: Path
) -> None:
    log = open_log(how, tmp_path / "sender")
    for number in range(8):
        log.append("prediction", write(number, inputs={"a": "x" * 200_000}))
    log.append("prediction", write(8, inputs={"a": "x" * 2_000_000}))
    # One line, as of a request of many rows; the letter is a break of lines to Python.
    bulk = [write(n, inputs={"a": "\u2028" * 5_000}) for n in range(9, 90)]
    log.extend("prediction", bulk)
    log.close()
    assert collect.run(collector, once=True) > 3
    found = sorted(read_ids(tmp_path), key=int)
    assert found == [str(number) for number in (*range(8), *range(9, 90))]
    kept = query.read_predictions(folder=tmp_path / "central").set_index("id")
    assert kept.loc["9", "inputs"] == bulk[0]["inputs"]
    aside = (tmp_path / "sender/journal" / shipping.ASIDE).read_bytes()
    assert aside.count(b"\n") == 1 and len(aside) > 2_000_000


def test_an_answer_that_came_late_takes_the_place_of_its_error(
    how: settings.Kafka, collector: collect.Collector, tmp_path: Path
) -> None:
    log = open_log(how, tmp_path / "sender")
    for error in ("no answer yet", None):
        for number in range(20):
            log.append("shadow", write(number, model="2", error=error))
            log.flush()
    log.close()
    collect.run(collector, once=True)
    found = query.read_shadows(folder=tmp_path / "central")
    assert len(found) == 20 and found["error"].isna().all()


def test_two_senders_are_told_apart_by_more_than_their_files(
    how: settings.Kafka, collector: collect.Collector, tmp_path: Path
) -> None:
    shipper = shipping.Shipper(how)
    for name in ("first", "second"):
        folder = tmp_path / name
        folder.mkdir()
        record = {"kind": "prediction", "id": name, "request": name}
        path = folder / "000000000001-1-abcdef.sealed"
        path.write_text(json.dumps(record, separators=(",", ":")) + "\n", "utf-8")
        shipper.ship(folder, tmp_path)
        assert not path.exists()
    collect.run(collector, once=True)
    assert set(read_ids(tmp_path)) == {"first", "second"}


def test_what_is_not_ours_is_left_out(
    how: settings.Kafka, collector: collect.Collector, tmp_path: Path
) -> None:
    producer = confluent_kafka.Producer(how.connect())
    producer.produce(how.name("events"), b"hello")
    producer.produce(how.name("events"), b"no json\n", headers={"name": "x/1"})
    producer.flush(10)
    log = open_log(how, tmp_path / "sender")
    log.append("prediction", write(1))
    log.close()
    collect.run(collector, once=True)
    assert read_ids(tmp_path) == ["1"]


def test_kill_9_of_the_service_loses_no_answer_that_somebody_got(
    how: settings.Kafka,
    collector: collect.Collector,
    place: Path,
    rows: list[dict[str, Any]],
    tmp_path: Path,
) -> None:
    said = settings.Streams(events=settings.Engine("kafka"), kafka=how)
    furnish(place, tmp_path, said)
    words = [sys.executable, "-m", PACKAGE, "monitored", "--port", "0"]
    log = tmp_path / "log"
    with (
        log.open("w") as out,
        subprocess.Popen(words, cwd=tmp_path, stdout=out, stderr=out) as it,
    ):
        with connect(wait_for_address(log, it)) as client:
            answers = [client.post("/predict", json=row) for row in rows * 4]
            it.kill()
    open_log(how, tmp_path / "events/outbox").close()
    collect.run(collector, once=True)
    found = query.read_predictions(folder=tmp_path / "central")
    asked = {answer.headers["x-request-id"] for answer in answers}
    assert set(found["request"]) == asked and len(found) == len(asked)


def test_the_thread_ships_by_itself(
    how: settings.Kafka, collector: collect.Collector, tmp_path: Path
) -> None:
    log = EventLog(tmp_path / "sender", 0.05, shipping.Shipper(how).ship)
    log.append("prediction", write(1))
    wait_until(lambda: collector.take(0.1))
    assert read_ids(tmp_path) == ["1"]
    assert log.healthy
    log.close()


def test_the_settings_of_the_project_are_sound_and_embedded() -> None:
    found = settings.read_streams()
    assert (found.events.engine, found.messages.engine) == ("embedded", "embedded")


@pytest.mark.parametrize(
    "text, said",
    [
        ("events: {engine: rabbit}", "choose embedded or kafka"),
        ("kafka: {prefix: a b}", "`kafka.prefix`"),
        ("kafka: {partitions: 0}", "`kafka.partitions`"),
        ("kafka: {server: x}", "no setting kafka.server"),
    ],
)
def test_nonsense_is_refused_in_a_sentence(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "streams.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(refusal.Refusal, match=said):
        settings.read_streams(path)


def test_servers_and_password_may_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KAFKA_SERVERS", "other:9092")
    monkeypatch.setenv("KAFKA_PASSWORD", "secret")
    said = settings.Kafka(more={"security.protocol": "SASL_SSL"}).connect()
    assert said["bootstrap.servers"] == "other:9092"
    assert said["sasl.password"] == "secret"
    assert said["security.protocol"] == "SASL_SSL"


def run_command(
    folder: Path, *words: str, **said: Any
) -> subprocess.CompletedProcess[str]:
    """Run a command of the project with these streams."""
    (folder / "conf").mkdir()
    (folder / "conf/streams.yaml").write_text(yaml.safe_dump(said), "utf-8")
    return subprocess.run(
        [sys.executable, "-m", PACKAGE, *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_brings_events_and_ends_when_there_are_no_more(
    how: settings.Kafka, tmp_path: Path
) -> None:
    log = open_log(how, tmp_path / "sender")
    log.append("prediction", write(1))
    log.close()
    known = {"servers": how.servers, "prefix": how.prefix}
    said = {"events": {"engine": "kafka"}, "kafka": known}
    done = run_command(tmp_path, "collect", "--once", **said)
    assert done.returncode == 0, done.stderr
    assert "1 messages were new" in done.stdout
    assert list(query.read_predictions(folder=tmp_path / "events")["id"]) == ["1"]


@pytest.mark.parametrize(
    "words, said, why",
    [
        (["collect"], {}, "there is nothing to collect"),
        (["rendezvous", "models"], {}, "runs the models itself"),
        (
            ["collect"],
            {"events": {"engine": "kafka"}, "kafka": {"servers": "127.0.0.1:1"}},
            "Kafka on 127.0.0.1:1 cannot be used",
        ),
    ],
)
def test_what_cannot_work_is_said_in_a_sentence(
    tmp_path: Path, words: list[str], said: dict[str, Any], why: str
) -> None:
    done = run_command(tmp_path, *words, **said)
    assert done.returncode == 1
    assert why in done.stderr
    assert "Traceback" not in done.stderr


def test_asking_for_kafka_where_it_is_missing_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    kafka = settings.Streams(messages=settings.Engine("kafka"))
    with pytest.raises(refusal.Refusal, match="make setup"):
        streams.open_bus(kafka)


def test_the_service_keeps_its_events_in_kafka_when_configured(
    how: settings.Kafka,
    collector: collect.Collector,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = settings.Streams(events=settings.Engine("kafka"), kafka=how)
    monkeypatch.setattr(streams, "read_streams", lambda: said)
    log = streams.open_log(tmp_path / "outbox")
    done = threading.Event()
    log.append("prediction", write(1))
    wait_until(lambda: collector.take(0.1) or done.wait(0.01))
    log.close()
    assert read_ids(tmp_path) == ["1"]
