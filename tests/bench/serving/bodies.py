"""What is asked: the example row of the champion's table, in the words of each server."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .servers import Server, find_package, make_environment

SIZES = (1, 100)
Bodies = dict[tuple[str, int], Path]
# How a server wants its rows.
SHAPES: dict[str, Callable[[list[Any]], Any]] = {
    "plain": lambda rows: rows if len(rows) > 1 else rows[0],
    "records": lambda rows: {"dataframe_records": rows},
    "named": lambda rows: {"rows": rows},
}
EXAMPLE = (
    "import json; from {0}.contract import make_example_row; "
    "from {0}.table import read_table; "
    "print(json.dumps(make_example_row(read_table())))"
)


def read_example(project: Path) -> Any:
    """Give the example row."""
    code = EXAMPLE.format(find_package(project))
    said = subprocess.check_output(
        [project / ".venv/bin/python", "-c", code],
        cwd=project,
        env=make_environment(project),
        text=True,
    )
    return json.loads(said)


def write_bodies(project: Path, folder: Path) -> Bodies:
    """Write a body of each shape and size."""
    row, bodies = read_example(project), {}
    for name, shape in SHAPES.items():
        for size in SIZES:
            bodies[name, size] = folder / f"body-{name}-{size}.json"
            bodies[name, size].write_text(json.dumps(shape([row] * size)), "utf-8")
    return bodies


def find_body(bodies: Bodies, server: Server, rows: int) -> Path:
    """Give the file with the body that a server reads."""
    return bodies[server.shape, rows]
