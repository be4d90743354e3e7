"""`mlops-maturity portfolio`: many repositories in one heat map."""

import sys
from pathlib import Path

import click

from .. import portfolio as many
from ..report import heat
from .common import FILE, TARGET, put, refuse_kindly


@click.command()
@click.argument("repositories", type=FILE)
@click.option("--systems", type=FILE, help="YAML that says which repositories are one.")
@click.option(
    "--format",
    "name",
    type=click.Choice(list(heat.FORMATS)),
    help="How to report; else as the file's name ends.",
)
@click.option(
    "--output",
    "outputs",
    type=TARGET,
    multiple=True,
    help="Write .html, .json or .csv.",
)
@click.option(
    "--processes",
    type=click.IntRange(1),
    default=None,
    help="As many as cores, if not given.",
)
@refuse_kindly
def portfolio(
    repositories: Path,
    systems: Path | None,
    name: str | None,
    outputs: tuple[Path, ...],
    processes: int | None,
) -> None:
    """Scan every repository that the file REPOSITORIES names, a path on each line."""
    members = many.read_list(repositories)
    names = [member.name for member in members]
    tied = many.read_systems(systems, names) if systems else {}
    found = many.survey(members, tied, processes or 0)
    for output in outputs or (None,):
        chosen = name or (heat.name_format(output) if output else "terminal")
        put(heat.FORMATS[chosen](found), output)
    if failed := [row for row in found.rows if row.failure]:
        names = [row.name for row in failed]
        click.echo(f"Could not be scanned: {', '.join(names)}.", err=True)
        sys.exit(1)
