"""`mlops-maturity describe`: what a capability is, how it is found and what it is for."""

from collections.abc import Iterator
from textwrap import fill

import click

from ..capabilities import Capability, read_assessed, read_model
from ..scanning import About, read_about

COLUMNS = {
    "microsoft": "Microsoft level",
    "google": "Google level",
    "aws": "AWS phase",
    "mts": "ML Test Score",
    "marvelous": "Marvelous MLOps",
    "matrix": "ml-ops.org",
    "gov": "laws and standards",
}


@click.command()
@click.argument(
    "capability",
    type=click.Choice(list(read_assessed())),
    metavar="[CAPABILITY]",
    required=False,
)
def describe(capability: str | None) -> None:
    """Say what CAPABILITY is, how it is found and what it depends on; else list them all."""
    known = read_assessed()
    if capability is None:
        lines = [
            f"{c.id:28} {c.level}  {c.dimension:3}  {c.name}" for c in known.values()
        ]
    else:
        about = read_about().get(capability, About())
        lines = list(tell(known[capability], about))
    click.echo("\n".join(lines))


def tell(capability: Capability, about: About) -> Iterator[str]:
    """Give the lines of a description."""
    dimension = read_model()["dimensions"][capability.dimension]
    yield f"{capability.id}: {capability.name}"
    yield f"Level {capability.level}, {dimension}."
    yield fill(capability.why, 80)
    yield ""
    yield from paragraph("Looked for", about.looks_for or "by asking only")
    yield from paragraph("Advice", about.advice)
    yield from paragraph("Missed", about.prone)
    yield from paragraph("Asked", capability.question)
    yield from paragraph("Depends on", ", ".join(capability.depends_on))
    yield from paragraph("Effort", f"about {capability.effort} days (our estimate)")
    yield from paragraph(
        "In our template", ", ".join(capability.files) or capability.outside
    )
    yield ""
    yield "In published models, as we read them:"
    for column, value in capability.crosswalk.items():
        items = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        yield f"  {COLUMNS[column]}: {items}"


def paragraph(name: str, text: str) -> Iterator[str]:
    """Give a text under its name, if there is one, in 80 columns."""
    if text:
        yield fill(f"{name}: {' '.join(text.split())}", 80, subsequent_indent="  ")
