"""A challenger is tried beside the champion, and whatever it does nobody notices."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pandas as pd
import pytest
from sklearn.pipeline import Pipeline
from test_live import connect, pack_two, wait_for_address
from test_service import fixture_rows

from {{ cookiecutter.package_name }} import (
    aliases,
    data,
    events,
    refusal,
    scoring,
)
from {{ cookiecutter.package_name }}.events import (
    query,
)
from {{ cookiecutter.package_name }}.files import (
    write_json,
)
from {{ cookiecutter.package_name }}.release import (
    buckets,
    canary,
    challenger,
    follow,
    messages,
    settings,
    strategy,
    worker,
)
from {{ cookiecutter.package_name }}.table import (
    Table,
)

__all__ = ["fixture_rows"]

PACKAGE = data.__name__.partition(".")[0]
Row = dict[str, Any]
# A worker whose model sleeps, raises, hangs, answers nonsense or dies, as its first word says.
ODD = """
import os, signal, sys, time
from dataclasses import replace
from PACKAGE.release import worker
from PACKAGE import scoring
word, load = sys.argv.pop(1), scoring.load
def raise_it():
    raise ArithmeticError("on purpose")
ways = {
    "sleep": lambda rows: time.sleep(0.5),
    "hang": lambda rows: time.sleep(600),
    "raise": lambda rows: raise_it(),
    "poison": lambda rows: raise_it() if any(row["poison"] for row in rows) else None,
    "nan": lambda rows: None,
    "die": lambda rows: os.kill(os.getpid(), signal.SIGKILL),
    "none": lambda rows: None,
}
class Odd:
    def __init__(self, scorer):
        self.scorer, self.version, self.table = scorer, scorer.version, scorer.table
    def answer(self, rows):
        ways[word](rows)
        nan = {"prediction": float("nan")}
        return [nan for _ in rows] if word == "nan" else self.scorer.answer(rows)
scoring.load = lambda folder: Odd(load(folder))
sys.exit(worker.main(sys.argv[1:]))
"""
# The service as it is run, but for the process of its challenger.
LIVE = """
import functools, sys
from PACKAGE import live
from PACKAGE.release import canary, strategy
command = [sys.executable, "-c", sys.argv.pop(1), sys.argv.pop(1)]
odd = functools.partial(strategy.Challenger, command=command)
strategy.Challenger = canary.Challenger = odd
live.main(sys.argv[1:])
"""


def write(code: str) -> str:
    """Put the package's name into a program."""
    return code.replace("PACKAGE", PACKAGE)


