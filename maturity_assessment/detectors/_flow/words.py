"""The words of calls that ask a model, train one, measure one or write something down."""

import re
from functools import cache

ASKS = re.compile(
    r"^(predict|predict_\w+|predict\w*|\w+_predict|inference|run_inference|batch_inference|infer"
    r"|decision_function|score_batch|score_rows|score_samples|batch_score|spark_udf|recommend\w*"
    r"|transcribe|kneighbors|(get|make|generate)_(\w+_)?predictions?|batch_predict\w*)$"
)
# Called or asked through a variable that is named after a model.
MODELS = re.compile(
    r"(^|_)(model|net|network|classifier|regressor|predictor|llm|pipe|clf|estimator|session"
    r"|nlp|detector)$",
    re.I,
)
# What is done with a model is named after it as well.
DONE = re.compile(
    r"^_*(train|load|build|create|get|make|save|fit|register|eval\w*|explain|init\w*|setup|define"
    r"|compile|download|export|deploy|log|push|upload|select|test|validate|find|read|write|new"
    r"|prepare|update|import|publish|package|serve|tune|convert|fetch|store|delete|set|check"
    r"|construct|instantiate|configure|move|wrap|freeze|quantize|optimi[sz]e|retrain|promote)_"
)
MODEL_METHODS = frozenset(
    "generate transform run forward encode __call__ detect chat".split()
)
# What comes out of these is a number about predictions, not the predictions.
MEASURES = re.compile(
    r"(score|metric|loss|error|accuracy|auc|report|confusion|recall|precision|f1|evaluat|mse|mae"
    r"|rmse|r2|plot|figure|hist|draw|show|criterion|print|importance|confus|len|shape|drift|psi)",
    re.I,
)
WRITES = re.compile(
    r"^(to_(csv|parquet|json|sql|excel|feather|hdf|pickle|gbq|delta|orc|table|disk)|write_\w+"
    r"|writerows?|save(AsTable|_as_table|txt|z|_\w+)?|insertInto|insert\w*|upload\w*|put_object"
    r"|put_item|parquet|csv|saveAsTable|bulk_\w+|load_table_from_\w+|dump|store_\w+"
    r"|write|export_\w+|persist\w*|append_\w+|streaming_insert\w*|copy_from"
    r"|\w+_(write|save|export)_(csv|parquet|json|sql|table|frame|dataframe|predictions|results))$"
)
NOT_WRITES = re.compile(
    r"^(mlflow|wandb|plt|logging|logger|log|sys|print|json\.dumps|torchvision)\b"
)
TRAINS = frozenset(
    "fit fit_transform fit_generator backward partial_fit train_on_batch".split()
)
SCORES = re.compile(
    r"(accuracy_score|mean_\w+_error|r2_score|roc_auc|f1_score|classification_report"
    r"|confusion_matrix|log_loss|_metrics?$|^evaluate)"
)
# A function of the repository is known by its name, so that has to speak of predictions.
GIVES = re.compile(
    r"(predict|infer|forecast|recommend|classif|embed|transcri|generat|score_\w)", re.I
)


@cache
def may_ask(word: str) -> bool:
    """Whether a call by this name may ask a model, as far as the name alone tells."""
    return bool(ASKS.match(word) or MODELS.search(word)) or word in MODEL_METHODS
