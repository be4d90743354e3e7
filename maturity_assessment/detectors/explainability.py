"""Code of the pipeline or the service that says what the model looks at.

SHAP, LIME, Captum, Grad-CAM, ELI5, Alibi, InterpretML, DALEX, permutation importance, partial
dependence, importances of features, and the explanations of SageMaker Clarify, Vertex AI and
Azure count. In a notebook alone it is half of it.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding
from maturity_assessment.scan.repository import Repository

from ._findings import conclude
from ._places import cite_at, cite_uses

ADVICE = (
    "Measure permutation importance or SHAP values in the pipeline, and keep the"
    " result."
)
PRONE = "Low: the libraries are few. Explanations of one's own design are not seen."

EXPLAINERS = (
    "shap.*",
    "lime.*",
    "captum.*",
    "eli5.*",
    "alibi.explainers.*",
    "interpret.*",
    "interpret_community.*",
    "dalex.*",
    "omnixai.*",
    "dice_ml.*",
    "tf_explain.*",
    "pytorch_grad_cam.*",
    "torchcam.*",
    "tf_keras_vis.*",
    "keras_vis.*",
    "transformers_interpret.*",
    "fasttreeshap.*",
    "shapash.*",
    "explainerdashboard.*",
    "lit_nlp.*",
    "skater.*",
    "pdpbox.*",
    "PyALE.*",
    "sklearn.inspection.*",
    "*.permutation_importance",
    "*.plot_importance",
    "*.get_feature_importance",
    "*.feature_importance",
    "*.get_fscore",
    "sagemaker.clarify.SHAPConfig",
    "sagemaker.*ModelExplainabilityCheckConfig",
    "sagemaker.*ModelExplainabilityMonitor",
    "google.cloud.aiplatform.explain.*",
    "*.batch_explain",
    "azureml.interpret.*",
    "azureml.explain.*",
    "rai_insights.*",
    "responsibleai.RAIInsights",
    "raiwidgets.*",
    "evidently.*FeatureImportance*",
)
IMPORTANCES = re.compile(r"\.(feature_importances_|get_score|feature_importance)$")
OWN = re.compile(
    r"^(_?)(grad_?cam|integrated_gradients|saliency_map|compute_shap\w*|occlusion_map)",
    re.I,
)


def detect(repository: Repository) -> Finding:
    """Look at calls, at importances that are read, and at functions by such a name."""
    return conclude(
        "explainability",
        [
            *cite_uses(repository, *EXPLAINERS),
            *importances(repository),
            *own(repository),
        ],
        present="Code says what the model looks at.",
        partial=(
            "What the model looks at is shown only in a notebook, or by code nothing"
            " runs."
        ),
        absent="Nothing says what the model looks at.",
    )


def importances(repository: Repository) -> Iterator[Evidence]:
    """Give the functions that read a fitted model's importances."""
    for path, module in repository.python.modules.items():
        if "test" in repository.files[path].classes:
            continue
        for function, names in module.references.items():
            named = next((one for one in sorted(names) if IMPORTANCES.search(one)), "")
            if named:
                line = line_of(repository, path, function, named.rpartition(".")[2])
                yield cite_at(repository, path, line, function)


def line_of(repository: Repository, path: str, function: str, word: str) -> int:
    """Give the line of a word in a function; of a notebook, none."""
    module = repository.python.modules[path]
    if module.notebook:
        return 0
    definition = module.definitions.get(function)
    first = definition.line if definition else 1
    for number, text in enumerate(repository.lines(path)[first - 1 :], first):
        if word in text:
            return number
    return first


def own(repository: Repository) -> Iterator[Evidence]:
    """Give the functions and classes that are named after a way to explain."""
    for one in repository.python.definitions(without=("test",)):
        if OWN.match(one.short):
            yield cite_at(repository, one.path, one.line, one.name)