@pytest.fixture(name="place", scope="session")
def fixture_place(
    workplace: Path,
    fitted: Pipeline,
    parts: data.Parts,
    table: Table,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A folder with the packages of a champion and a challenger, and no registry."""
    folder = tmp_path_factory.mktemp("release")
    os.symlink(workplace / "conf", folder / "conf")
    pack_two(folder, workplace, fitted, parts.train, table)
    write_json(folder / "packages/challenger.json", {"version": "2"})
    return folder


@pytest.fixture(name="scorers", scope="session")
def fixture_scorers(place: Path) -> list[scoring.Scorer]:
    """The champion and the challenger."""
    return [scoring.load(place / "packages" / version) for version in ("1", "2")]


def wait_until(true: Callable[[], object]) -> None:
    """Wait, for ten minutes at most: what stands back for others starts late on a busy machine."""
    for _ in range(60_000):
        if true():
            return
        time.sleep(0.01)
    raise AssertionError("it does not happen")


@contextmanager
def run(
    place: Path, word: str, **set_to: Any
) -> Iterator[tuple[challenger.Challenger, list[dict[str, Any]]]]:
    """Run a challenger that behaves as the word says; gives it and what is heard of it."""
    heard: list[dict[str, Any]] = []
    command = [sys.executable, "-c", write(ODD), word]
    how = settings.Shadow(**set_to)
    asked = challenger.Challenger(place / "packages/2", heard.extend, how, command)
    try:
        wait_until(asked.ready.is_set)
        yield asked, heard
    finally:
        asked.close()


@pytest.fixture(name="given", scope="session")
def fixture_given(sample: pd.DataFrame, table: Table) -> list[Row]:
    """The same rows as `rows`, as the service's contract reads them."""
    found = sample[table.features].head(50).astype(object)
    found = found.where(found.notna(), None)
    for name in table.of_kind("date"):
        found[name] = [
            None if date is None else date.to_pydatetime() for date in found[name]
        ]
    rows = found.astype(object).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


@pytest.fixture(name="expected", scope="session")
def fixture_expected(scorers: list[scoring.Scorer], given: list[Row]) -> list[Any]:
    """What the champion predicts for each row."""
    return [item["prediction"] for item in scorers[0].answer(given)]


def test_a_challenger_answers_in_its_own_process_what_its_package_answers(
    place: Path,
    scorers: list[scoring.Scorer],
    given: list[Row],
) -> None:
    command = (sys.executable, "-m", f"{PACKAGE}.release.worker")
    heard: list[dict[str, Any]] = []
    asked = challenger.Challenger(
        place / "packages/2", heard.extend, settings.Shadow(nice=7), command
    )
    for number, row in enumerate(given[:20]):
        assert asked.ask(str(number), row)
    wait_until(lambda: len(heard) == 20)
    assert asked.process and os.getpriority(os.PRIO_PROCESS, asked.process.pid) >= 7
    asked.close()
    expected = scorers[1].answer(given[:20])
    for item, wanted in zip(heard, expected, strict=True):
        assert {name: item[name] for name in wanted} == wanted
    assert all(item["latency"] > 0 for item in heard)
    assert asked.process.poll() is not None


def test_answers_that_are_no_numbers_and_exceptions_are_errors(
    place: Path, given: list[Row]
) -> None:
    row = given[0]
    for word, said in (("nan", "not a number"), ("raise", "on purpose")):
        with run(place, word) as (asked, heard):
            asked.ask("a", row)
            wait_until(heard.copy)
            assert said in heard[0]["error"]
            assert (asked.counts.answered, asked.counts.failed) == (1, 1)
            assert asked.counts.started == 1


def test_a_row_that_raises_spoils_no_other(place: Path, given: list[Row]) -> None:
    row = given[0]
    with run(place, "poison") as (asked, heard):
        for number in range(10):
            asked.ask(str(number), row | {"poison": number == 3})
        wait_until(lambda: len(heard) == 10)
    assert [item["key"] for item in heard if "error" in item] == ["3"]


def test_too_many_questions_are_shed_and_counted(place: Path, given: list[Row]) -> None:
    row = given[0]
    with run(place, "sleep", queue=10) as (asked, heard):
        kept = [asked.ask(str(number), row) for number in range(50)]
        assert kept == [True] * 10 + [False] * 40
        assert asked.counts.shed == 40
        wait_until(lambda: len(heard) == 10)
        assert asked.ask("later", row)


def test_a_late_answer_is_missed_first_and_kept_all_the_same(
    place: Path, given: list[Row]
) -> None:
    with run(place, "sleep", patience=0.2) as (asked, heard):
        asked.ask("a", given[0])
        wait_until(lambda: len(heard) == 2)
        assert "no answer within" in heard[0]["error"]
        assert "prediction" in heard[1]
        assert (asked.counts.late, asked.counts.started) == (1, 1)


@pytest.mark.parametrize(
    "word, why", [("die", "its process ended"), ("hang", "said nothing")]
)
def test_one_that_dies_or_hangs_is_replaced(
    place: Path, given: list[Row], word: str, why: str
) -> None:
    row = given[0]
    with run(place, word, patience=30 if word == "die" else 0.2) as (asked, heard):
        first = asked.process
        asked.ask("a", row)
        wait_until(lambda: asked.counts.started == 2)
        wait_until(asked.ready.is_set)
        assert asked.process is not first
        expected = why if word == "die" else "no answer within 0.2 s"
        assert [item["error"] for item in heard] == [expected]
        assert asked.ask("a", row)


def test_one_that_cannot_be_loaded_is_tried_less_and_less_often(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    asked = challenger.Challenger(tmp_path, print, settings.Shadow())
    wait_until(lambda: asked.counts.started == 2)
    asked.close()
    assert str(tmp_path) in caplog.text
    assert not asked.ready.is_set()


def test_a_worker_ends_with_its_service(place: Path) -> None:
    code = f"""
import time
from pathlib import Path
from {PACKAGE}.release import challenger, settings
it = challenger.Challenger(Path("packages/2"), print, settings.Shadow())
it.ready.wait()
print(it.process.pid, flush=True)
time.sleep(600)
"""
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=place,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    ) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        parent.kill()
    wait_until(lambda: not is_running(child))


def is_running(number: int) -> bool:
    """Tell whether a process runs; one that nobody waits for does not."""
    done = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(number)],
        capture_output=True,
        text=True,
        check=False,
    )
    return bool(done.stdout.strip()) and not done.stdout.startswith("Z")


