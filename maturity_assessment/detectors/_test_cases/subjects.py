"""What the names in tests stand for: code for data, or a model."""

import re

from maturity_assessment.scan.once import once
from maturity_assessment.scan.python import Definition
from maturity_assessment.scan.repository import Repository

DATA = "data"
MODEL = "model"

OWN = {
    DATA: re.compile(
        r"(?:^|[._])(data|dataset|dataloader|data_?module|preprocess\w*|feature"
        r"|featuri[sz]\w*|transforms?"
        r"|transformations?|clean\w*|ingest\w*|etl|tokeni[sz]\w*|augment\w*|imput\w*"
        r"|\w+_data|data_\w+"
        r"|\w*dataset\w*|\w*preprocess\w*|\w*data_?module\w*|\w*data_?loader\w*"
        r"|\w*features?|feature_\w+"
        r"|split_\w+|\w+_split|load_(data|csv|table|parquet|images?)\w*|read_(csv|table"
        r"|parquet)\w*)s?(?:[._]|$)",
        re.I,
    ),
    MODEL: re.compile(
        r"(?:^|[._])((re)?train(ing|er)?|train_\w+|(re)?fit|fit_\w+|predict\w*"
        r"|\w+_predict(ions?)?|infer|inference|run_inference"
        r"|(load|get|build|create|make|init|setup)_(\w+_)?(models?|classifier|regressor"
        r"|network|predictor|pipeline)"
        r"|forward|backward|\w*(Classifier|Regressor|Predictor|Detector|Trainer|LitModule"
        r"|LightningModule|Estimator)"
        r"|\w*(Net|Network|Model|Module|Forecaster|Recommender|Encoder|Decoder))(?:[._]|$)"
    ),
}
LIBRARY = {
    DATA: re.compile(
        r"(\.expect_\w+|^pandas\.read_\w+|^polars\.(read|scan)_\w+|^datasets\.load_\w+"
        r"|^pandera\.\S*"
        r"|great_expectations\.\S*|tensorflow_data_validation\.\S*|deepchecks\.\S*"
        r"|\.run_checkpoint)$"
    ),
    MODEL: re.compile(
        r"\.(fit|predict|predict_proba|fit_predict|fit_generator|load_model|transcribe)$"
    ),
}
# Classes that are called a model and are only rows of a table or of a request.
RECORDS = re.compile(
    r"(BaseModel|peewee|sqlalchemy|db\.Model|Base|Enum|Schema|BaseSettings|SQLModel"
    r"|models\.Model)$"
)
PLACES = re.compile(r"(^|\.)(train(ing|er)?|inference|predict(or|ion)?)\.")


@once
def exercises(repository: Repository, folder: str, name: str, kind: str) -> bool:
    """Whether a name that a test in a folder refers to is code for data, or a model."""
    if LIBRARY[kind].search(name):
        return True
    if "." not in name:
        return False
    path, inside = repository.python.resolver.split(name, folder)
    if not path or not inside or "test" in classes_of(repository, path):
        return False
    target = repository.python.resolver.definition(name, folder)
    if target is not None and any(RECORDS.search(base) for base in target.bases):
        return False
    if kind == DATA:
        return is_for_data(repository, path, inside, target)
    return target is not None and is_for_model(path, target.name)


def tail_of(path: str) -> str:
    """Give the last two parts of a module's dotted name."""
    short = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return ".".join(short.split(".")[-2:])


def is_for_data(
    repository: Repository, path: str, inside: str, target: Definition | None
) -> bool:
    """Whether code of the project loads, shapes or describes data, by its name and place."""
    if target is not None and uses_pandera(repository, target):
        return True
    name = target.name if target is not None else inside
    return bool(OWN[DATA].search(f"{tail_of(path)}.{name}"))


def is_for_model(path: str, name: str) -> bool:
    """Whether code of the project builds, trains or asks a model, by its name and place."""
    return bool(OWN[MODEL].search(name) or PLACES.search(f"{tail_of(path)}."))


def classes_of(repository: Repository, path: str) -> frozenset[str]:
    """Give the classes of a file; none of a folder."""
    return repository.files[path].classes if path in repository.files else frozenset()


def uses_pandera(repository: Repository, target: Definition) -> bool:
    """Whether a definition's file describes tables."""
    imports = repository.python.modules[target.path].imports
    return any(name.startswith(("pandera", "great_expectations")) for name in imports)
