"""A README at the top, of any case and ending, with at least 300 characters of its own text."""

import re

from maturity_assessment.evidence import Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._findings import conclude

ADVICE = "Say in a README what the model is for, how to set up, train, test and run it."
PRONE = "Low: one file with a fixed name; a README that is a link to elsewhere counts as short."

ENOUGH = 300  # characters, by the definition of the capability
NOISE = re.compile(
    r"<!--.*?-->|\[?!\[[^\]]*\]\([^)]*\)(\]\([^)]*\))?|<[^>]+>"
    r"|https?://\S+|^[=\-#*`~ ]+$|\.\. image::.*",
    re.S | re.M,
)
BOILERPLATE = re.compile(
    r"To make it easy for you to get started with GitLab"
    r"|TODO: Give a short introduction of your project"
    r"|This README would normally document whatever steps are necessary",
    re.I,
)


def own_text(text: str) -> str:
    """Give what a reader reads: without badges, pictures, comments and marks."""
    return " ".join(NOISE.sub(" ", text).split())


def detect(repository: Repository) -> Finding:
    """Look at every README at the top."""
    found = []
    for path in repository.top("README", "README.*", "READ.ME"):
        text = repository.read(path)
        length = len(own_text(text))
        reasons = []
        if length < ENOUGH:
            reasons.append(f"it has {length} characters of text, {ENOUGH} are needed")
        if BOILERPLATE.search(text):
            reasons.append("it is the text that the hosting service fills in")
        excerpt = own_text(text)[:160]
        found.append(
            repository.cite(path, 0, "file", Strength.STRONG, reasons, excerpt=excerpt)
        )
    return conclude(
        "readme",
        found,
        present="A README says what the project is.",
        absent="There is no README at the top that says what the project is.",
    )