def test_buckets_are_sticky_even_and_independent() -> None:
    keys = [f"key {number}" for number in range(100_000)]
    places = np.array(
        [[buckets.find_place(salt, key) for key in keys] for salt in "ab"]
    )
    assert np.array_equal(
        places[0, :50], [buckets.find_place("a", key) for key in keys[:50]]
    )
    counts = np.histogram(places[0], 20, (0, 1))[0]
    assert ((counts - 5_000) ** 2 / 5_000).sum() < 43.8  # chi-square, 19, p = 0.001
    both = (places < 0.1).all(axis=0).mean()
    assert both == pytest.approx(0.01, abs=4 * np.sqrt(0.01 * 0.99 / len(keys)))
    assert not buckets.is_chosen("a", "x", 0) and buckets.is_chosen("a", "x", 100)


def make_release(mode: str, share: float = 30.0) -> strategy.Release:
    """Make a release that logs nothing."""
    how = settings.Strategy(mode=mode, share=share)
    return strategy.Release(settings.Settings(strategy=how), None)


@pytest.mark.parametrize("mode", ["canary", "ab"])
def test_a_share_of_the_keys_gets_the_challenger_always_the_same(
    place: Path, scorers: list[scoring.Scorer], mode: str
) -> None:
    release = make_release(mode)
    champion = scorers[0]
    assert release.choose("a", champion) == ("champion", champion)
    release.replace(place / "packages/2", champion)
    keys = [str(number) for number in range(50)]
    assert {release.choose(k, champion)[0] for k in keys} == {"champion"}  # it loads
    wait_until(lambda: "challenger" in [release.choose(k, champion)[0] for k in keys])
    arms = [release.choose(str(number), champion) for number in range(3_000)]
    assert {(arm, scorer.version) for arm, scorer in arms} == {
        ("champion", "1"),
        ("challenger", "2"),
    }
    tried = np.mean([arm == "challenger" for arm, _ in arms])
    assert tried == pytest.approx(0.3, abs=0.04)
    again = [release.choose(str(number), champion)[0] for number in range(3_000)]
    assert again == [arm for arm, _ in arms]
    release.replace(None, champion)
    assert release.choose("a", champion)[0] == "champion"


def test_a_model_of_another_table_is_not_tried(
    place: Path, scorers: list[scoring.Scorer], table: Table
) -> None:
    narrow = replace(table, columns=table.columns[:-1])
    for mode in ("canary", "shadow"):
        with pytest.raises(refusal.Refusal, match="another table"):
            make_release(mode).replace(
                place / "packages/2", replace(scorers[0], table=narrow)
            )


