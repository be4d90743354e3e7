"""`mlops-maturity ask`: the questions that no scanner can answer."""

from pathlib import Path

import click

from ..capabilities import read_assessed
from ..questionnaire import ask as asking
from ..questionnaire import file
from ..scanning import scan_folder
from ..scoring.assessment import assess
from .common import FOLDER, TARGET, read_answers, refuse_kindly


@click.command()
@click.argument("path", type=FOLDER)
@click.argument(
    "capabilities",
    nargs=-1,
    type=click.Choice(list(read_assessed())),
    metavar="[CAPABILITY]...",
)
@click.option("--subdir", help="Ask about one folder of the repository.")
@click.option("--all", "everything", is_flag=True, help="Ask about every capability.")
@click.option(
    "--answers", type=TARGET, help="The file; else .mlops-maturity.yaml in PATH."
)
@refuse_kindly
def ask(
    path: Path,
    capabilities: tuple[str, ...],
    subdir: str | None,
    everything: bool,
    answers: Path | None,
) -> None:
    """Ask what the scan of PATH left open, and keep each answer in a file at once.

    Stop when you like and go on later; name a CAPABILITY to answer it again.
    """
    folder = path / (subdir or "")
    target = answers or folder / file.NAME
    said = read_answers(target if target.is_file() else None, folder)
    assessment = assess(scan_folder(path, subdir), said)
    names = asking.choose(assessment, everything, capabilities)
    click.echo(f"{assessment.headline()}. {len(names)} questions.")
    said = asking.ask(assessment, names, lambda now: file.write(target, now))
    after = assess(assessment.scan, said)
    click.echo(f"\n{after.headline()}. The answers are in {target}.")
