"""Measure the service of a level-3 project beside its peers and beside the least it can cost.

`PYTHONPATH=tests python -m bench.serving PROJECT` needs a project that was trained and packaged
(`make pipeline package`), and Linux. All servers run at once and are asked in turn, round
after round, so that a busy machine slows each alike; processor time is that of a server's
whole process tree. wrk is used where it is installed, else sockets of our own.
"""

import argparse
import asyncio
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from .processes import read_cpu, read_memory

CONNECTIONS = 16
SHADOW = "shadow"
PORT = 18_700
SIZES = (1, 100)
LOAD_SECONDS = 60
# The least that a prediction costs over HTTP: no framework, no checks beside pydantic's.
LIMIT = """
import sys
from pathlib import Path
import uvicorn
from pydantic_core import to_json
from {package} import scoring
from {package}.live.reader import Reader
scorer = scoring.load(Path(sys.argv[1]))
reader = Reader(scorer.table)
model = {{"name": scorer.name, "version": scorer.version}}
KIND = (b"content-type", b"application/json")
async def app(scope, receive, send):
    body = b""
    while True:
        message = await receive()
        body += message["body"]
        if not message["more_body"]:
            break
    answer = to_json({{"model": model, "predictions": scorer.answer(reader.read(body))}})
    headers = [KIND, (b"content-length", b"%d" % len(answer))]
    await send({{"type": "http.response.start", "status": 200, "headers": headers}})
    await send({{"type": "http.response.body", "body": answer}})
uvicorn.run(app, port=int(sys.argv[2]), access_log=False, lifespan="off",
            log_level="warning", proxy_headers=False)
"""
SCRIPT = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = io.open(os.getenv("BODY")):read("*all")
done = function(summary, latency)
  local e = summary.errors
  print(string.format("RESULT %d %d %f %f", summary.requests,
    e.status + e.connect + e.read + e.write + e.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
"""


class Load(NamedTuple):
    """What one round gave: requests, those that failed, and latencies in ms."""

    requests: int
    failed: int
    p50: float
    p99: float


class Round(NamedTuple):
    """What a request cost in one round: CPU us; and how many there were a second."""

    cost: float
    rate: float
    load: Load


class Server(NamedTuple):
    """A server under test."""

    name: str
    command: list[str]
    folder: Path
    port: int
    path: str = "/predict"


@dataclass
class Subject:
    """What was measured of a server; `rounds` by the rows of a request."""

    server: Server
    pid: int = 0
    first: float = 0.0
    memory: float = 0.0
    rounds: dict[int, list[Round]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The server's name."""
        return self.server.name

    def find(self, rows: int) -> Round:
        """The median of each figure over the rounds."""
        rounds = self.rounds[rows]
        return Round(
            statistics.median(one.cost for one in rounds),
            statistics.median(one.rate for one in rounds),
            Load(
                sum(one.load.requests for one in rounds),
                0,
                statistics.median(one.load.p50 for one in rounds),
                statistics.median(one.load.p99 for one in rounds),
            ),
        )


def ask(server: Server, body: bytes) -> bool:
    """Ask once; False while the server does not answer yet."""
    address = f"http://127.0.0.1:{server.port}{server.path}"
    kind = {"Content-Type": "application/json"}
    try:
        with urllib.request.urlopen(
            urllib.request.Request(address, body, kind), timeout=60
        ) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{server.name}: {error.read()[:500]!r}") from error
    except OSError:
        return False


@contextmanager
def start(subject: Subject, body: bytes, environment: dict[str, str]) -> Iterator[None]:
    """Run a server, and take the time until its first prediction."""
    server, begin = subject.server, time.perf_counter()
    with (
        (server.folder / f"log-{server.port}").open("w") as log,
        subprocess.Popen(
            server.command,
            cwd=server.folder,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        ) as process,
    ):
        subject.pid = process.pid
        try:
            while not ask(server, body):
                if process.poll() is not None or time.perf_counter() - begin > 180:
                    said = Path(log.name).read_text("utf-8")[-2000:]
                    raise SystemExit(f"{server.name} does not start: {said}")
                time.sleep(0.01)
            subject.first = time.perf_counter() - begin
            yield
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)


def press(server: Server, body: Path, seconds: float) -> Load:
    """Ask on all connections at once for some seconds."""
    address = f"http://127.0.0.1:{server.port}{server.path}"
    if not shutil.which("wrk"):
        return asyncio.run(press_ourselves(server, body.read_bytes(), seconds))
    script = body.with_suffix(".lua")
    script.write_text(SCRIPT, "utf-8")
    words = f"-t1 -c{CONNECTIONS} -d{seconds:g}s --timeout 60s --latency -s".split()
    said = subprocess.check_output(
        ["wrk", *words, str(script), address],
        env=os.environ | {"BODY": str(body)},
        text=True,
    )
    found = re.findall(r"RESULT (\S+) (\S+) (\S+) (\S+)", said)[0]
    return Load(int(found[0]), int(found[1]), float(found[2]), float(found[3]))


async def press_ourselves(server: Server, body: bytes, seconds: float) -> Load:
    """The same without wrk; this costs processor time that the servers then lack."""
    head = (
        f"POST {server.path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    latencies: list[float] = []
    failed = 0
    end = time.perf_counter() + seconds

    async def repeat() -> None:
        nonlocal failed
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        while (begin := time.perf_counter()) < end:
            writer.write(head.encode() + body)
            said = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: *(\d+)", said)
            await reader.readexactly(int(length[1]) if length else 0)
            failed += said[9:12] != b"200"
            latencies.append((time.perf_counter() - begin) * 1000)
        writer.close()

    await asyncio.gather(*(repeat() for _ in range(CONNECTIONS)))
    cuts = statistics.quantiles(latencies, n=100)
    return Load(len(latencies), failed, cuts[49], cuts[98])


def measure(subject: Subject, body: Path, seconds: float) -> Round:
    """Take one round of one server."""
    before, begin = read_cpu(subject.pid), time.perf_counter()
    load = press(subject.server, body, seconds)
    took = time.perf_counter() - begin
    if load.failed or not load.requests:
        raise SystemExit(f"{subject.name}: {load.failed} of {load.requests} failed")
    cost = (read_cpu(subject.pid) - before) / load.requests * 1e6
    return Round(cost, load.requests / took, load)


def list_servers(project: Path, folder: Path) -> list[Server]:
    """Name the servers; ours run in a folder with no registry, so that all is as in an image."""
    python = str(project / ".venv/bin/python")
    package = find_package(project)
    champion = json.loads((project / "packages/champion.json").read_text("utf-8"))
    version = champion["version"]
    ports = [str(PORT + place) for place in range(6)]
    ours = [python, "-m", package, "live", "--version", version, "--port"]
    limit = [python, "-c", LIMIT.format(package=package), f"packages/{version}"]
    first = [python, "-m", package, "serve", "--port"]
    peer = f"-m mlflow models serve -m models:/{package}@champion --env-manager local"
    return [
        Server("limit", [*limit, ports[0]], folder, PORT),
        Server("ours", [*ours, ports[1], "--unrecorded"], folder, PORT + 1),
        Server("ours, every prediction kept", [*ours, ports[2]], folder, PORT + 2),
        Server("level 1", [*first, ports[3]], project, PORT + 3),
        Server(
            "mlflow models serve",
            [python, *peer.split(), "--port", ports[4]],
            project,
            PORT + 4,
            "/invocations",
        ),
        Server(
            "ours, kept, a shadow looks on",
            [*ours, ports[5]],
            folder / SHADOW,
            PORT + 5,
        ),
    ]


def settle(project: Path, folder: Path) -> None:
    """Lay out what a server runs in: settings and packages, and once more with a shadow."""
    beside = folder / SHADOW
    (beside / "packages").mkdir(parents=True)
    for part in ("conf", "packages"):
        (folder / part).symlink_to(project / part)
    for package in (project / "packages").iterdir():
        (beside / "packages" / package.name).symlink_to(package)
    # The champion's package once more: what it costs to be watched by a model as busy.
    champion = json.loads((project / "packages/champion.json").read_text("utf-8"))
    again = beside / "packages/again"
    again.symlink_to(project / "packages" / champion["version"])
    challenger = beside / "packages/challenger.json"
    challenger.unlink(missing_ok=True)
    challenger.write_text(json.dumps({"version": again.name}), "utf-8")
    (beside / "conf").symlink_to(project / "conf")


def find_package(project: Path) -> str:
    """Give the name of the project's package."""
    return next(project.glob("src/*/live/__init__.py")).parents[1].name


def write_bodies(project: Path, folder: Path) -> dict[tuple[bool, int], Path]:
    """Write the example row of the champion's table, as we read it and as mlflow does."""
    code = (
        "import json; from {0}.contract import make_example_row; "
        "from {0}.table import read_table; "
        "print(json.dumps(make_example_row(read_table())))"
    )
    said = subprocess.check_output(
        [project / ".venv/bin/python", "-c", code.format(find_package(project))],
        cwd=project,
        env=make_environment(project),
        text=True,
    )
    row, bodies = json.loads(said), {}
    for size in SIZES:
        for peer in (False, True):
            rows: Any = [row] * size
            body = {"dataframe_records": rows} if peer else rows if size > 1 else row
            bodies[peer, size] = folder / f"body-{peer}-{size}.json"
            bodies[peer, size].write_text(json.dumps(body), "utf-8")
    return bodies


def make_environment(project: Path) -> dict[str, str]:
    """Give what every server is started with: one thread each, and no calls home."""
    return os.environ | {
        "PATH": f"{project / '.venv/bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(project / "src"),
        "OMP_NUM_THREADS": "1",
        "MLFLOW_TRACKING_URI": "sqlite:///mlflow.db",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "DO_NOT_TRACK": "true",
    }


def bench(project: Path, rounds: int, seconds: float) -> list[Subject]:
    """Run all servers at once, and ask them in turn."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as running:
        folder = Path(name)
        settle(project, folder)
        subjects = [Subject(server) for server in list_servers(project, folder)]
        bodies, environment = write_bodies(project, folder), make_environment(project)
        for subject in subjects:
            first = find_body(bodies, subject, 1).read_bytes()
            running.enter_context(start(subject, first, environment))
        for turn in range(rounds + 1):
            for subject in subjects:
                take_turn(subject, bodies, seconds if turn else 0.0)
        for subject in subjects:
            subject.memory = read_memory(subject.pid)
    return subjects


def take_turn(
    subject: Subject, bodies: dict[tuple[bool, int], Path], seconds: float
) -> None:
    """Measure a server once with each size; a turn of no seconds only warms up."""
    for size in SIZES:
        found = measure(subject, find_body(bodies, subject, size), seconds or 1.0)
        if seconds:
            subject.rounds.setdefault(size, []).append(found)


def find_body(
    bodies: dict[tuple[bool, int], Path], subject: Subject, rows: int
) -> Path:
    """Give the file with the body that a server reads."""
    return bodies[subject.server.path != "/predict", rows]


def write_table(subjects: list[Subject]) -> list[str]:
    """Write the figures as Markdown: medians of the rounds, each beside the limit."""
    lines = [
        "| server | rows | CPU us a request | x limit | requests/s | p50 ms | p99 ms "
        "| MB | first answer s |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for size in SIZES:
        least = subjects[0].find(size).cost
        for subject in subjects:
            cost, rate, load = subject.find(size)
            lines.append(
                f"| {subject.name} | {size} | {cost:,.0f} | {cost / least:.2f} "
                f"| {rate:,.0f} | {load.p50:.2f} | {load.p99:.2f} "
                f"| {subject.memory:.0f} | {subject.first:.1f} |"
            )
    return lines


def judge(subjects: list[Subject]) -> list[str]:
    """Hold our figures against the goals; each line says what was measured."""
    limit, ours, kept, _, peer, watched = subjects
    one, many = ours.find(SIZES[0]), ours.find(SIZES[1])
    least_one, least_many = (limit.find(size).cost for size in SIZES)
    cheaper = peer.find(SIZES[0]).cost / one.cost
    goals = [
        ("x less CPU than mlflow", cheaper, 100, 1),
        ("x the limit, 1 row", one.cost / least_one, 2, -1),
        ("x the limit, 100 rows", many.cost / least_many, 1.5, -1),
        ("ms p99 at 16 connections", one.load.p99, 5, -1),
        ("MB", ours.memory, 100, -1),
        ("s to the first answer", ours.first, 2, -1),
    ]
    slower = watched.find(SIZES[0]).load.p50 / kept.find(SIZES[0]).load.p50
    seen = (
        "- A shadow, itself as busy as the champion, on the same cores: "
        f"the median answer takes {slower:.2f} times as long."
    )
    return [
        f"- {value:.2f} {what} (goal: {'>=' if way > 0 else '<='} {goal}): "
        f"{'met' if (value - goal) * way >= 0 else 'missed'}"
        for what, value, goal, way in goals
    ] + [seen]


def report(project: Path, rounds: int = 5, seconds: float = 5.0) -> list[str]:
    """Measure, and give the table and the goals as Markdown."""
    subjects = bench(project, rounds, seconds)
    asked = (
        "wrk" if shutil.which("wrk") else "sockets of our own (wrk is not installed)"
    )
    return [
        f"{CONNECTIONS} connections, one worker each, asked by {asked}; CPU is that of the "
        f"server's whole tree of processes; medians of {rounds} rounds in turn.",
        "",
        *write_table(subjects),
        "",
        *judge(subjects),
        "",
        "BentoML is not among our locks, so it was not measured here.",
        "",
        f"`make load SECONDS={LOAD_SECONDS}`, as much as one worker bears:",
        "",
        "```",
        *load(project).splitlines(),
        "```",
    ]


def load(project: Path) -> str:
    """Run the project's own load test, which fails where an answer fails or memory grows."""
    words = ["make", "load", f"SECONDS={LOAD_SECONDS}"]
    return subprocess.check_output(words, cwd=project, text=True)


def main() -> None:
    """Measure, and print the table and the goals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5.0)
    chosen = parser.parse_args()
    project = chosen.project.resolve()
    print("\n".join(report(project, chosen.rounds, chosen.seconds)))


if __name__ == "__main__":
    main()
