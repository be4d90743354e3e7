"""Calls that register a model, or read one by its version."""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Strength
from maturity_assessment.scan.python import Name
from maturity_assessment.scan.repository import Repository

from .._places import cite_use
from .._remote import fixed_revision
from .words import HUB, LOADS, LOGS


def named(repository: Repository) -> Iterator[Evidence]:
    """Give what registers or reads by an argument: a name to register, a URI, a revision."""
    for call in repository.python.calls(*LOGS, without=("test",)):
        given = call.keywords.get(
            "registered_model_name", call.keywords.get("log_model")
        )
        if isinstance(given, (str, Name)) and given != "":
            yield cite_use(repository, call)
    for call in repository.python.calls(
        "mlflow.*load_model",
        "mlflow.*spark_udf",
        "*.TrainingJob.run",
        "*.Custom*TrainingJob.run",
        without=("test",),
    ):
        texts = [
            str(repository.python.value(call, one))
            for one in (*call.args, *call.keywords.values())
        ]
        if (
            any(text.startswith("models:/") for text in texts)
            or "model_display_name" in call.keywords
        ):
            yield cite_use(repository, call)
    for call in repository.python.calls(*HUB, without=("test",)):
        if fixed_revision(repository, call):
            yield cite_use(repository, call)
    for call in repository.python.calls(
        "wandb.*Artifact", "wandb.Artifact", without=("test",)
    ):
        if "model" in [call.argument(1, "type"), call.keywords.get("type")]:
            yield cite_use(repository, call)
    for call in repository.python.calls("*.use_artifact", without=("test",)):
        if any("model" in text.lower() for text in call.texts()):
            yield cite_use(repository, call)
    for path, module in repository.python.modules.items():
        yield from uris(repository, path, module.notebook)


def uris(repository: Repository, path: str, notebook: bool) -> Iterator[Evidence]:
    """Give the first place of a file that names a registered model by its URI."""
    if notebook or "test" in repository.files[path].classes:
        return
    called = {
        call.name.rpartition(".")[2] for call in repository.python.modules[path].calls
    }
    if "models:/" in repository.read(path) and called & LOADS:
        for number, text in enumerate(repository.lines(path), 1):
            if re.search(r"""f?["']models:/""", text) and not text.strip().startswith(
                "#"
            ):
                yield repository.cite(path, number, "ast", Strength.MEDIUM)
                return
