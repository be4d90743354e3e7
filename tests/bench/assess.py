"""Measure the scan beside repo-review and beside `git grep` for some of the same words.

Each folder is read by the three in turn, whole processes, start of Python included. The words
are what a keyword search would look for: it finds mentions, where the scan asks whether they
are wired; repo-review knows no machine learning. So the ratios say what understanding costs.
"""

import importlib.util
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from maturity_assessment.render import render, silence
from maturity_assessment.scan import Repository

HOUSE = Path(__file__).resolve().parents[2]
RUNS = 5
WORDS = (
    "pytest",
    "ruff|flake8|pylint",
    "mypy|pyright",
    "pre-commit",
    "docker",
    "kubectl|apiVersion",
    "terraform",
    "mlflow|wandb",
    "dvc",
    "pandera|great_expectations",
    "evidently|drift",
    "prometheus",
    "fastapi|flask",
    "airflow|prefect|kubeflow",
    "sagemaker|azureml|vertex",
    "optuna|GridSearchCV",
    "shap|lime",
    "fairlearn|aif360",
    "predict_proba|\\.predict\\(",
    "register_model",
    "cron|schedule",
)
WAYS: dict[str, list[str]] = {
    "ours": [
        sys.executable,
        "-m",
        "maturity_assessment.cli",
        "scan",
        "--format",
        "json",
    ],
    "repo-review": [sys.executable, "-m", "repo_review", "--format", "json"],
    "git grep": ["git", "grep", "--no-index", "--exclude-standard", "-n", "-E"],
}


class Cost(NamedTuple):
    """Seconds on the clock and of the processor, and the peak memory in MB."""

    seconds: float
    cpu: float
    megabytes: float


def measure(command: list[str], folder: Path) -> Cost:
    """Run a command in a folder; fail loudly if it does not report."""
    start = time.perf_counter()
    with open(os.devnull, "wb") as nowhere:
        process = subprocess.Popen(  # pylint: disable=consider-using-with
            command, cwd=folder, stdout=nowhere, stderr=subprocess.PIPE
        )
    assert process.stderr
    said = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    # git grep says 1 where it finds nothing, repo-review 3 where something is missing.
    if os.waitstatus_to_exitcode(status) not in (0, 1, 3) or "Traceback" in said:
        raise SystemExit(f"{command[:4]} failed: {said[-2000:]}")
    seconds = time.perf_counter() - start
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def read(way: str, folder: Path) -> Cost:
    """Let one of the three read a folder."""
    if way == "git grep":
        return measure([*WAYS[way], "|".join(WORDS)], folder)
    return measure([*WAYS[way], str(folder)], HOUSE)


def bench(folder: Path) -> dict[str, Cost]:
    """Give the median costs of the three, taken in turn."""
    found = [{way: read(way, folder) for way in WAYS} for _ in range(RUNS)]
    return {
        way: Cost(*map(statistics.median, zip(*(one[way] for one in found))))
        for way in WAYS
    }


def write_rows(what: str, folder: Path) -> list[str]:
    """Measure a folder and write its rows of the table."""
    repository = Repository(folder)
    files = len(repository.files)
    python = sum(
        one.size for path, one in repository.files.items() if path[-3:] == ".py"
    )
    costs = bench(folder)
    rows = []
    for way, cost in costs.items():
        rows.append(
            f"| {what}, {files:,} files, {python / 1e6:.1f} MB of Python | {way} "
            f"| {cost.seconds:.2f} | {cost.cpu:.2f} | {cost.megabytes:.0f} "
            f"| {files / cost.seconds:,.0f} | {costs['ours'].cpu / cost.cpu:.1f} x |"
        )
    return rows


def time_portfolio(folder: Path) -> str:
    """Say how long a portfolio of forty repositories takes, eight of each level."""
    with silence():
        made = [
            render({"maturity_level": str(level)}, folder / str(level))
            for level in range(5)
        ]
    copies = [
        shutil.copytree(one, folder / f"copy-{n}") for n, one in enumerate(made * 8)
    ]
    named = folder / "repositories.txt"
    named.write_text("\n".join(map(str, copies)), "utf-8")
    words = ["portfolio", str(named), "--output", str(folder / "portfolio.html")]
    cost = measure([sys.executable, "-m", "maturity_assessment.cli", *words], HOUSE)
    return (
        f"`mlops-maturity portfolio` of {len(copies)} generated projects, eight of each level: "
        f"{cost.seconds:.0f} s (goal: < 180)."
    )


def report(folder: Path) -> list[str]:
    """Measure on a generated project of level 4 and on the sources of scikit-learn."""
    with silence():
        project = render({"maturity_level": "4"}, folder / "assessed")
    subprocess.run(["git", "init", "--quiet", str(project)], check=True)
    found = importlib.util.find_spec("sklearn")
    assert found and found.origin
    sources = folder / "scikit-learn"
    shutil.copytree(Path(found.origin).parent, sources)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        f"Medians of {RUNS} whole processes of each, taken in turn. A peak of {own:.0f} MB is"
        " that of the measuring process, from which each starts.",
        "",
        "| folder | way | seconds | CPU s | peak MB | files a second | CPU: ours is |",
        "|---|---|---|---|---|---|---|",
        *write_rows("level 4", project),
        *write_rows("scikit-learn", sources),
        "",
        time_portfolio(folder / "portfolio"),
    ]
