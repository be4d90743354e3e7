"""What a process and all that it started use."""

import os
import platform
from contextlib import suppress
from pathlib import Path

import psutil


def list_family(pid: int) -> list[psutil.Process]:
    """Give a process and all that it started, directly or not."""
    first = psutil.Process(pid)
    return [first, *first.children(recursive=True)]


def read_cpu(pid: int) -> float:
    """Give the CPU seconds of a family, those of ended children included."""
    return sum(sum(one.cpu_times()[:4]) for one in list_family(pid))


def read_memory(pid: int) -> float:
    """Give the memory (PSS, where shared pages count once) of a family in MB."""
    total = 0
    with suppress(psutil.NoSuchProcess):  # it has just ended
        for one in list_family(pid):
            with suppress(psutil.NoSuchProcess):
                total += one.memory_full_info().pss
    return total / 2**20


def describe_machine() -> str:
    """Name the processor, its cores, the memory, the system, the Python and the load."""
    cpu = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    gigabytes = psutil.virtual_memory().total / 2**30
    return (
        f"{cpu}, {os.cpu_count()} cores, {gigabytes:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )
