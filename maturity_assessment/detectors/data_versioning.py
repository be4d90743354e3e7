"""Versions of the training data that can be named and brought back.

DVC with a remote that others reach, LakeFS, time travel of Delta or Iceberg, data sets
registered as versions (Azure ML, W&B, ClearML, Hugging Face with a revision, Hopsworks), and
snapshots with a manifest count. A remote on one machine, a lock without a remote, the lineage
of a run, or Git LFS are half of it; an empty configuration of DVC is nothing.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.python import Call
from maturity_assessment.scan.repository import Repository

from ._findings import cite_leaf, conclude, first_lines
from ._places import cite_at, cite_use, cite_uses
from ._remote import fixed_revision, read_remotes

ADVICE = "Put the data under DVC with a remote, or register each data set as a version."
PRONE = "Medium: versions that a platform keeps by itself, without code, are not seen."

VERSIONS = (
    "lakefs*.*",
    "azureml.*create_new_version*",
    "*.data.create_or_update",
    "clearml.Dataset.*",
    "quilt3.*push",
    "quilt3.*build",
    "dvc.api.open",
    "dvc.api.read",
    "dvc.api.get_url",
    "dvc.api.DVCFileSystem",
    "hopsworks.*create_training_data*",
    "*.create_train_test_split",
    "*.create_training_data",
    "pachyderm*",
    "python_pachyderm.*",
    "pydoltcli.*",
    "doltcli.*",
    "neptune.*track_files",
    "*.track_files",
    "polyaxon.tracking.log_data_ref",
    "roboflow.*version*",
)
# Calls that name a version if they are told which; see `names_version`.
NAMING = (
    "*.register",
    "datasets.load_dataset",
    "*.hf_hub_download",
    "*.snapshot_download",
    "*.use_artifact",
    "wandb.*Artifact",
    "deltalake.DeltaTable",
    "*.option",
    "*.sql",
    "*.load_as_version",
)
TYPES = ("dataset", "data", "raw_data", "training_data", "processed_data")
LINEAGE = ("mlflow.log_input", "mlflow.data.*", "*.log_input")
COMMANDS = (
    "az ml data create",
    "lakectl commit",
    "dvc push",
    "pachctl commit",
    "quilt3 push",
    "dolt commit",
)
TRAVEL = re.compile(
    r"(versionAsOf|timestampAsOf|VERSION AS OF|TIMESTAMP AS OF|SYSTEM_TIME AS OF)", re.I
)
LFS = re.compile(
    r"^(?!#)\S*(data|\.csv|\.parquet|\.json|\.zip|\.tar|\*)\S*.*filter=lfs", re.I | re.M
)


def detect(repository: Repository) -> Finding:
    """Look at DVC, at calls that make or read versions, at commands and at LFS."""
    found = [*dvc(repository), *cite_uses(repository, *VERSIONS), *named(repository)]
    leaves = [
        leaf
        for leaf in repository.commands.all
        if leaf.runs(*COMMANDS[:2], *COMMANDS[3:])
    ]
    found += [cite_leaf(repository, leaf) for leaf in first_lines(leaves)]
    return conclude(
        "data_versioning",
        [*found, *half(repository)],
        present="Versions of the data can be named and brought back.",
        partial="Data is followed, but its versions cannot be brought back by others.",
        absent="The data has no versions.",
    )


def dvc(repository: Repository) -> Iterator[Evidence]:
    """Give what DVC follows, as far as there is a remote to bring it back from."""
    remotes = read_remotes(repository)
    shared = [one for one in remotes if not one.local]
    followed = [
        path for path in repository.find("*.dvc") if repository.yaml(path).get("outs")
    ]
    outs = [path for path in repository.find("dvc.yaml") if has_outs(repository, path)]
    # Stages that were never run, where DVC was never set up, follow nothing.
    if not any(one.endswith((".dvc/config", "dvc.lock")) for one in repository.files):
        outs = []
    for path in [*followed, *outs][:3]:
        strength = Strength.STRONG if shared else Strength.WEAK
        yield repository.cite(path, 1, "config", strength)
    for one in remotes if followed or outs else []:
        strength = Strength.WEAK if one.local else Strength.STRONG
        yield repository.cite(one.path, one.line, "config", strength)
    if not followed and not outs:
        for path in [one for one in repository.files if one.endswith(".dvc/config")]:
            empty = not repository.read(path).strip()
            why = (
                "the configuration of DVC is empty" if empty else "DVC follows no data"
            )
            yield repository.cite(
                path, 0, "config", Strength.WEAK, [why], "DVC was set up"
            )


def has_outs(repository: Repository, path: str) -> bool:
    """Whether a stage keeps what it makes."""
    stages = repository.yaml(path).get("stages").items()
    return any((stage.get("do") or stage).get("outs") for _, stage in stages)


def named(repository: Repository) -> Iterator[Evidence]:
    """Give what makes or reads a version by an argument."""
    for call in repository.python.calls(*NAMING, without=("test",)):
        if names_version(repository, call):
            yield cite_use(repository, call)
    yield from assets(repository)
    yield from snapshots(repository)


def names_version(repository: Repository, call: Call) -> bool:
    """Whether the arguments of a call say which version of which data."""
    last = call.name.rpartition(".")[2]
    if last == "register":
        return call.keywords.get("create_new_version") is True
    if last in ("load_dataset", "hf_hub_download", "snapshot_download"):
        data = last == "load_dataset" or call.keywords.get("repo_type") == "dataset"
        return data and fixed_revision(repository, call)
    if last == "use_artifact":
        return any("data" in text.lower() for text in call.texts())
    if last.endswith("Artifact"):
        return call.argument(1, "type") in TYPES
    if last == "DeltaTable":
        return call.keywords.get("version") is not None
    return last == "load_as_version" or any(map(TRAVEL.search, call.texts()))


def snapshots(repository: Repository) -> Iterator[Evidence]:
    """Give functions that keep a snapshot of the data with a manifest of hashes."""
    for one in repository.python.definitions("*snapshot*", kind="function"):
        text = repository.read(one.path)
        classes = repository.files[one.path].classes
        hashed = "manifest" in text and re.search(r"sha256|md5|blake2|hash", text)
        if hashed and "data" in text and "test" not in classes:
            yield cite_at(repository, one.path, one.line, one.name)


def assets(repository: Repository) -> Iterator[Evidence]:
    """Give the files that describe a version of data for Azure ML."""
    for path in repository.find("*.yaml", "*.yml", without=("docs", "test")):
        if "azureml" in repository.read(path)[:2000]:
            root = repository.yaml(path)
            if root.get("$schema").text.endswith(
                ("data.schema.json", "dataset.schema.json")
            ):
                yield repository.cite(path, 1, "config", Strength.MEDIUM)


def half(repository: Repository) -> Iterator[Evidence]:
    """Give what only notes which data was read, or keeps large files."""
    for call in repository.python.calls(*LINEAGE, without=("test", "docs")):
        yield cite_use(repository, call, weak=True)
    for path in repository.find("*catalog*.y*ml"):
        for _, one in repository.yaml(path).items():
            if one.get("versioned").is_true:
                yield repository.cite(path, one.line, "config", Strength.WEAK)
    for path in repository.find(".gitattributes"):
        if LFS.search(repository.read(path)):
            yield repository.cite(path, 1, "config", Strength.WEAK)
    for block in repository.blocks:
        if block.type == "aws_s3_bucket_versioning":
            yield repository.cite(block.path, block.line, "config", Strength.WEAK)
