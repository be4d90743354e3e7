"""Ask a server on many connections at once, with wrk where it is installed."""

import asyncio
import os
import re
import shutil
import statistics
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

from .servers import Server

CONNECTIONS = 16
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


def name_tool() -> str:
    """Say what asks here."""
    if shutil.which("wrk"):
        return "wrk"
    return "sockets of our own (wrk is not installed)"


def press(server: Server, body: Path, seconds: float) -> Load:
    """Ask on all connections at once for some seconds."""
    if not shutil.which("wrk"):
        return asyncio.run(press_ourselves(server, body.read_bytes(), seconds))
    script = body.with_suffix(".lua")
    script.write_text(SCRIPT, "utf-8")
    words = f"-t1 -c{CONNECTIONS} -d{seconds:g}s --timeout 60s --latency -s".split()
    said = subprocess.check_output(
        ["wrk", *words, str(script), server.address],
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
