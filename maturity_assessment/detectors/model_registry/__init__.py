"""Models kept as numbered versions in a registry, or in a store that names each version.

MLflow, W&B, Comet, Neptune, ClearML, Azure ML, SageMaker, Vertex AI, Hugging Face with a pinned
revision, BentoML, Hopsworks, Kubeflow's registry, GTO and an index of tasks count, registered
or read. A model file that DVC follows, or one copied to a bucket, is half of it; a folder that
is called a registry is nothing.
"""

from maturity_assessment.evidence import Finding, Strength
from maturity_assessment.scan.repository import Repository

from .._findings import cite_leaf, conclude, first_lines
from .._places import cite_uses
from .calls import named
from .stores import configured, followed, is_model_copy
from .words import COMMANDS, REGISTERS

ADVICE = (
    "Register each trained model as a version, and load models by version or alias."
)
PRONE = (
    "Medium: a registry behind a wrapper that is installed from elsewhere is not seen."
)


def detect(repository: Repository) -> Finding:
    """Look at calls, commands, configuration and what DVC follows."""
    leaves = [leaf for leaf in repository.commands.all if leaf.runs(*COMMANDS)]
    found = [cite_leaf(repository, leaf) for leaf in first_lines(leaves)]
    copies = [leaf for leaf in repository.commands.all if is_model_copy(leaf)]
    found += [
        cite_leaf(repository, leaf, strength=Strength.WEAK)
        for leaf in first_lines(copies)
    ]
    found += list(cite_uses(repository, *REGISTERS))
    found += [*named(repository), *configured(repository), *followed(repository)]
    return conclude(
        "model_registry",
        found,
        present="Models are kept as versions in a registry.",
        partial="Models are kept, but not as versions of a registry that code uses.",
        absent="No registry of models is used.",
    )
