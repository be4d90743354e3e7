"""Measure `make batch` beside chunked pandas with scikit-learn, and beside reading and writing.

Run it on a generated project of level 3 or 4 whose package is made:

    PYTHONPATH=tests python -m bench.batch PROJECT

CPU seconds and memory (PSS) are those of the whole tree of processes. Every round takes the
three in turn, so that a busy machine slows them alike.
"""

import ctypes
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

import psutil

from .processes import read_memory

SIZES = {1_000_000: 3, 4_000_000: 1, 10_000_000: 1}
# Asks Linux to give us the children of children that end, with what they used.
SUBREAPER = 36
# The real rows again and again, each time with other weather, in row groups.
MAKE_ROWS = """
import sys, numpy as np, pyarrow as pa, pyarrow.parquet as pq
rows, path, group = int(sys.argv[1]), sys.argv[2], 250_000
base = pq.read_table("data/table.parquet").replace_schema_metadata(None)
base = pa.concat_tables([base] * (1 + group // base.num_rows)).slice(0, group)
random = np.random.default_rng(0)
with pq.ParquetWriter(path, base.schema) as writer:
    for begin in range(0, rows, group):
        part = base.slice(0, min(group, rows - begin))
        for place, field in enumerate(part.schema):
            if field.type == pa.float64():
                values = part[field.name].to_numpy()
                noise = random.choice([0, 1], part.num_rows) * np.nanstd(values) / 10
                moved = pa.array(values + noise, from_pandas=True)
                part = part.set_column(place, field.name, moved)
        writer.write_table(part, row_group_size=group)
"""
PANDAS = """
import sys, joblib, pandas as pd, pyarrow as pa, pyarrow.parquet as pq
from pathlib import Path
from PACKAGE import data, predict, table
made, path, out = sys.argv[1:]
described = table.read_table(Path(made) / "table.yaml")
fitted = joblib.load(Path(made) / "model.joblib")
writer = None
for batch in pq.ParquetFile(path).iter_batches(100_000):
    rows = data.conform(batch.to_pandas(), described)
    found = pa.Table.from_pandas(predict.predict(fitted, rows, described), preserve_index=False)
    writer = writer or pq.ParquetWriter(out, found.schema)
    writer.write_table(found)
writer.close()
"""
BARE = """
import sys, pyarrow as pa, pyarrow.parquet as pq
_, path, out = sys.argv[1:]
with pq.ParquetFile(path, pre_buffer=False, buffer_size=1 << 20) as file:
    names = [file.schema_arrow.names[0], *[f.name for f in file.schema_arrow if f.type == pa.float64()][:2]]
    writer = pq.ParquetWriter(out, pa.schema([file.schema_arrow.field(name) for name in names]))
    for batch in file.iter_batches(16_384, use_threads=False):
        writer.write_table(pa.Table.from_batches([batch]).select(names))
    writer.close()
"""
OURS = """
import os, sys
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
from pathlib import Path
from PACKAGE.batch import local
if __name__ == "__main__":
    local.run(Path(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[1]), len(os.sched_getaffinity(0)))
"""


class Cost(NamedTuple):
    """What a whole tree of processes took."""

    seconds: float
    cpu: float
    megabytes: float


def measure(command: list[str], folder: Path) -> Cost:
    """Run a command and all that it starts; fail loudly if it fails."""
    peak, ended = [0.0], threading.Event()

    def watch() -> None:
        while not ended.wait(0.1):
            started = psutil.Process().children()
            peak[0] = max(peak[0], sum(read_memory(one.pid) for one in started))

    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    watcher = threading.Thread(target=watch)
    watcher.start()
    environment = {**os.environ, "PYTHONPATH": str(folder / "src")}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, check=False
    )
    seconds = time.perf_counter() - start
    reap()
    ended.set()
    watcher.join()
    if done.returncode:
        raise SystemExit(f"{command[:3]} failed: {done.stderr.decode()[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(seconds, used, peak[0])


def reap() -> None:
    """Wait for the children of children, so that what they used is counted."""
    try:
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        pass


def bench(project: Path, rows: int, rounds: int, folder: Path) -> dict[str, Cost]:
    """Give the median costs of the three on so many rows."""
    python = str(project / ".venv" / "bin" / "python")
    name = next(project.glob("src/*/__main__.py")).parent.name
    made = max((project / "packages").glob("*/manifest.json")).parent
    path = folder / f"{rows}.parquet"
    subprocess.run(
        [python, "-c", MAKE_ROWS, str(rows), str(path)], cwd=project, check=True
    )
    costs: dict[str, list[Cost]] = {}
    for _ in range(rounds):
        for what, code in (("ours", OURS), ("pandas", PANDAS), ("bare", BARE)):
            script = folder / f"run_{what}.py"
            script.write_text(code.replace("PACKAGE", name), "utf-8")
            words = [str(script), str(made), str(path), str(folder / "out.parquet")]
            costs.setdefault(what, []).append(measure([python, *words], project))
    path.unlink()
    return {
        what: Cost(*map(statistics.median, zip(*found)))
        for what, found in costs.items()
    }


def report(project: Path) -> list[str]:
    """Measure each size, and give the table as Markdown."""
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    lines = [
        "| rows | way | seconds | CPU s | peak MB | CPU: ours is |",
        "|---|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        for rows, rounds in SIZES.items():
            found = bench(project, rows, rounds, Path(folder))
            for what, cost in found.items():
                lines.append(
                    f"| {rows:,} | {what} | {cost.seconds:.1f} | {cost.cpu:.1f} "
                    f"| {cost.megabytes:.0f} | {found['ours'].cpu / cost.cpu:.2f} x |"
                )
    return lines


if __name__ == "__main__":
    print("\n".join(report(Path(sys.argv[1]).resolve())))
