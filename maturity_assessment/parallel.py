"""Many scans at once, one process a core; what goes wrong with one leaves the others alone."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")


def run_all(
    work: Callable[[Job], Result], jobs: Sequence[Job], processes: int = 0
) -> list[Result | str]:
    """Do all jobs; give their results in order, or the sentence of what went wrong."""
    count = min(processes or os.cpu_count() or 1, len(jobs))
    if count <= 1:
        return [attempt(partial(work, job)) for job in jobs]
    with ProcessPoolExecutor(count) as pool:
        futures = [pool.submit(work, job) for job in jobs]
        return [attempt(future.result) for future in futures]


def attempt(work: Callable[[], Result]) -> Result | str:
    """Do one job; give its result or the sentence of what went wrong."""
    try:
        return work()
    except Exception as error:  # pylint: disable=broad-exception-caught
        # A pool hands on whatever a worker met, and that one was killed as well.
        return f"{error}" or type(error).__name__
