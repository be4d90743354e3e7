"""A declared graph of at least two steps of machine learning, that a tool runs.

dvc.yaml, Airflow, Prefect, Kubeflow and Vertex AI, SageMaker, Azure ML, TFX, ZenML, Kedro,
Dagster, Metaflow, Flyte, Luigi, Argo, Taskcluster, Databricks, Snakemake and their kind count.
A script or a target that runs the steps one after another, or an MLproject, is half of it.
"""

from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._findings import conclude, weaken
from ._pipelines import Declared, find_pipelines
from ._places import strength_at
from ._training import how_it_trains

ADVICE = (
    "Declare data, training and evaluation as stages of one pipeline, such as dvc.yaml."
)
PRONE = "Low: the frameworks are many but known. One of a firm's own is not seen."


def detect(repository: Repository) -> Finding:
    """Look at declared pipelines, then at scripts that run one step after another."""
    found = [cite(repository, one) for one in find_pipelines(repository) if one.learns]
    return conclude(
        "pipeline_orchestration",
        [*found, *sequences(repository)],
        present="A declared pipeline runs the steps.",
        partial="The steps run one after another, in a script or a target.",
        absent="No pipeline is declared.",
    )


def cite(repository: Repository, one: Declared) -> Evidence:
    """Make evidence of a declared pipeline."""
    if not one.code:
        strength = weaken(repository, one.path, Strength.STRONG)
        return repository.cite(one.path, one.line, "config", strength)
    strength = strength_at(repository, one.path, one.function)
    if "example" not in repository.files[one.path].classes:
        # Its framework finds a pipeline by itself.
        strength = Strength.MEDIUM if strength == Strength.WEAK else strength
    return repository.cite(one.path, one.line, "ast", strength)


def sequences(repository: Repository) -> Iterator[Evidence]:
    """Give the targets and scripts from which several steps start, training among them."""
    for path in repository.find("MLproject"):
        if repository.yaml(path).get("entry_points"):
            yield repository.cite(path, 1, "config", Strength.WEAK)
    starts: dict[tuple[str, int], list[str]] = {}
    trains: set[tuple[str, int]] = set()
    for leaf in repository.commands.all:
        if leaf.script and "test" not in repository.files[leaf.script].classes:
            first = leaf.places[0]
            place = (
                first.path,
                1 if first.path.endswith((".sh", ".bash")) else first.line,
            )
            step = leaf.text if repository.commands.dispatched(leaf) else leaf.script
            if step not in starts.setdefault(place, []):
                starts[place].append(step)
            if place not in trains and how_it_trains(repository, leaf) in (
                "fit",
                "submit",
            ):
                trains.add(place)
    for (path, line), steps in starts.items():
        if (
            (path, line) in trains
            and len(steps) >= 2
            and path.rpartition("/")[2] != "dvc.yaml"
        ):
            yield repository.cite(path, line, "config", Strength.WEAK)
