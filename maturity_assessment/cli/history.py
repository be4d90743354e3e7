"""`mlops-maturity history`: past commits by today's ruler."""

from pathlib import Path

import click

from .. import history as past
from ..refusal import Refusal
from ..report import trend
from .common import FOLDER, TARGET, put, refuse_kindly

FORMATS = {
    "terminal": trend.render_terminal,
    "json": trend.render_json,
    "svg": trend.render_svg,
}
SUFFIXES = {".svg": "svg", ".json": "json", ".jsonl": "json"}


@click.command()
@click.argument("path", type=FOLDER)
@click.option(
    "--points",
    type=click.IntRange(1, 1000),
    default=12,
    show_default=True,
    help="How many commits of the branch, evenly, with the first and the last.",
)
@click.option(
    "--output", "outputs", type=TARGET, multiple=True, help="Write .svg or .json too."
)
@refuse_kindly
def history(path: Path, points: int, outputs: tuple[Path, ...]) -> None:
    """Score past commits of PATH with today's ruler, by evidence alone.

    Each commit is exported into a folder of its own; the repository is not touched.
    """
    found = past.trace(path, points)
    if not found:
        raise Refusal(f"{path} has no commit to score.")
    click.echo(trend.render_terminal(found), nl=False)
    for output in outputs:
        name = SUFFIXES.get(output.suffix.lower(), "terminal")
        put(FORMATS[name](found), output)