@pytest.mark.parametrize(
    "text, said",
    [
        ("strategy: {mode: blue}", "choose one of champion, shadow, canary, ab"),
        ("strategy: {share: 101}", "choose from 0 to 100"),
        ("strategy: {share: .nan}", "choose from 0 to 100"),
        ("strategy: {modus: ab}", "no setting strategy.modus"),
        ("shadow: {queue: 0}", "`shadow.queue`"),
        ("canary: {deadline_ms: 0}", "`canary.deadline_ms`"),
        ("canary: {misses: 0}", "`canary.misses`"),
        ("ab: {baseline: 0.9, effect: 0.2}", "`ab.effect`"),
        ("ab: {looks: two}", "`ab.looks`"),
    ],
)
def test_nonsense_is_refused_in_a_sentence(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "release.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(refusal.Refusal) as refused:
        settings.read_release(path)
    assert said in str(refused.value)


def test_the_settings_of_the_project_are_sound() -> None:
    assert settings.read_release().strategy.mode in settings.MODES


def test_the_alias_is_followed_while_the_service_runs(
    place: Path, scorers: list[scoring.Scorer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    named: dict[str, str] = {}
    monkeypatch.setattr(follow, "find_challenger", named.get)
    monkeypatch.setattr(follow, "EVERY_SECONDS", 0.02)

    class Service:
        """As much of a service as is needed."""

        strategy: Any = None
        panel: Any = None
        log: events.EventLog | None = None
        observers: list[Callable[[list[dict[str, Any]]], None]] = []
        champion = scorers[0]

    made: list[str] = []
    release = make_release("canary")
    follower = follow.Follower(Service(), release, made.append)
    named["challenger"] = "2"
    wait_until(lambda: release.version == "2")
    named["challenger"] = "1"  # it was promoted
    wait_until(lambda: release.version is None)
    named["challenger"] = "3"  # nobody made its package
    wait_until(lambda: made == ["3"])
    named["challenger"] = "2"
    wait_until(lambda: release.version == "2")
    follower.close()
    assert release.version is None


def test_a_registry_names_the_challenger_or_else_a_file(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    assert follow.find_challenger("challenger") == "2"
    monkeypatch.setattr(aliases, "find", {"challenger": "7"}.get)
    assert follow.find_challenger("challenger") == "7"


@contextmanager
def launch(
    command: list[str], folder: Path, log: Path
) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a command in a folder; what it says goes into a log."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with (
        log.open("w") as out,
        subprocess.Popen(
            command, cwd=folder, stdout=out, stderr=out, env=environment
        ) as it,
    ):
        yield it


@contextmanager
def serve(place: Path, mode: str, word: str, folder: Path) -> Iterator[httpx.Client]:
    """Run the service itself in a mode, with a challenger that behaves as the word says."""
    os.symlink(place / "packages", folder / "packages")
    (folder / "conf").mkdir()
    for path in (place / "conf").iterdir():
        if path.name != "release.yaml":
            os.symlink(path, folder / "conf" / path.name)
    (folder / "conf/release.yaml").write_text(
        f"strategy:\n  mode: {mode}\n  share: 50\n"
        "shadow: {patience: 1.5, queue: 4}\ncanary: {deadline_ms: 300, misses: 5}\n",
        "utf-8",
    )
    command = [sys.executable, "-c", write(LIVE), write(ODD), word, "--port", "0"]
    log = folder / "log"
    with launch(command, folder, log) as it:
        try:
            with connect(wait_for_address(log, it)) as client:
                wait_until(lambda: "version 2 is tried" in log.read_text("utf-8"))
                wait_until(lambda: "is up" in log.read_text("utf-8"))
                yield client
        finally:
            it.send_signal(signal.SIGTERM)
            assert it.wait(60) == 0, log.read_text("utf-8")


def ask_all(client: httpx.Client, rows: list[Row], times: int) -> list[Any]:
    """Send requests over eight connections at once; gives what is predicted by each."""

    def ask(number: int) -> Any:
        answer = client.post("/predict", json=rows[number % len(rows)])
        assert answer.status_code == 200, answer.text
        assert answer.json()["model"]["version"] == "1"
        return [item["prediction"] for item in answer.json()["predictions"]]

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(ask, range(times)))


@pytest.mark.parametrize("word", ["sleep", "raise", "die"])
def test_under_load_nobody_notices_what_a_shadow_does(
    place: Path, rows: list[Row], expected: list[Any], tmp_path: Path, word: str
) -> None:
    with serve(place, "shadow", word, tmp_path) as client:
        found = ask_all(client, rows, 600)
        wait_until(lambda: not query.read_shadows(folder=tmp_path / "events").empty)
    assert found == [[expected[number % len(rows)]] for number in range(600)]
    assert len(query.read_predictions(folder=tmp_path / "events")) == 600
    shadows = query.read_shadows(folder=tmp_path / "events")
    assert set(shadows["model"]) == {"2"}
    if word == "sleep":
        assert len(shadows) < 600  # the others were shed
        assert shadows["prediction"].notna().any()
    else:
        why = {"raise": "on purpose", "die": "its process ended"}[word]
        assert shadows["error"].notna().all()
        assert shadows["error"].str.contains(why).any()


def test_a_good_shadow_is_compared_with_the_champion_row_by_row(
    place: Path,
    scorers: list[scoring.Scorer],
    rows: list[Row],
    given: list[Row],
    tmp_path: Path,
) -> None:
    with serve(place, "shadow", "none", tmp_path) as client:
        answer = client.post("/predict", json=rows[:4])
        request = answer.headers["x-request-id"]
        wait_until(lambda: len(query.read_shadows(folder=tmp_path / "events")) == 4)
    asked = query.read_predictions(folder=tmp_path / "events")
    told = query.read_shadows(folder=tmp_path / "events").set_index("id")
    assert set(told["request"]) == {request} == set(asked["request"])
    expected = [item["prediction"] for item in scorers[1].answer(given[:4])]
    assert list(told.loc[asked["id"], "prediction"]) == expected


def test_in_a_canary_the_challenger_answers_its_share(
    place: Path, rows: list[Row], tmp_path: Path
) -> None:
    with serve(place, "canary", "none", tmp_path) as client:
        for number in range(60):
            for _ in range(2):
                headers = {"x-key": str(number)}
                answer = client.post("/predict", json=rows[0], headers=headers)
                assert answer.status_code == 200
                chosen = buckets.is_chosen("1", str(number), 50)
                assert answer.json()["model"]["version"] == "12"[chosen]
    found = query.read_predictions(folder=tmp_path / "events")
    assert set(zip(found["arm"], found["model"], strict=True)) == {
        ("champion", "1"),
        ("challenger", "2"),
    }


@pytest.mark.parametrize("word", ["sleep", "hang", "raise", "nan", "die"])
def test_whatever_a_canary_does_the_champion_answers_and_soon_it_is_asked_no_more(
    place: Path, rows: list[Row], expected: list[Any], tmp_path: Path, word: str
) -> None:
    chosen = [buckets.is_chosen("1", str(number), 50) for number in range(50)]
    with serve(place, "canary", word, tmp_path) as client:
        seconds = []
        for number in range(50):
            place_of_row, named = number % len(rows), {"x-key": str(number)}
            began = time.perf_counter()
            answer = client.post("/predict", json=rows[place_of_row], headers=named)
            seconds.append(time.perf_counter() - began)
            assert answer.status_code == 200, answer.text
            assert answer.json()["model"]["version"] == "1"
            (said,) = answer.json()["predictions"]
            assert said["prediction"] == expected[place_of_row]
    assert (tmp_path / "log").read_text("utf-8").count("is taken out") == 1
    # Only those before it was out have waited, and not for long.
    assert max(seconds) < 1.4  # sooner than what is told of a shadow
    assert sum(second > 0.25 for second in seconds) <= 10
    arms = list(query.read_predictions(folder=tmp_path / "events")["arm"])
    assert arms == ["fallback" if asked else "champion" for asked in chosen]


def ask_canary(
    place: Path, champion: scoring.Scorer, asked: list[list[Row]]
) -> tuple[list[str], canary.Canary]:
    """Ask a canary that fails at poison; gives what became of each request, and it."""
    limits = settings.Canary(deadline_ms=60_000, misses=2)
    tried = canary.Canary(
        place / "packages/2", champion, settings.Settings(canary=limits)
    )
    try:
        wait_until(lambda: tried.met)
        return asyncio.run(ask_each(tried, asked)), tried
    finally:
        tried.close()


async def ask_each(tried: canary.Canary, asked: list[list[Row]]) -> list[str]:
    """Ask one after the other."""
    found = []
    for rows in asked:
        try:
            found.append(str((await tried.score(rows)).shape[0]))
        except canary.Missed as why:
            found.append(str(why))
    return found


def test_only_misses_in_a_row_take_a_canary_out(
    place: Path,
    scorers: list[scoring.Scorer],
    given: list[Row],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    command = [sys.executable, "-c", write(ODD), "poison"]
    odd = partial(challenger.Challenger, command=command)
    monkeypatch.setattr(canary, "Challenger", odd)
    good, bad = ({**given[0], "poison": poison} for poison in (False, True))
    asked = [[bad], [good, good], [good, bad], [good] * 1_001, [good], [bad]]
    found, tried = ask_canary(place, scorers[0], asked)
    assert [len(said) < 3 for said in found] == [False, True, False, False, True, False]
    assert found[1] == "2" and "1000 rows" in found[3]
    assert (tried.missed, tried.out) == (3, False)
    found, tried = ask_canary(place, scorers[0], [[good], [bad], [bad]])
    assert (tried.missed, tried.out) == (2, True)


def test_the_worker_refuses_what_is_no_package(tmp_path: Path) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        words = ["--package", str(tmp_path), "--socket", str(os.dup(theirs.fileno()))]
        assert worker.main([*words, "--nice", "0"]) == 1
        assert str(tmp_path) in messages.receive(ours)["refusal"]
