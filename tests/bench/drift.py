"""Measure the drift check beside the least that numpy needs, scipy and evidently.

    PYTHONPATH=tests python -m bench.drift path/to/a/level-4/project

CPU seconds of one process, on 30 columns.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

ROWS = (10_000, 100_000, 1_000_000)
# 30 columns, a fifth of them categories; run with the project's own Python.
SCRIPT = """
import importlib, json, os, statistics, sys, time
package, rows = sys.argv[1], int(sys.argv[2])
import numpy, pandas
from scipy import stats
drift = importlib.import_module(f"{package}.drift")
table_of = importlib.import_module(f"{package}.table")
random = numpy.random.default_rng(0)
names = [f"number {place}" for place in range(24)]
words = [f"category {place}" for place in range(6)]
def make(count):
    frame = {name: random.normal(size=count) for name in names}
    frame |= {name: random.choice([f"c{i}" for i in range(20)], count) for name in words}
    return pandas.DataFrame(frame)
reference, current = make(rows), make(rows)
columns = [table_of.Column(name, "number") for name in names]
columns += [table_of.Column(name, "category") for name in words]
table = table_of.Table(source="none", task="regression", target="y", columns=columns,
    split={"train": 0.6, "validation": 0.2, "live": 0.2})
profile = drift.Profile.build(reference.head(100_000), table)
rules = drift.Rules()
edges = [item.bins.edges for item in profile.columns.values() if item.bins.ordered]
def ours():
    drift.check(current, profile, table, rules)
def least():
    for name, cut in zip(names, edges):
        numpy.bincount(numpy.searchsorted(cut, current[name].to_numpy()))
    for name in words:
        current[name].array._pa_array.value_counts()
def scipy():
    for name in names:
        stats.ks_2samp(reference[name], current[name])
    for name in words:
        stats.chi2_contingency([reference[name].value_counts(), current[name].value_counts()])
def evidently():
    from evidently import Dataset, DataDefinition, Report
    from evidently.presets import DataDriftPreset
    definition = DataDefinition(numerical_columns=names, categorical_columns=words)
    both = [Dataset.from_pandas(f, data_definition=definition) for f in (current, reference)]
    Report([DataDriftPreset()]).run(*both).dict()
def cost(what):
    start = time.process_time()
    what()
    return time.process_time() - start
import evidently as _
from evidently.presets import DataDriftPreset as _
asked = {"ours": ours, "least": least, "scipy": scipy, "evidently": evidently}
rounds = [{name: cost(what) for name, what in asked.items() if name in ("ours", "least") or not turn}
    for turn in range(5)]
print(json.dumps({name: statistics.median(r[name] for r in rounds if name in r) for name in asked}))
"""


def measure(project: Path, rows: int) -> dict[str, float]:
    """Give the CPU seconds of each way to check so many rows, all of them in turn."""
    package = next(path.parent.name for path in project.glob("src/*/drift/"))
    quiet = {"DO_NOT_TRACK": "1", "PYTHONPATH": "src", "PYTHONWARNINGS": "ignore"}
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    python = str(project / ".venv" / "bin" / "python")
    done = subprocess.run(
        [python, "-c", SCRIPT, package, str(rows)],
        cwd=project,
        env=os.environ | quiet | one,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def report(project: Path) -> list[str]:
    """Measure at each number of rows, and give the table as Markdown."""
    lines = [
        "| rows | way | CPU s | x ours |",
        "|---|---|---|---|",
    ]
    for rows in ROWS:
        found = measure(project, rows)
        for way, seconds in found.items():
            times = seconds / found["ours"]
            lines.append(f"| {rows:,} | {way} | {seconds:.3f} | {times:.2f} |")
    return lines


if __name__ == "__main__":
    print("\n".join(report(Path(sys.argv[1]).resolve())))
