"""Files that declare a registry, and models that are kept without one."""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Strength
from maturity_assessment.scan.commands import Leaf
from maturity_assessment.scan.python import Call, Name
from maturity_assessment.scan.repository import Repository

from .._places import cite_use
from .words import COPIES, MODEL_FILE, TERRAFORM


def configured(repository: Repository) -> Iterator[Evidence]:
    """Give lists of models with a pinned revision, Terraform, and indexes of tasks."""
    for block in repository.blocks:
        if block.kind == "resource" and block.type in TERRAFORM:
            yield repository.cite(block.path, block.line, "config", Strength.STRONG)
    for path in repository.find(
        "*.toml", "*.yaml", "*.yml", "*.json", without=("test", "docs")
    ):
        if repository.files[path].size > 200_000 or path.startswith(".pre-commit"):
            continue
        text = repository.read(path)
        if re.search(r"\brepo_id\b", text) and re.search(
            r"\brevision\b\W+[0-9a-f]{7,40}", text
        ):
            line = text[: text.index("revision")].count("\n") + 1
            yield repository.cite(path, line, "config", Strength.STRONG)
        elif (
            re.search(r"^\s*-?\s*index\.[\w.{}$-]+|index-prefix", text, re.M)
            and "taskcluster" in text
        ):
            yield repository.cite(path, 1, "config", Strength.MEDIUM)
        elif (
            "ModelPackageGroup" in text and "AWS::SageMaker::ModelPackageGroup" in text
        ):
            yield repository.cite(path, 1, "config", Strength.STRONG)


def followed(repository: Repository) -> Iterator[Evidence]:
    """Give the models that DVC follows, which is half of a registry."""
    for path in repository.find("*.dvc"):
        if MODEL_FILE.search(path.removesuffix(".dvc")) and repository.yaml(path).get(
            "outs"
        ):
            yield repository.cite(path, 1, "config", Strength.WEAK)
    for path in repository.find("dvc.yaml"):
        root = repository.yaml(path)
        for _, one in root.get("artifacts").items():
            if one.get("type").text == "model":
                yield repository.cite(path, one.line, "config", Strength.WEAK)
        for _, stage in root.get("stages").items():
            for out in stage.get("outs").each():
                text = out.text or next(iter(out.keys()), "")
                if MODEL_FILE.search(text):
                    yield repository.cite(path, out.line, "config", Strength.WEAK)
    for call in repository.python.calls(
        "*.upload_file",
        "*.upload_fileobj",
        "*.upload_from_filename",
        "*.upload_blob",
        without=("test",),
    ):
        if is_model_upload(call):
            yield cite_use(repository, call, weak=True)


def is_model_upload(call: Call) -> bool:
    """Whether a file that is called a model is copied to a store."""
    words = [*call.texts(), *(one.dotted for one in call.args if isinstance(one, Name))]
    return any("model" in word.lower() for word in words)


def is_model_copy(leaf: Leaf) -> bool:
    """Whether a command copies what is called a model into a store."""
    if not leaf.runs(*COPIES):
        return False
    kept = [word for word in leaf.args if not word.startswith("-")]
    return any(re.search(r"model|checkpoint|mlruns", word, re.I) for word in kept[:-1])
