"""Measure generating, installing and training beside the least that each costs without us."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

HOUSE = Path(__file__).resolve().parents[2]
PROJECT = "flight-delays"
# One file and no hook: what cookiecutter itself needs.
BARE_TEMPLATE = '{"slug": "bare"}'
# The same trees on the same rows as numbers, with nothing around them.
BARE_TRAINING = """
import pandas, yaml
from sklearn.ensemble import HistGradientBoostingClassifier
settings = yaml.safe_load(open("conf/settings.yaml"))
rows = pandas.read_parquet("data/table.parquet")
rows = rows[rows["scheduled_departure"] < "2013-03-01"]
inputs = rows.drop(columns=["flight_id", "scheduled_departure", "arrival"])
inputs = inputs.apply(lambda c: c if c.dtype == float else pandas.factorize(c)[0])
trees = HistGradientBoostingClassifier(random_state=settings["seed"], **settings["model"])
trees.fit(inputs.to_numpy(float), rows["arrival"])
"""


class Cost(NamedTuple):
    """Seconds on the clock, and the peak memory of the largest process in MB."""

    seconds: float
    megabytes: float


class Row(NamedTuple):
    """One line of the report: ours beside the bare figure."""

    what: str
    ours: Cost
    bare_name: str
    bare: Cost


def measure(command: list[str], folder: Path) -> Cost:
    """Run a command; fail loudly if it fails, for a quick failure is no benchmark."""
    start = time.perf_counter()
    process = subprocess.Popen(  # pylint: disable=consider-using-with
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command} failed: {said.decode()[-2000:]}")
    return Cost(time.perf_counter() - start, usage.ru_maxrss / 1024)


def compare(
    ours: Callable[[], Cost], bare: Callable[[], Cost], runs: int
) -> tuple[Cost, Cost]:
    """Take both in turn and give the median of each."""
    pairs = [(ours(), bare()) for _ in range(runs)]
    return _median([pair[0] for pair in pairs]), _median([pair[1] for pair in pairs])


def _median(costs: list[Cost]) -> Cost:
    return Cost(
        statistics.median(cost.seconds for cost in costs),
        statistics.median(cost.megabytes for cost in costs),
    )


def generate(template: Path, folder: Path, *answers: str) -> Cost:
    """Generate a project into a new folder."""
    into = Path(tempfile.mkdtemp(dir=folder))
    command = [sys.executable, "-m", "cookiecutter", str(template), "--no-input"]
    return measure([*command, "-o", str(into), *answers], folder)


def bench_generation(folder: Path) -> Row:
    """Time cookiecutter on this template, and on a template of one file."""
    bare = folder / "bare-template"
    (bare / "{{cookiecutter.slug}}").mkdir(parents=True)
    (bare / "{{cookiecutter.slug}}" / "file").write_text("{{ cookiecutter.slug }}")
    (bare / "cookiecutter.json").write_text(BARE_TEMPLATE)
    costs = compare(
        lambda: generate(HOUSE, folder, "maturity_level=2"),
        lambda: generate(bare, folder),
        runs=5,
    )
    return Row(
        "generate a level-2 project", costs[0], "cookiecutter, one file", costs[1]
    )


def bench_setup(project: Path, folder: Path) -> Row:
    """Time `make setup` with a warm cache, and bare uv on the same lock."""
    lock = project / "requirements" / "2-training.txt"
    bare = folder / "bare-venv"

    def install_bare() -> Cost:
        subprocess.run(["uv", "venv", "--quiet", "--clear", str(bare)], check=True)
        python = str(bare / "bin" / "python")
        return measure(
            ["uv", "pip", "install", "--python", python, "-r", str(lock)], folder
        )

    costs = compare(
        lambda: measure(["make", "-B", "setup"], project), install_bare, runs=3
    )
    return Row(
        "`make setup`, level 2, warm cache", costs[0], "uv pip install", costs[1]
    )


def bench_training(project: Path) -> Row:
    """Time `make train`, and the bare estimator on the same rows."""
    python = str(project / ".venv" / "bin" / "python")
    ours, bare = compare(
        lambda: measure(["make", "train"], project),
        lambda: measure([python, "-c", BARE_TRAINING], project),
        runs=5,
    )
    rows = json.loads((project / "models" / "model.json").read_text("utf-8"))["rows"]
    per_second = f"`make train`, {rows / ours.seconds:,.0f} rows a second"
    bare_name = f"bare scikit-learn, {rows / bare.seconds:,.0f} rows a second"
    return Row(per_second, ours, bare_name, bare)


def bench_pipeline(project: Path) -> list[Row]:
    """Time the pipeline to a registered model, then when there is nothing to do."""
    python = str(project / ".venv" / "bin" / "python")
    first = measure(["make", "pipeline"], project)
    second = measure(["make", "pipeline"], project)
    bare = measure([python, "-c", BARE_TRAINING], project)
    return [
        Row("`make pipeline`, first run", first, "bare scikit-learn", bare),
        Row("`make pipeline`, nothing to do", second, "bare scikit-learn", bare),
    ]


def write_table(rows: list[Row]) -> list[str]:
    """Write the figures as Markdown, ours beside the bare one."""
    lines = [
        "Medians of whole processes; ours and the bare figure are taken in turn in one run.",
        "",
        "| what | seconds | peak MB | beside | seconds | peak MB | ratio of seconds |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        lines.append(
            f"| {row.what} | {row.ours.seconds:.2f} | {row.ours.megabytes:.0f} "
            f"| {row.bare_name} | {row.bare.seconds:.2f} | {row.bare.megabytes:.0f} "
            f"| {row.ours.seconds / row.bare.seconds:.1f} |"
        )
    return lines


def report(folder: Path) -> list[str]:
    """Measure on a freshly generated project of level 2."""
    rows = [bench_generation(folder)]
    generate(HOUSE, folder, "maturity_level=2")
    project = next(folder.glob(f"*/{PROJECT}/dvc.yaml")).parent
    rows.append(bench_setup(project, folder))
    subprocess.run(["make", "data"], cwd=project, check=True)
    rows.append(bench_training(project))
    subprocess.run(["make", "clean"], cwd=project, check=True)
    return write_table(rows + bench_pipeline(project))
