"""From pieces of evidence to a finding: what is operative, half of it, or idle."""

from collections.abc import Iterable, Mapping, Sequence

from maturity_assessment.evidence import Evidence, Finding, Status, Strength
from maturity_assessment.scan.commands import Leaf
from maturity_assessment.scan.python import Call
from maturity_assessment.scan.repository import Repository

MOST = 5  # pieces of evidence: a reader looks at the first
# Places that show a thing more than they do it.
ASIDE = ("test", "docs", "example", "notebook", "generated")


def conclude(  # pylint: disable=too-many-arguments
    capability: str,
    evidence: Iterable[Evidence],
    *,
    present: str,
    partial: str = "",
    absent: str,
    attributes: Mapping[str, str] | None = None,
) -> Finding:
    """Conclude from evidence: strong or medium that is operative means present.

    Weak evidence that is operative means partial, as far as `partial` says why; what is
    idle is shown, with its first reason, and counts for nothing. `present`, `partial` and
    `absent` are the sentences for the reader.
    """
    found = sorted(evidence, key=rank)
    operative = [one for one in found if one.operative]
    full = [one for one in operative if one.strength != Strength.WEAK]
    status, why = Status.ABSENT, absent
    if full:
        status, why = Status.PRESENT, present
    elif operative and partial:
        status, why = Status.PARTIAL, partial
    elif found and found[0].reasons:
        why = f"{absent} What looks like it counts for nothing: {found[0].reasons[0]}."
    shown = tuple(dict.fromkeys(found))[:MOST]
    return Finding(capability, status, why, shown, attributes or {})


ORDER = {Strength.STRONG: 0, Strength.MEDIUM: 1, Strength.WEAK: 2}


def rank(evidence: Evidence) -> tuple[bool, int, int]:
    """Put what is operative and strong first, and what is near the root before the rest."""
    return (not evidence.operative, ORDER[evidence.strength], evidence.path.count("/"))


def weaken(repository: Repository, path: str, strength: Strength) -> Strength:
    """Give the strength of evidence in a file, which is less in tests, examples or notebooks."""
    classes = (
        repository.files[path].classes if path in repository.files else frozenset()
    )
    return Strength.WEAK if classes & set(ASIDE) else strength


def cite_call(
    repository: Repository, call: Call, *reasons: str, strict: bool = True
) -> Evidence:
    """Make evidence of a call: strong where an entry point reaches it, weak aside.

    With `strict` a call that no entry point reaches is weak; a test alone is none.
    """
    reached = repository.python.operational(call.path, call.function)
    strength = (
        Strength.STRONG if reached else Strength.WEAK if strict else Strength.MEDIUM
    )
    strength = weaken(repository, call.path, strength)
    notebook = repository.python.modules[call.path].notebook
    line = repository.python.line(call.path, call.line)
    kind = "notebook" if notebook else "ast"
    return repository.cite(
        call.path, line, kind, strength, reasons, "" if line else call.name
    )


def cite_leaf(
    repository: Repository,
    leaf: Leaf,
    *reasons: str,
    strength: Strength = Strength.STRONG,
) -> Evidence:
    """Make evidence of a command where it starts: in a workflow its step, with the way to it."""
    place = leaf.places[0]
    kind = "workflow_step" if leaf.workflow else "config"
    every = (*leaf.reasons, *reasons)
    return repository.cite(place.path, place.line, kind, strength, every, leaf.way)


def first_lines(leaves: Sequence[Leaf]) -> list[Leaf]:
    """Keep one command of those that start at the same place and run the same program."""
    kept: dict[tuple[str, int, str], Leaf] = {}
    for leaf in leaves:
        start = leaf.places[0]
        kept.setdefault((start.path, start.line, leaf.tool), leaf)
    return list(kept.values())
