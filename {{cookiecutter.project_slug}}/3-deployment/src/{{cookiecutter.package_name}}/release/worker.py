"""A model in a process of its own: it reads questions from a socket and answers them.

Its slowness, its crash and its memory are its own. It yields the processor to the service
and ends with it. Threads of the service would cost the champion most of its throughput.
"""

import argparse
import math
import os
import socket
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from .. import scoring
from ..refusal import Refusal
from ..scoring import Scorer
from ..table import Table
from . import messages

MOST_ROWS = 1_000
Question = tuple[str, dict[str, Any]]


def answer(scorer: Scorer, questions: Sequence[Question]) -> list[dict[str, Any]]:
    """Answer together or, when that fails, one by one: a bad row spoils no other.

    Each answer has its question's key, latency in ms, and a prediction or an error.
    """
    rows = [read_row(row, scorer.table) for _, row in questions]
    begin = time.perf_counter()
    try:
        found = [check(item) for item in scorer.answer(rows)]
    except Exception as error:  # pylint: disable=broad-exception-caught
        if len(rows) > 1:
            return [item for one in questions for item in answer(scorer, [one])]
        found = [{"error": f"{type(error).__name__}: {error}"}]
    latency = (time.perf_counter() - begin) * 1000
    return [
        {"key": key, "latency": latency, **item}
        for (key, _), item in zip(questions, found, strict=True)
    ]


def check(item: dict[str, Any]) -> dict[str, Any]:
    """Let no answer pass that is not a number."""
    numbers = [item["prediction"], *item.get("chances", {}).values()]
    if all(math.isfinite(number) for number in numbers if isinstance(number, float)):
        return item
    return {"error": "the answer is not a number"}


def read_row(row: dict[str, Any], table: Table) -> dict[str, Any]:
    """Give dates back their type, which JSON does not know."""
    for name in (*table.of_kind("date"), table.time):
        if name is not None and isinstance(row.get(name), str):
            row[name] = datetime.fromisoformat(row[name])
    return row


def serve(scorer: Scorer, link: socket.socket) -> None:
    """Answer until the other side ends; what has piled up is answered together."""
    messages.send(link, {"model": scorer.version})
    while True:
        questions = messages.receive(link)
        while len(questions) < MOST_ROWS and messages.is_waiting(link):
            questions += messages.receive(link)
        messages.send(link, answer(scorer, questions))


def main(arguments: list[str]) -> int:
    """Load the package and serve it over the socket that was handed down."""
    parser = argparse.ArgumentParser(prog="worker", description=__doc__)
    parser.add_argument("--package", type=Path, required=True)
    parser.add_argument("--socket", type=int, required=True)
    parser.add_argument("--nice", type=int, default=10)
    chosen = parser.parse_args(arguments)
    os.nice(chosen.nice)
    with socket.socket(fileno=chosen.socket) as link:
        try:
            serve(scoring.load(chosen.package), link)
        except Refusal as refusal:
            messages.send(link, {"refusal": str(refusal)})
            return 1
        except (EOFError, ConnectionError, KeyboardInterrupt):
            pass  # the service has ended
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
