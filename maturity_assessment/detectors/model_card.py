"""A model card: a file, or code that writes one, with intended use, data and metrics.

The Markdown of a card, a template that is filled in, the libraries for cards (Hugging Face,
skops, model-card-toolkit, SageMaker) and code of one's own that writes the sections count. A
card with few of them, or prose about one model in the documents, is half of it.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._findings import conclude
from ._places import cite_at, cite_uses, source_modules

ADVICE = (
    "Write the model card in the pipeline, from what was measured and what a person"
    " states."
)
PRONE = "Low for files. A card that lives in a wiki or on a hub is not seen."

FILES = (
    "*model[-_ ]card*",
    "*modelcard*",
    "*model[-_]cards/*.md",
    "**/model_cards/**/*.md",
)
TEXTS = (
    ".md",
    ".mdx",
    ".rst",
    ".txt",
    ".html",
    ".j2",
    ".jinja",
    ".jinja2",
    ".yaml",
    ".yml",
    ".json",
)
SECTIONS = {
    "use": (
        r"intended (use|users|purpose)|primary use|use cases?|out[- ]of[- ]scope|how to"
        r" use|\buses?\b"
    ),
    "data": r"training data|evaluation data|dataset|\bdata\b",
    "metrics": (
        r"metric|performance|evaluation|accuracy|results|\bf1\b|\bauc\b|\brmse\b|\bmae\b"
    ),
    "limits": r"limitation|ethic|caveat|bias|risk|fairness",
}
LIBRARIES = (
    "model_card_toolkit.*",
    "*.ModelCardToolkit",
    "huggingface_hub.*ModelCard*",
    "huggingface_hub.metadata_save",
    "skops.card.Card",
    "sagemaker.model_card.*",
    "*.create_model_card",
    "*.create_model_card*",
    "modelcards.*",
    "verifyml.*ModelCard*",
    "*.ModelCard.from_template",
)
HEADING = re.compile(r"^#+ .*|^\*\*.*\*\*|^[A-Z].*:$", re.M)
DOCUMENT = re.compile(
    r"^#+\s.*\b(intended uses?|limitations|training data|model"
    r" (description|details|performance))\b",
    re.I | re.M,
)


def detect(repository: Repository) -> Finding:
    """Look at files, at libraries, at code that writes a card, and at documents."""
    found = [
        *files(repository),
        *hub_cards(repository),
        *cite_uses(repository, *LIBRARIES),
    ]
    return conclude(
        "model_card",
        [*found, *written(repository), *prose(repository)],
        present="A model card says what the model is for, and how good it is.",
        partial=(
            "What is written of the model says less than a card: use, data or metrics"
            " are missing."
        ),
        absent="There is no model card.",
    )


def sections_of(text: str) -> set[str]:
    """Give the parts of a card that a text has."""
    low = text.lower()
    return {name for name, pattern in SECTIONS.items() if re.search(pattern, low)}


def files(repository: Repository) -> Iterator[Evidence]:
    """Give the files that are called a card, by what they say."""
    for path in repository.find(*FILES, without=("test",)):
        if not path.lower().endswith(TEXTS):
            continue
        text = repository.read(path)
        parts, reasons = sections_of(text), []
        if len(text.strip()) < 200:
            reasons = ["it says next to nothing"]
        full = {"use", "data", "metrics"} <= parts
        strength = Strength.STRONG if full else Strength.WEAK
        yield repository.cite(path, 1, "file", strength, reasons)


def hub_cards(repository: Repository) -> Iterator[Evidence]:
    """Give cards as the hub keeps them: a README with the model's metadata at its head."""
    for path in repository.find("README.md"):
        text = repository.read(path)
        head = re.match(r"---\n(.*?)\n---", text, re.S)
        if head and re.search(
            r"^(model-index|pipeline_tag|base_model|library_name)\s*:", head[1], re.M
        ):
            full = {"use", "data", "metrics"} <= sections_of(text[head.end() :])
            yield repository.cite(
                path, 1, "file", Strength.STRONG if full else Strength.WEAK
            )


def written(repository: Repository) -> Iterator[Evidence]:
    """Give code of one's own that writes a card."""
    for module in source_modules(repository):
        text = repository.read(module.path)
        found = re.search(r"model[ _-]?card", text, re.I)
        if not found or not any(
            re.search(r"(?<![a-z])(model_?)?card(?!_?fraud)", n, re.I)
            for n in (module.path, *module.definitions)
        ):
            continue
        number = text.count("\n", 0, found.start()) + 1
        inside = [
            name
            for name in module.definitions
            if re.search(r"card|write|render|main", name, re.I)
        ]
        full = {"use", "data", "metrics"} <= sections_of(text)
        function = next(
            (n for n in inside if repository.python.operational(module.path, n)), ""
        )
        yield cite_at(repository, module.path, number, function, weak=not full)


def prose(repository: Repository) -> Iterator[Evidence]:
    """Give documents about a model that have a card's headings."""
    for path in repository.find("*.md", "*.rst"):
        name = path.rpartition("/")[2].lower()
        if (
            not name.startswith(("readme", "changelog", "contributing"))
            and "card" not in name
        ):
            text = repository.read(path)
            if len(DOCUMENT.findall(text)) >= 2 and "model" in text.lower():
                yield repository.cite(path, 1, "text", Strength.WEAK)
