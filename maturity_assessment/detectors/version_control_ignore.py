"""A .gitignore at the top that holds at least one real pattern."""

from maturity_assessment.evidence import Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._findings import conclude

ADVICE = "Add a .gitignore that keeps data, models, environments and secrets out of the history."
PRONE = (
    "Low: one file with a fixed name. Patterns kept in .git/info/exclude are not seen."
)


def detect(repository: Repository) -> Finding:
    """Look at the .gitignore at the top."""
    found = []
    for path in repository.top(".gitignore"):
        for number, line in enumerate(repository.lines(path), 1):
            if line.strip() and not line.lstrip().startswith(("#", "!")):
                found.append(repository.cite(path, number, "file", Strength.STRONG))
                break
        else:
            reason = "it holds no pattern"
            found.append(repository.cite(path, 0, "file", Strength.STRONG, [reason]))
    return conclude(
        "version_control_ignore",
        found,
        present="A .gitignore keeps generated files out of the history.",
        absent="There is no .gitignore with a pattern at the top.",
    )
