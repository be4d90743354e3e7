"""Measure the service of level 3 beside its peers, and beside the least that it can cost.

All servers run at once and are asked in turn, round after round, so that a busy machine slows
each alike; processor time is that of a server's whole tree of processes. It needs a project
that was trained and packaged, and Linux.
"""

import subprocess
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from ..processes import read_cpu, read_memory
from . import peers
from .bodies import SIZES, Bodies, find_body, write_bodies
from .press import CONNECTIONS, name_tool, press
from .servers import list_servers, make_environment, run, settle, wait
from .subject import Round, Subject
from .tables import judge, write_table

ROUNDS = 5
SECONDS = 5.0  # for each server in each round with each size
LOAD_SECONDS = 60


def report(project: Path) -> list[str]:
    """Measure, and give the table and the goals as Markdown."""
    subjects = bench(project)
    there = any(one.name == "BentoML" for one in subjects)
    return [
        f"{CONNECTIONS} connections, one worker each, asked by {name_tool()}; CPU is that of "
        f"the server's whole tree of processes; medians of {ROUNDS} rounds in turn.",
        "",
        *write_table(subjects),
        "",
        *judge(subjects),
        *([] if there else ["- BentoML could not be installed here: not measured."]),
        "",
        f"`make load SECONDS={LOAD_SECONDS}`, as much as one worker bears:",
        "",
        "```",
        *load(project).splitlines(),
        "```",
    ]


def bench(project: Path) -> list[Subject]:
    """Run all servers at once, and ask them in turn."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as running:
        folder = Path(name)
        settle(project, folder)
        subjects = list_subjects(project, folder)
        bodies, environment = write_bodies(project, folder), make_environment(project)
        for subject in subjects:
            process = running.enter_context(run(subject.server, environment))
            body = find_body(bodies, subject.server, 1).read_bytes()
            subject.first = wait(subject.server, process, body)
            subject.pid = process.pid
        for turn in range(ROUNDS + 1):
            for subject in subjects:
                take_turn(subject, bodies, SECONDS if turn else 0.0)
        for subject in subjects:
            subject.memory = read_memory(subject.pid)
    return subjects


def list_subjects(project: Path, folder: Path) -> list[Subject]:
    """Name all that can be measured here, the limit first."""
    servers = list_servers(project, folder)
    environment = peers.install(project, folder)
    if environment:
        servers.append(peers.describe(project, folder, environment))
    return [Subject(server) for server in servers]


def take_turn(subject: Subject, bodies: Bodies, seconds: float) -> None:
    """Measure a server once with each size; a turn of no seconds only warms up."""
    for size in SIZES:
        body = find_body(bodies, subject.server, size)
        found = measure(subject, body, seconds or 1.0)
        if seconds:
            subject.rounds.setdefault(size, []).append(found)


def measure(subject: Subject, body: Path, seconds: float) -> Round:
    """Take one round of one server."""
    before, begin = read_cpu(subject.pid), time.perf_counter()
    found = press(subject.server, body, seconds)
    took = time.perf_counter() - begin
    if found.failed or not found.requests:
        raise SystemExit(f"{subject.name}: {found.failed} of {found.requests} failed")
    cost = (read_cpu(subject.pid) - before) / found.requests * 1e6
    return Round(cost, found.requests / took, found)


def load(project: Path) -> str:
    """Run the project's own load test, which fails where an answer fails or memory grows."""
    words = ["make", "--no-print-directory", "load", f"SECONDS={LOAD_SECONDS}"]
    return subprocess.check_output(words, cwd=project, text=True)
