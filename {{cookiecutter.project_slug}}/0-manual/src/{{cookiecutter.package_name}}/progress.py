"""Show what runs and how long it took."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def step(text: str) -> Iterator[None]:
    """Print the text when the work starts and its duration, in seconds, when it ends."""
    print(f"{text} ... ", end="", flush=True)
    start = time.perf_counter()
    try:
        yield
    except BaseException:
        print("stopped", flush=True)
        raise
    print(f"{time.perf_counter() - start:.1f} s", flush=True)


def say(text: str) -> None:
    """Print one line of the result at once, also when the output is a pipe."""
    print(text, file=sys.stdout, flush=True)


def show(metric: float | None) -> str:
    """Write a metric; None is one that the rows cannot tell, such as AUC of one class."""
    return "unknown" if metric is None else f"{metric:.4f}"
