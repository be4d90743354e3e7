"""The model in a form that is deployed without the code that trained it.

A portable graph (ONNX, TorchScript, SavedModel, GGUF, TFLite and the like) or an archive that a
packager makes. A pickle, a checkpoint and a model that is logged to a tracker are partial: they
need the libraries and often the code of the training.
"""

from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._findings import cite_call, cite_leaf, conclude, first_lines

ADVICE = "Export the model with its schema and checksums, and prove that it answers the same."
PRONE = "Medium: a packager of your own is not seen."

EXPORTS = (
    "torch.onnx.export",
    "torch.onnx.dynamo_export",
    "torch.export.export",
    "torch.jit.script",
    "torch.jit.trace",
    "*.to_torchscript",
    "*.to_onnx",
    "skl2onnx.*",
    "onnxmltools.convert*",
    "tf2onnx.convert.*",
    "hummingbird.ml.convert*",
    "tensorflow.saved_model.save",
    "tensorflow.lite.TFLiteConverter*",
    "coremltools.convert",
    "openvino.convert_model",
    "tensorrt.*",
    "optimum.exporters.*",
    "*.ORTModel*.from_pretrained",
    "sklearn2pmml.*",
    "nyoka.*",
    "m2cgen.*",
    "treelite.*",
    "bentoml.*.save_model",
    "bentoml.build",
    "mlem.api.*build*",
    "mlflow.models.build_docker",
    "ultralytics.*.export",
    "ydf.*.to_tensorflow_saved_model",
)
COMMANDS = (
    "torch-model-archiver",
    "bentoml build",
    "bentoml containerize",
    "mlflow models build-docker",
    "mlflow models generate-dockerfile",
    "optimum-cli export",
    "cog build",
    "cog push",
    "truss push",
    "mlem build",
    "kit pack",
    "sam build",
    "ct2-transformers-converter",
    "trtexec",
    "modelkit pack",
)
LOGGED = (
    "mlflow.*.log_model",
    "mlflow.*.save_model",
    "*.save_pretrained",
    "joblib.dump",
    "torch.save",
)


def detect(repository: Repository) -> Finding:
    """Look at exports and packagers, and for less at models that are only kept."""
    calls = repository.python.calls(*EXPORTS, without=("test", "docs"))
    found = [
        cite_call(repository, call) for call in calls if "data_types" not in call.name
    ]
    leaves = [leaf for leaf in repository.commands.all if leaf.runs(*COMMANDS)]
    found += [cite_leaf(repository, leaf) for leaf in first_lines(leaves)]
    return conclude(
        "model_packaging",
        [*found, *kept(repository)],
        present="The model is exported in a form that needs no training code.",
        partial="The model is kept, but needs the libraries and the code that trained it.",
        absent="The model is not packaged.",
    )


def kept(repository: Repository) -> Iterator[Evidence]:
    """Make weak evidence of models that are stored as they are."""
    for call in repository.python.calls(*LOGGED, without=("test", "docs", "notebook")):
        yield repository.cite(call.path, call.line, "ast", Strength.WEAK)
