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
        try:
            return len(os.sched_getaffinity(0))
        except AttributeError:  # not on every system
            return os.cpu_count() or 1
    if not text.isdecimal() or not 0 < int(text) <= 1024:
        raise Refusal(f"WORKERS is {text!r}; choose a number from 1 to 1024.")
    return int(text)


def main(arguments: list[str]) -> None:
    """Score a file, or all files of a folder."""
    parser = argparse.ArgumentParser(prog="batch", description=__doc__)
    given = os.environ.get
    parser.add_argument("--data", default=given("DATA") or str(PREPARED))
    parser.add_argument("--out", default=given("OUT") or str(SCORES))
    parser.add_argument("--engine", default=given("ENGINE") or "local")
    parser.add_argument("--workers", default=given("WORKERS") or "")
    parser.add_argument("--part-rows", type=int)
    chosen = parser.parse_args(arguments)
    if chosen.engine not in ENGINES:
        raise Refusal(
            f"ENGINE is {chosen.engine!r}; choose one of {', '.join(ENGINES)}."
        )
    # The system's own allocator gives memory back: a third less of it, and no slower.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    run(chosen.engine, chosen)
    say(f"  {chosen.out}")


def run(engine: str, chosen: argparse.Namespace) -> None:
    """Find the package and start the engine; each imports much that the other does not."""
    # pylint: disable=import-outside-toplevel
    from . import shipped

    package = shipped.find()
    say(f"batch: {chosen.data} with {package}, engine {engine}")
    if engine == "spark":
        from . import engines

        engines.check_spark()
        from . import spark

        spark.run(chosen.data, chosen.out, package)
        return
    from . import local

    count = read_count(chosen.workers)
    local.run(Path(chosen.data), Path(chosen.out), package, count, chosen.part_rows)
