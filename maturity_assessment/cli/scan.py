"""`mlops-maturity scan`: the report of one repository."""

import sys
from pathlib import Path

import click

from .. import git, roadmap
from ..capabilities import read_assessed
from ..report import Document, delta, terminal
from ..report.delta import Delta
from ..report.document import build
from ..report.formats import FORMATS
from ..report.links import find_base
from ..scanning import read_about, scan_folder
from ..scoring.assessment import assess
from .common import FILE, FOLDER, TARGET, TERMINAL, put, read_answers, refuse_kindly

SUFFIXES = {
    ".json": "json",
    ".html": "html",
    ".htm": "html",
    ".md": "markdown",
    ".svg": "badge",
    ".sarif": "sarif",
}


@click.command()
@click.argument("path", type=FOLDER)
@click.option(
    "--subdir", help="Assess one folder of the repository, such as a project."
)
@click.option(
    "--rendered",
    is_flag=True,
    help="Scan the project that a cookiecutter template makes by default; no hook runs.",
)
@click.option(
    "--format",
    "name",
    type=click.Choice(list(FORMATS)),
    help="How to report; else as the file's name ends, and in the terminal's way.",
)
@click.option(
    "--output",
    "outputs",
    type=TARGET,
    multiple=True,
    help="Write into this file, - is the terminal; may be given again: "
    ".json .html .md .svg .sarif.",
)
@click.option(
    "--fail-under",
    "least",
    type=click.IntRange(0, 4),
    help="Exit with 1 below this level by evidence.",
)
@click.option(
    "--require",
    "required",
    type=click.Choice(list(read_assessed())),
    metavar="CAPABILITY",
    multiple=True,
    help="Exit with 1 unless this capability is evidenced; may be given again.",
)
@click.option(
    "--answers", type=FILE, help="Answers; else .mlops-maturity.yaml in PATH."
)
@click.option(
    "--baseline", type=FILE, help="An earlier JSON report, to say what changed."
)
@click.option("--since", help="An earlier commit instead, scored by today's ruler.")
@refuse_kindly
def scan(  # pylint: disable=too-many-arguments,too-many-positional-arguments
    path: Path,
    subdir: str | None,
    rendered: bool,
    name: str | None,
    outputs: tuple[Path, ...],
    least: int | None,
    required: tuple[str, ...],
    answers: Path | None,
    baseline: Path | None,
    since: str | None,
) -> None:
    """Scan the repository in PATH and report its level with the evidence.

    The level counts evidence alone for --fail-under and --require; claims never do.
    """
    before = delta.read_baseline(baseline) if baseline else None
    if since:
        before = examine_commit(path, since, subdir, answers, rendered)
    document = examine(path, subdir, answers, rendered)
    changed = delta.compare(before, document) if before else None
    for output in outputs or (None,):
        put(render(document, changed, choose(name, output), output), output)
    if failures := judge(document, least, required):
        click.echo("\n".join(failures), err=True)
        sys.exit(1)


def examine(
    path: Path, subdir: str | None, answers: Path | None, rendered: bool = False
) -> Document:
    """Scan a folder and give the whole document. Raises Refusal."""
    folder = path / (subdir or "")
    found = scan_folder(path, subdir, rendered)
    assessment = assess(found, read_answers(answers, folder))
    items = roadmap.build(assessment, roadmap.read_origin(folder))
    # What is rendered has no address on a forge.
    base = "" if rendered else find_base(path, found.commit)
    return build(assessment, items, base, read_about())


def examine_commit(
    path: Path, revision: str, subdir: str | None, answers: Path | None, rendered: bool
) -> Document | None:
    """Examine a past commit in a folder of its own; None where it lacked the `subdir`."""
    commit = git.resolve(path, revision)
    with git.unpack(path, commit) as (tree, _):
        if not (tree / (subdir or "")).is_dir():
            return None
        return examine(tree, subdir, answers, rendered)


def choose(name: str | None, output: Path | None) -> str:
    """Choose the format: the one that is named, or the one that a file's name tells."""
    if name or output is None:
        return name or "terminal"
    return SUFFIXES.get(output.suffix.lower(), "terminal")


def render(
    document: Document, changed: Delta | None, name: str, output: Path | None
) -> str:
    """Render the document, with colours only on a terminal."""
    if name == "terminal":
        colour = output in (None, TERMINAL) and sys.stdout.isatty()
        return terminal.render(document, changed, colour)
    return FORMATS[name](document, changed)


def judge(
    document: Document, least: int | None, required: tuple[str, ...]
) -> list[str]:
    """Say what is asked for and not met."""
    level = document["level"]["evidence"]
    points = {c["id"]: c["points"]["evidence"] for c in document["capabilities"]}
    failures = [
        f"{one} is required and not evidenced." for one in required if points[one] != 1
    ]
    if least is not None and level < least:
        failures.insert(0, f"Level {level} by evidence is below {least}.")
    return failures
