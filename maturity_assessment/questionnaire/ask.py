"""Asking in a terminal: only what is open, one at a time, kept after every answer."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import click

from ..capabilities import Capability, read_assessed, read_model
from ..evidence import Status
from ..scoring.assessment import Assessment
from .answers import Answer, Answers, Reply

KEYS = {
    "n": Reply.NO,
    "p": Reply.PLANNED,
    "h": Reply.BY_HAND,
    "a": Reply.AUTOMATED,
    "m": Reply.MEASURED,
    "x": Reply.NOT_APPLICABLE,
    "d": Reply.UNKNOWN,
}
SKIP, BACK, QUIT = "s", "b", "q"
MENU = (
    "  n no   p planned   h by hand   a automated   m automated and measured\n"
    "  x not applicable   d don't know   s skip   b back   q stop for now"
)

Save = Callable[[Answers], None]


def choose(assessment: Assessment, everything: bool, named: Iterable[str]) -> list[str]:
    """Give the capabilities to ask about: those named, all, or what was left open.

    Left open is what no scanner can tell, what was seen in part, and what blocks the next
    level; what was answered is not asked again.
    """
    known = read_assessed()
    if wanted := list(named):
        return wanted
    if everything:
        return list(known)
    findings, blocking = assessment.findings, assessment.level.blocking
    unsure = (Status.NOT_ASSESSABLE, Status.PARTIAL)
    return [
        name
        for name in known
        if name not in assessment.answers.answers
        and (findings[name].status in unsure or name in blocking)
    ]


def ask(assessment: Assessment, names: list[str], save: Save) -> Answers:
    """Ask one question after the other, and save after each answer."""
    answers, place = assessment.answers, 0
    while place < len(names):
        show(assessment, answers, names[place], f"{place + 1} of {len(names)}")
        key = click.prompt("  answer", type=click.Choice([*KEYS, SKIP, BACK, QUIT]))
        if key == QUIT:
            break
        if key in KEYS:
            answer = complete(KEYS[key], assessment, names[place])
            said = {**answers.answers, names[place]: answer}
            answers = replace(answers, answers=said)
            save(answers)
        place = max(0, place - 1) if key == BACK else place + 1
    return answers


def show(assessment: Assessment, answers: Answers, name: str, count: str) -> None:
    """Show a question with what the scan saw and what was said before."""
    capability = read_assessed()[name]
    dimension = read_model()["dimensions"][capability.dimension]
    click.echo(f"\n{count}  {dimension}: {name}\n{capability.question}")
    click.echo(f"  {tell(assessment, capability)}")
    if name in answers.answers:
        click.echo(f"  Your answer so far: {answers.answers[name].reply}")
    click.echo(MENU)


def tell(assessment: Assessment, capability: Capability) -> str:
    """Say in one line what the scan saw."""
    finding = assessment.findings[capability.id]
    places = [f"{e.path}:{e.line}" for e in finding.evidence[:1]]
    return f"The scan: {finding.status}. {finding.why} {''.join(places)}".strip()


def complete(reply: Reply, assessment: Assessment, name: str) -> Answer:
    """Ask for the reason of what does not apply, or for what shows a claim."""
    if reply is Reply.NOT_APPLICABLE:
        return Answer(reply, note=click.prompt("  why does it not apply"))
    seen = assessment.findings[name].status is Status.PRESENT
    if not reply.affirms or seen:
        return Answer(reply)
    text = "  path or address that shows it (Enter for none)"
    return Answer(reply, click.prompt(text, default="", show_default=False).strip())
