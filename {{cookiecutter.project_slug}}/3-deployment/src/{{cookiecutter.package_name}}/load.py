"""Put the service under as much load as it bears, and see whether it fails or grows."""

import argparse
import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from . import live
from .contract import make_example_row
from .live import watch
from .progress import say, step
from .refusal import Refusal

PATIENCE_SECONDS = 60
# The first answers of each connection fill pools and caches: growth is counted from here on.
SETTLED = 0.2
# What a service may grow by, once settled, before it counts as a leak: allocators breathe.
MOST_GROWTH_MB = 20.0
MB = 1024 * 1024


@dataclass
class Found:
    """What came back: latencies in ms, what failed, and the memory at moments in MB."""

    latencies: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

    def find_latency(self, share: float) -> float:
        """Give the latency that this share of the answers keeps within, in ms."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    @property
    def growth(self) -> float:
        """How much memory the service took once it had settled, in MB."""
        settled = self.memory[int(len(self.memory) * SETTLED) :]
        return settled[-1] - settled[0]


@contextmanager
def start() -> Iterator[tuple[str, int, psutil.Process]]:
    """Serve the champion in a process of its own, with its events in a folder that goes away."""
    champion = watch.load_champion()
    words = [*live.__name__.split("."), "--port", "0", "--version", champion.version]
    with tempfile.TemporaryDirectory() as name:
        folder, log = Path(name), Path(name) / "log"
        for part in ("conf", "packages"):
            (folder / part).symlink_to(Path(part).resolve())
        source = str(Path(live.__file__).parents[2])
        with (
            log.open("w") as out,
            subprocess.Popen(
                [sys.executable, "-m", *words],
                cwd=folder,
                stdout=out,
                stderr=out,
                env=os.environ | {"PYTHONPATH": source},
            ) as process,
        ):
            try:
                host, port = wait(log, process)
                yield host, port, psutil.Process(process.pid)
            finally:
                process.send_signal(signal.SIGTERM)


def wait(log: Path, process: "subprocess.Popen[bytes]") -> tuple[str, int]:
    """Wait until the service says where it listens."""
    for _ in range(PATIENCE_SECONDS * 20):
        said = log.read_text("utf-8")
        if found := re.search(r"http://([\d.]+):(\d+)/docs", said):
            return found[1], int(found[2])
        if process.poll() is not None:
            raise Refusal(f"The service does not start: {said.strip()}")
        time.sleep(0.05)
    raise Refusal(f"The service did not start within {PATIENCE_SECONDS} s.")


def write_request(rows: int) -> bytes:
    """Write a whole request for the example row of the champion's table."""
    row = make_example_row(watch.load_champion().table)
    body = json.dumps([row] * rows if rows > 1 else row).encode()
    head = (
        "POST /predict HTTP/1.1\r\nHost: load\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def ask(host: str, port: int, request: bytes, found: Found, end: float) -> None:
    """Ask again and again on one connection, until the time is over."""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        while (begin := time.perf_counter()) < end:
            writer.write(request)
            status, _ = await read_answer(reader)
            found.latencies.append((time.perf_counter() - begin) * 1000)
            if status != 200:
                found.failures.append(f"status {status}")
    except (OSError, EOFError, ValueError) as error:
        found.failures.append(f"{type(error).__name__}: {error}")
    finally:
        writer.close()


async def read_answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Read the status and the body of one answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    if not length:
        raise ValueError("an answer without its length")
    return int(head[9:12]), await reader.readexactly(int(length[1]))


async def watch_memory(process: psutil.Process, found: Found, end: float) -> None:
    """Note the service's memory, some times a second."""
    while time.perf_counter() < end:
        found.memory.append(process.memory_info().rss / MB)
        await asyncio.sleep(0.2)


async def press(
    host: str, port: int, process: psutil.Process, chosen: argparse.Namespace
) -> Found:
    """Ask on all connections at once, and watch the memory."""
    request = write_request(chosen.rows)
    found, end = Found(), time.perf_counter() + chosen.seconds
    many = [ask(host, port, request, found, end) for _ in range(chosen.connections)]
    await asyncio.gather(watch_memory(process, found, end), *many)
    return found


def judge(found: Found, seconds: float) -> str:
    """Say what was measured, or refuse a service that failed or grew."""
    if found.failures:
        raise Refusal(
            f"{len(found.failures):,} of {len(found.latencies):,} requests failed, the "
            f"first with {found.failures[0]}."
        )
    if not found.latencies:
        raise Refusal("No request was answered; give it more time with SECONDS=60.")
    if found.growth > MOST_GROWTH_MB:
        raise Refusal(
            f"The service grew by {found.growth:.0f} MB in {seconds:g} s, to "
            f"{found.memory[-1]:.0f} MB; what is kept for each request?"
        )
    return (
        f"  {len(found.latencies):,} requests, no error: "
        f"{len(found.latencies) / seconds:,.0f} a second, p50 {found.find_latency(0.5):.2f} "
        f"ms, p99 {found.find_latency(0.99):.2f} ms\n"
        f"  memory {found.memory[-1]:.0f} MB, {found.growth:+.1f} MB since it settled"
    )


def main(arguments: list[str]) -> None:
    """Load the champion's service for a minute."""
    parser = argparse.ArgumentParser(prog="load", description=__doc__)
    seconds = os.environ.get("SECONDS") or "60"
    parser.add_argument("--seconds", type=float, default=seconds)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--rows", type=int, default=os.environ.get("ROWS") or "1")
    chosen = parser.parse_args(arguments)
    with start() as (host, port, process):
        with step(f"load: {chosen.connections} connections, {chosen.seconds:g} s"):
            found = asyncio.run(press(host, port, process, chosen))
    say(judge(found, chosen.seconds))
