"""Score a table of any size with the package of the champion: DATA=rows.parquet OUT=scores.parquet."""

import argparse
import os
from pathlib import Path

from ..files import PREPARED
from ..progress import say
from ..refusal import Refusal

SCORES = Path("data/scores.parquet")
ENGINES = ("local", "spark")


def read_count(text: str) -> int:
    """Read the number of processes; by default one for each core that we may use."""
    if not text:
        affinity = getattr(os, "sched_getaffinity", None)
        return len(affinity(0)) if affinity else os.cpu_count() or 1
    if not text.isdecimal() or not 0 < int(text) <= 1024:
        raise Refusal(f"WORKERS is {text!r}; choose a number from 1 to 1024.")
    return int(text)


def main(arguments: list[str]) -> None:
    """Score a file, or all files of a folder."""
    parser = argparse.ArgumentParser(prog="batch", description=__doc__)
    given = os.environ.get
    parser.add_argument("--data", default=given("DATA") or str(PREPARED))
    parser.add_argument("--out", default=given("OUT") or SCORES, type=Path)
    parser.add_argument("--engine", default=given("ENGINE") or "local")
    parser.add_argument("--workers", default=given("WORKERS") or "")
    chosen = parser.parse_args(arguments)
    if chosen.engine not in ENGINES:
        raise Refusal(
            f"ENGINE is {chosen.engine!r}; choose one of {', '.join(ENGINES)}."
        )
    from . import shipped  # pylint: disable=import-outside-toplevel # no worker needs it

    # The system's own allocator gives memory back: a third less of it, and no slower.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    package = shipped.find()
    say(f"batch: {chosen.data} with {package}, engine {chosen.engine}")
    if chosen.engine == "spark":
        from . import spark  # pylint: disable=import-outside-toplevel

        spark.run(chosen.data, chosen.out, package)
    else:
        from . import local  # pylint: disable=import-outside-toplevel

        local.run(Path(chosen.data), chosen.out, package, read_count(chosen.workers))
    say(f"  {chosen.out}")
