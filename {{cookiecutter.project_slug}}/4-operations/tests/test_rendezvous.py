"""Several models meet over each request: one answers in time, and no other one is noticed."""

import asyncio
import json
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import yaml
from test_live import connect, wait_for_address
from test_release import (  # pylint: disable=unused-import
    ODD,
    ask_all,
    fixture_expected,
    fixture_given,
    fixture_place,
    fixture_scorers,
    launch,
    wait_until,
    write,
)
from test_service import fixture_rows  # pylint: disable=unused-import
from test_telemetry import read

from {{ cookiecutter.package_name }} import (
    refusal,
    streams,
)
from {{ cookiecutter.package_name }}.events import (
    query,
)
from {{ cookiecutter.package_name }}.rendezvous import (
    distribution,
    lineup,
    mailbox,
    policy,
)
from {{ cookiecutter.package_name }}.streams import (
    settings,
)
from {{ cookiecutter.package_name }}.streams.bus import (
    Bus,
    Local,
)

Row = dict[str, Any]
# The command as it is run, but for what each version does in its process.
RUN = """
import json, sys
from PACKAGE import rendezvous
from PACKAGE.rendezvous import runner
odd, words = sys.argv.pop(1), json.loads(sys.argv.pop(1))
start = runner.Challenger
def play(package, hear, settings):
    command = [sys.executable, "-c", odd, words.get(package.name, "none")]
    return start(package, hear, settings, command)
runner.Challenger = play
rendezvous.main(sys.argv[1:])
"""
MODELS = {"challenger": {"version": "2"}, "canary": {"version": "3"}}
QUICK = {"patience": 1.5, "queue": 200, "nice": 10}
FIRST = [{"until": 200, "accept": ["champion"]}]
ENGINES = ["embedded", "kafka"]


def start_broker() -> tuple[Any, str]:
    """Start Kafka's mock broker in this process: it speaks the protocol over TCP."""
    admin = pytest.importorskip(
        "confluent_kafka.admin", reason="confluent-kafka is not installed"
    )
    broker = admin.AdminClient({"test.mock.num.brokers": 1, "log_level": 0})
    (found,) = broker.list_topics(timeout=10).brokers.values()
    return broker, f"{found.host}:{found.port}"


@pytest.fixture(name="servers", scope="session")
def fixture_servers() -> Iterator[str]:
    """The address of a broker."""
    broker, address = start_broker()
    yield address
    del broker


@pytest.fixture(name="engine", params=ENGINES)
def fixture_engine(request: pytest.FixtureRequest, tmp_path: Path) -> settings.Streams:
    """The settings of each engine that carries messages, with topics of its own."""
    carried = settings.Engine(request.param)
    if request.param == "embedded":
        return settings.Streams(messages=carried)
    servers = request.getfixturevalue("servers")
    prefix = f"test-{tmp_path.name}-{os.urandom(3).hex()}"
    return settings.Streams(messages=carried, kafka=settings.Kafka(servers, prefix))


@pytest.fixture(name="bus")
def fixture_bus(engine: settings.Streams) -> Iterator[Bus]:
    """What carries messages."""
    bus = streams.open_bus(engine)
    yield bus
    bus.close()


def test_everyone_who_consumes_hears_every_message_once(
    bus: Bus,
) -> None:
    heard: dict[str, list[Any]] = {"a": [], "b": []}
    for said in heard.values():
        bus.consume("input", said.append)
    bus.consume("other", lambda _: pytest.fail("this is another topic"))
    assert all(bus.publish("input", {"number": number}) for number in range(50))
    wait_until(lambda: all(len(said) == 50 for said in heard.values()))
    for said in heard.values():
        assert sorted(one["number"] for one in said) == list(range(50))
    assert bus.lost == 0


