"""Ask a service for predictions from several connections at once, for some seconds."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx

from ..refusal import Refusal
from .deployment import Load
from .smoke import connect


@dataclass(frozen=True)
class Measured:
    """What came of a load test; latencies in ms, in order."""

    latencies: list[float]
    faults: list[str]
    seconds: float

    @property
    def p99(self) -> float:
        """The latency that 99 of 100 answers keep within, in ms."""
        return self.latencies[int(0.99 * (len(self.latencies) - 1))]

    def describe(self) -> str:
        """Say it in a line."""
        median = self.latencies[len(self.latencies) // 2]
        return (
            f"{len(self.latencies) / self.seconds:,.0f} requests/s, "
            f"p50 {median:.1f} ms, p99 {self.p99:.1f} ms, no error"
        )


def run(url: str, row: dict[str, Any], load: Load) -> Measured:
    """Ask for the row again and again on each connection, until the time is over."""
    with ThreadPoolExecutor(load.connections) as pool:
        asked = [
            pool.submit(_ask, url, row, load.seconds) for _ in range(load.connections)
        ]
        parts = [one.result() for one in asked]
    latencies = sorted(value for part, _ in parts for value in part)
    faults = [one for _, part in parts for one in part]
    return Measured(latencies, faults, load.seconds)


def _ask(
    url: str, row: dict[str, Any], seconds: float
) -> tuple[list[float], list[str]]:
    latencies, faults = [], []
    with connect(url) as client:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            begin = time.perf_counter()
            try:
                answer = client.post("/predict", json=row)
                if answer.status_code != 200:
                    faults.append(f"status {answer.status_code}")
            except httpx.HTTPError as error:
                faults.append(str(error) or type(error).__name__)
            latencies.append((time.perf_counter() - begin) * 1000)
    return latencies, faults


def check(url: str, row: dict[str, Any], load: Load) -> Measured:
    """Run the load test; raises `Refusal` for any error and for slow answers."""
    found = run(url, row, load)
    if not found.latencies:
        raise Refusal("the load test is too short to ask once; raise `load.seconds`")
    if found.faults:
        raise Refusal(
            f"under load {len(found.faults):,} of {len(found.latencies):,} requests failed, "
            f"the first with {found.faults[0]}"
        )
    if found.p99 > load.p99_ms:
        raise Refusal(
            f"under load the p99 is {found.p99:.0f} ms, over the {load.p99_ms:g} ms of "
            "`load.p99_ms`"
        )
    return found
