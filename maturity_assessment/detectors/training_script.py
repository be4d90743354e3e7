"""Training as code that can be run again, with a seed.

A script, command or job that fits a model, or hands the training to a platform, counts; so
does a seed for what is random. Without a seed, or in a notebook alone, it is half of it.
"""

import re

from maturity_assessment.evidence import Finding
from maturity_assessment.scan.repository import Repository

from ._findings import conclude
from ._places import cite_use, source_modules
from ._training import find_fits, find_submits

ADVICE = (
    "Move training from the notebook into a script that takes its seed from the"
    " settings."
)
PRONE = "Low for Python. Training in another language is not seen."

SEED = re.compile(
    r"(random_state|random_seed|manual_seed|set_seed|seed_everything|\bseed\b|np\.random\.seed"
    r"|PRNGKey|set_random_seed)"
)


def detect(repository: Repository) -> Finding:
    """Look at what trains, and for a seed."""
    calls = [
        call
        for call in (*find_fits(repository), *find_submits(repository))
        if not in_tests(repository, call.path)
    ]
    seeded = has_seed(repository)
    return conclude(
        "training_script",
        [cite_use(repository, call, weak=not seeded) for call in calls],
        present="A script trains the model, with a seed.",
        partial="The model is trained by code, but "
        + (
            "only in a notebook, or by code nothing runs."
            if seeded
            else "without a seed."
        ),
        absent="No code trains a model.",
    )


def in_tests(repository: Repository, path: str) -> bool:
    """Whether a file is a test."""
    return "test" in repository.files[path].classes


def has_seed(repository: Repository) -> bool:
    """Whether the project's code or its settings fix what is random."""
    if any(
        SEED.search(repository.read(module.path))
        for module in source_modules(repository)
    ):
        return True
    paths = repository.find(
        "params.yaml",
        "config*.y*ml",
        "**/conf*/**/*.y*ml",
        "settings*.y*ml",
        "*.toml",
        without=("test",),
    )
    return any(SEED.search(repository.read(path)) for path in paths[:200])