def test_one_who_fails_harms_no_other_and_one_who_stops_hears_no_more(
    bus: Bus, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[str] = []

    def fail(_: Any) -> None:
        raise ArithmeticError("on purpose")

    bus.consume("input", fail)
    stop = bus.consume("input", lambda said: heard.append(said["word"]))
    bus.publish("input", {"word": "first"})
    wait_until(lambda: heard == ["first"] and "on purpose" in caplog.text)
    stop()
    bus.publish("input", {"word": "second"})
    time.sleep(0.3)
    assert heard == ["first"]


def choose(
    plan: mailbox.Plan, *coming: tuple[float, str, list[Row]], inline: str | None = None
) -> tuple[str | None, float]:
    """Let answers come after so many seconds; gives who is chosen, and after how long."""

    async def run() -> tuple[str | None, float]:
        loop, began = asyncio.get_running_loop(), time.perf_counter()
        box = mailbox.Mailbox(2, began)
        for seconds, name, items in coming:
            loop.call_later(seconds, box.put, name, "1", items)
        return await box.choose(plan, inline), time.perf_counter() - began

    return asyncio.run(run())


WHOLE = [{"place": 0}, {"place": 1}]
PLAN: mailbox.Plan = [(0.4, ["a"]), (0.8, ["a", "b"])]


@pytest.mark.parametrize(
    "coming, name, earliest, latest",
    [
        ([(0.02, "a", WHOLE), (0.0, "b", WHOLE)], "a", 0.02, 0.35),
        ([(0.0, "b", WHOLE)], "b", 0.4, 0.75),
        ([(0.45, "b", WHOLE), (0.75, "a", WHOLE)], "b", 0.45, 0.74),
        ([(0.05, "a", WHOLE[:1]), (0.1, "b", WHOLE)], "b", 0.4, 0.75),
        ([(0.0, "a", [{"place": 0, "error": "x"}]), (0.01, "b", WHOLE)], "b", 0, 0.35),
        ([(1.0, "a", WHOLE)], None, 0.8, 0.99),
        ([], None, 0.8, 2),
    ],
    ids=[
        "the preferred one in its time",
        "the second once the first has had its time",
        "whoever comes first where both may answer",
        "half an answer is none",
        "one that failed is not waited for",
        "one that is late is not waited for",
        "nobody",
    ],
)
def test_the_schedule_says_whose_answer_is_taken(
    coming: Any, name: str | None, earliest: float, latest: float
) -> None:
    chosen, seconds = choose(PLAN, *coming)
    assert chosen == name
    assert earliest <= seconds + 0.001
    assert seconds < latest


def test_the_champion_inline_is_always_ready() -> None:
    chosen, seconds = choose([(0.1, ["a"]), (0.2, ["b", "c"])], inline="c")
    assert chosen == "c" and seconds == pytest.approx(0.1, abs=0.08)


def test_the_policy_of_the_project_is_sound() -> None:
    found = policy.read_policy()
    assert found.canary in found.models
    assert found.plan("any")[0][1] == ["champion"]


@pytest.mark.parametrize(
    "text, said",
    [
        ("champion: away", "`champion`"),
        ("models: {a: {share: 5}}", "`models.a` needs either"),
        ("models: {a: {alias: a, version: '1'}}", "`models.a` needs either"),
        ("models: {a: {alias: a, share: 101}}", "`models.a.share`"),
        ("models: {a b: {alias: a}}", "`models.a b"),
        ("models: {champion: {alias: a}}", "say `champion: remote`"),
        ("schedule: [{until: 20, accept: [b]}]", "accepts b, which is not among"),
        ("schedule: [{until: 20, accept: []}]", "`schedule.0.accept`"),
        ("schedule: [{until: soon, accept: [champion]}]", "`schedule.0.until`"),
        (
            "schedule: [{until: 2, accept: [champion]}, {until: 1, accept: [champion]}]",
            "must be later",
        ),
        ("canary: c", "`canary` names c"),
        (
            "{models: {c: {alias: c}}, canary: c, schedule: [{until: 1, accept: [c]}]}",
            "a canary never answers",
        ),
        ("modells: {}", "`modells`"),
    ],
)
def test_nonsense_is_refused_in_a_sentence(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "rendezvous.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(refusal.Refusal) as refused:
        policy.read_policy(path)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_model_answers_its_share_of_the_keys_always_the_same() -> None:
    shared = policy.Policy(
        models={"a": policy.Model(alias="a", share=30.0)},
        schedule=[policy.Step(until=10, accept=["a"])],
    )
    plans = [shared.plan(str(number)) for number in range(3_000)]
    assert np.mean([bool(plan) for plan in plans]) == pytest.approx(0.3, abs=0.04)
    assert plans == [shared.plan(str(number)) for number in range(3_000)]


def test_a_distribution_knows_its_quantiles_and_merges() -> None:
    values = np.random.default_rng(0).lognormal(0, 2, 20_000)
    first = distribution.Distribution(values[:5_000])
    merged = first + distribution.Distribution(values[5_000:])
    for share in (0.01, 0.5, 0.99):
        exact = float(np.quantile(values, share))
        assert merged.quantile(share) == pytest.approx(exact, rel=0.02)
    assert merged.count_below([float(np.median(values))])[0] == pytest.approx(
        10_000, rel=0.02
    )
    assert merged.sum == pytest.approx(values.sum())
    assert math.isnan(distribution.Distribution().quantile(0.5))


def test_bins_keep_the_order_of_numbers_of_any_size_and_sign() -> None:
    values = [-1e300, -2.5, -1.0, -1e-300, 0.0, 5e-324, 0.3, 0.31, 7.0, 1e308]
    bins = [distribution.find_bin(value) for value in values]
    assert bins == sorted(set(bins))
    for value, place in zip(values, bins, strict=True):
        assert distribution.find_middle(place) == pytest.approx(value, rel=0.02)


def test_the_gap_is_what_kolmogorov_and_smirnov_measure() -> None:
    random = np.random.default_rng(1)
    ours, theirs = random.beta(2, 5, 5_000), random.beta(2, 4, 5_000)
    same = distribution.Distribution(ours)
    both = np.sort(np.concatenate([ours, theirs]))
    below = [np.searchsorted(np.sort(x), both, "right") / 5_000 for x in (ours, theirs)]
    exact = float(np.abs(below[0] - below[1]).max())
    assert same.gap(distribution.Distribution(theirs)) == pytest.approx(exact, abs=0.02)
    assert same.gap(same) == 0
    assert math.isnan(same.gap(distribution.Distribution()))


@dataclass
class Running:
    """A service in which models meet, its folder and its process."""

    client: httpx.Client
    folder: Path
    number: int

    @property
    def log(self) -> str:
        """What it has said, and what the models' own command has."""
        return "".join(path.read_text("utf-8") for path in self.folder.glob("log-*"))

    def set(self, **said: Any) -> None:
        """Write another policy."""
        write_policy(self.folder, **said)

    def ask(self, name: str, **labels: str) -> float:
        """Give one metric, 0 where it is not there yet."""
        found = read(self.client.get("/metrics").text)
        return found.get((name, frozenset(labels.items())), 0.0)

    def count(self, model: str, outcome: str = "answered") -> float:
        """Say what became of the rows that a model was shown."""
        return self.ask("ml_rendezvous_rows_total", model=model, outcome=outcome)


def write_policy(folder: Path, **said: Any) -> None:
    """Write conf/rendezvous.yaml in one go."""
    known = {"models": MODELS, "canary": "canary", "schedule": FIRST, "process": QUICK}
    path = folder / "conf/rendezvous.yaml"
    draft = path.with_suffix(".draft")
    draft.write_text(yaml.safe_dump(known | said), "utf-8")
    os.replace(draft, path)


def furnish(place: Path, folder: Path, engine: settings.Streams) -> None:
    """Make a folder with the settings and packages of a place, and a canary."""
    (folder / "conf").mkdir()
    (folder / "packages").mkdir()
    for path in (place / "conf").iterdir():
        if path.name not in ("rendezvous.yaml", "streams.yaml"):
            os.symlink(path, folder / "conf" / path.name)
    for path in (place / "packages").iterdir():
        os.symlink(path, folder / "packages" / path.name)
    os.symlink(place / "packages/2", folder / "packages/3")
    known = {"servers": engine.kafka.servers, "prefix": engine.kafka.prefix}
    said = {
        "events": {"engine": engine.events.engine},
        "messages": {"engine": engine.messages.engine},
        "kafka": known,
    }
    (folder / "conf/streams.yaml").write_text(yaml.safe_dump(said), "utf-8")


@contextmanager
def start(folder: Path, words: dict[str, str], *what: str) -> Iterator[Any]:
    """Run the command in a folder; it must end well."""
    command = [sys.executable, "-c", write(RUN), write(ODD), json.dumps(words), *what]
    log = folder / f"log-{what[0].strip('-')}"
    with launch(command, folder, log) as it:
        try:
            yield it, log
        finally:
            it.send_signal(signal.SIGTERM)
            assert it.wait(60) == 0, log.read_text("utf-8")


@contextmanager
def meet(
    place: Path,
    folder: Path,
    engine: settings.Streams,
    words: dict[str, str] | None = None,
    **said: Any,
) -> Iterator[Running]:
    """Run the service and, over Kafka, the models apart; wait until they are up."""
    furnish(place, folder, engine)
    write_policy(folder, **said)
    with ExitStack() as stack:
        if engine.messages.engine == "kafka":
            stack.enter_context(start(folder, words or {}, "models"))
        it, log = stack.enter_context(start(folder, words or {}, "--port", "0"))
        client = stack.enter_context(connect(wait_for_address(log, it)))
        running = Running(client, folder, it.pid)
        names = {**MODELS, **({"champion": 1} if "champion" in said else {})}
        wait_until(lambda: running.log.count("is up") >= len(names))
        yield running


def read_arms(folder: Path) -> set[tuple[str, str]]:
    """Give who answered: arm and version."""
    found = query.read_predictions(folder=folder / "events")
    return set(zip(found["arm"], found["model"], strict=True))


def test_every_model_sees_every_request_and_the_champion_answers(
    place: Path,
    rows: list[Row],
    expected: list[Any],
    tmp_path: Path,
    engine: settings.Streams,
) -> None:
    canary = frozenset({("model", "canary")})
    with meet(place, tmp_path, engine) as it:
        for row, wanted in zip(rows[:20], expected, strict=False):
            answer = it.client.post("/predict", json=[row]).json()
            assert answer["predictions"][0]["prediction"] == wanted
            assert answer["model"]["version"] == "1"
        wait_until(lambda: it.count("challenger") == it.count("canary") == 20)
        for name in ("champion", "challenger", "canary"):
            assert it.ask("ml_rendezvous_seconds_count", model=name) == 20
        for name in ("challenger", "canary"):
            assert it.ask("ml_rendezvous_wanted", model=name) == 1
            assert it.count(name, "asked") == 20
        # The same model as the canary: the same scores, unlike the champion's.
        assert it.ask("ml_rendezvous_shift", model="challenger") == 0
        assert 0 < it.ask("ml_rendezvous_shift", model="champion") <= 1
        # It has no other scores yet than its first ones.
        found = read(it.client.get("/metrics").text)
        assert found["ml_rendezvous_canary_shift", canary] == 0
        assert ("ml_rendezvous_shift", canary) not in found
    asked = query.read_predictions(folder=tmp_path / "events")
    told = query.read_shadows(folder=tmp_path / "events")
    assert len(asked) == 20 and read_arms(tmp_path) == {("champion", "1")}
    for version in ("2", "3"):
        assert set(told.loc[told["model"] == version, "id"]) == set(asked["id"])
    assert told["error"].isna().all()


def test_the_decoy_keeps_the_inputs_as_the_models_saw_them(
    place: Path, rows: list[Row], tmp_path: Path, engine: settings.Streams
) -> None:
    inputs = tmp_path / "events/inputs"
    tiny = {"megabytes": 0.0002, "files": 3}  # a file for each request
    with meet(place, tmp_path, engine, decoy=tiny) as it:
        for row in rows[:9]:
            sent = f"request-{os.urandom(4).hex()}"
            named = {"x-request-id": sent}
            it.client.post("/predict", json=[row, rows[9]], headers=named)
            wait_until(partial(is_newest, inputs, sent))
        assert len(list(inputs.glob("*.sealed"))) == 3
        last = json.loads(read_newest(inputs))
    for kept, asked in zip(last["rows"], rows[8:10], strict=True):
        numbers = [name for name in kept if isinstance(kept[name], float)]
        assert numbers and all(kept[name] == asked[name] for name in numbers)


def is_newest(folder: Path, request: str) -> bool:
    """Tell whether a request is in the newest file."""
    return f'"{request}"' in read_newest(folder)


def read_newest(folder: Path) -> str:
    """Give what is in the newest file that grows no more."""
    sealed = sorted(folder.glob("*.sealed"))
    try:
        return sealed[-1].read_text("utf-8") if sealed else ""
    except FileNotFoundError:  # it went in between
        return ""


@pytest.fixture(name="other", scope="session")
def fixture_other(scorers: list[Any], given: list[Row]) -> list[Any]:
    """What the challenger predicts for each row."""
    return [item["prediction"] for item in scorers[1].answer(given)]


def test_when_the_champion_is_slow_the_challenger_answers_and_the_late_one_is_kept(
    place: Path,
    rows: list[Row],
    other: list[Any],
    tmp_path: Path,
    engine: settings.Streams,
) -> None:
    schedule = [
        {"until": 20, "accept": ["champion"]},
        {"until": 2000, "accept": ["champion", "challenger"]},
    ]
    said = {"champion": "remote", "schedule": schedule}
    with meet(place, tmp_path, engine, {"1": "sleep"}, **said) as it:
        answer = it.client.post("/predict", json=rows[:3]).json()
        assert answer["model"]["version"] == "2"
        assert [item["prediction"] for item in answer["predictions"]] == other[:3]
        wait_until(lambda: it.count("champion") == 3)
        assert it.ask("ml_rendezvous_chosen_total", model="challenger") == 1
    assert read_arms(tmp_path) == {("challenger", "2")}
    told = query.read_shadows(folder=tmp_path / "events")
    late = told[told["model"] == "1"]
    assert len(late) == 3 and late["prediction"].notna().all()


def test_when_nobody_answers_in_time_the_service_itself_does(
    place: Path,
    rows: list[Row],
    expected: list[Any],
    tmp_path: Path,
    engine: settings.Streams,
) -> None:
    words = {"1": "hang", "2": "raise"}
    schedule = [{"until": 100, "accept": ["champion", "challenger"]}]
    said = {"champion": "remote", "schedule": schedule}
    with meet(place, tmp_path, engine, words, **said) as it:
        began = time.perf_counter()
        answers = [it.client.post("/predict", json=row) for row in rows[:5]]
        assert time.perf_counter() - began < 5 * 0.1 + 2
        found = [a.json()["predictions"][0]["prediction"] for a in answers]
        assert found == expected[:5]
        assert it.ask("ml_rendezvous_chosen_total", model="fallback") == 5
    assert read_arms(tmp_path) == {("fallback", "1")}


def test_one_whose_queue_is_full_is_not_waited_for(
    place: Path, rows: list[Row], tmp_path: Path
) -> None:
    schedule = [{"until": 3000, "accept": ["champion"]}]
    full = {"patience": 60, "queue": 1, "nice": 0}
    said = {"champion": "remote", "schedule": schedule, "process": full}
    with meet(place, tmp_path, settings.Streams(), {"1": "hang"}, **said) as it:
        began = time.perf_counter()
        assert it.client.post("/predict", json=rows[0]).status_code == 200
        once = time.perf_counter()
        assert it.client.post("/predict", json=rows[0]).status_code == 200
        assert once - began > 2.9
        assert time.perf_counter() - once < 1.5
    told = query.read_shadows(folder=tmp_path / "events")
    assert not told["error"].str.contains("shed").any()


@pytest.mark.parametrize("word", ["sleep", "raise", "die"])
def test_under_load_nobody_notices_what_a_model_does(
    place: Path, rows: list[Row], expected: list[Any], tmp_path: Path, word: str
) -> None:
    alone = settings.Streams()
    tight = QUICK | {"queue": 4}
    with meet(place, tmp_path, alone, {"2": word}, process=tight) as it:
        found = ask_all(it.client, rows, 600)
        # A challenger that sleeps does so for 500 ms at a time.
        quick = it.ask("ml_request_seconds_bucket", le="0.25")
        assert quick >= 0.99 * 600
        wait_until(
            lambda: it.count("challenger", "failed") + it.count("challenger", "shed")
        )
        if word == "die":
            wait_until(
                lambda: it.ask("ml_rendezvous_restarts_total", model="challenger")
            )
        assert it.ask("ml_rendezvous_chosen_total", model="champion") == 600
    assert found == [[expected[number % len(rows)]] for number in range(600)]
    assert read_arms(tmp_path) == {("champion", "1")}


def test_only_who_is_waited_for_is_asked_at_once(
    place: Path, scorers: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish(place, tmp_path, settings.Streams())
    write_policy(tmp_path, schedule=[{"until": 9, "accept": ["challenger"]}])
    monkeypatch.chdir(tmp_path)
    models = lineup.Lineup(Local(), lambda: scorers[0], print)
    models.look()
    pauses = {n: one.challenger.pause for n, one in models.runners.items()}
    write_policy(tmp_path)
    models.look()
    assert models.runners["challenger"].challenger.pause == pauses["canary"] > 0
    models.close()
    assert pauses["challenger"] == 0


def test_a_model_is_rolled_in_and_out_by_editing_the_policy(
    place: Path, rows: list[Row], tmp_path: Path
) -> None:
    first = [{"until": 2000, "accept": ["challenger"]}]
    with meet(place, tmp_path, settings.Streams()) as it:

        def who() -> str:
            answer = it.client.post("/predict", json=rows[0])
            assert answer.status_code == 200
            return str(answer.json()["model"]["version"])

        assert who() == "1"
        it.set(schedule=first)
        wait_until(lambda: who() == "2")
        (tmp_path / "conf/rendezvous.yaml").write_text("schedule: [", "utf-8")
        wait_until(lambda: "the policy of before stays" in it.log)
        assert who() == "2"
        it.set(models={"canary": {"version": "3"}})
        wait_until(lambda: "challenger: version 2 is rolled out" in it.log)
        assert who() == "1"
        it.set(schedule=first)
        wait_until(lambda: who() == "2")


def test_kill_9_of_a_model_costs_no_answer_and_it_comes_back(
    place: Path, rows: list[Row], expected: list[Any], tmp_path: Path
) -> None:
    with meet(place, tmp_path, settings.Streams()) as it:
        list_them = ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(it.number)]
        listed = subprocess.check_output(list_them, text=True).splitlines()
        (model,) = [line.split()[0] for line in listed if "packages/2" in line]
        os.kill(int(model), signal.SIGKILL)
        assert ask_all(it.client, rows, 200) == [
            [expected[number % len(rows)]] for number in range(200)
        ]
        wait_until(lambda: it.log.count("is up") == 3)
        before = it.count("challenger")
        it.client.post("/predict", json=rows[0])
        wait_until(lambda: it.count("challenger") > before)
        assert it.ask("ml_rendezvous_restarts_total", model="challenger") == 1
