"""Live through the year that the data holds, and keep its picture for the README."""

import json
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "year.png"
LINES = ("frozen", "managed", "oracle")


def report(project: Path) -> list[str]:
    """Run `make simulate`, copy the picture, and give the figures as Markdown."""
    start = time.perf_counter()
    subprocess.run(["make", "simulate"], cwd=project, check=True)
    seconds = time.perf_counter() - start
    shutil.copy(project / "reports/simulation.png", PICTURE)
    found = json.loads((project / "reports/simulation.json").read_text("utf-8"))
    metric = found["metrics"][0]
    rows = [
        f"`make simulate` sent {found['answered']:,} flights through the running service in "
        f"{seconds:.0f} s; {count(found, 'promote')} models were promoted, "
        f"{count(found, 'reject')} rejected, {count(found, 'rollback')} rolled back.",
        "",
        f"| {metric} | " + " | ".join(LINES) + " |",
        "|---|" + "---|" * len(LINES),
    ]
    for period in found["periods"]:
        values = [found["lines"][line][period][metric] for line in LINES]
        rows.append(write_row(period, values))
    return [*rows, write_row("mean", [found["means"][metric][line] for line in LINES])]


def count(found: dict[str, Any], decision: str) -> int:
    """Count the decisions of one kind."""
    return sum(one["decision"] == decision for one in found["decisions"])


def write_row(name: str, values: list[float]) -> str:
    """Write a line of the table."""
    return f"| {name} | " + " | ".join(f"{value:.3f}" for value in values) + " |"
