"""The words of metrics, of rival models, and of what hangs on a comparison of them."""

import re

METRIC = re.compile(
    r"(?<![a-z])(acc|accuracy|auc|roc_auc|f1|f1_score|rmse|mse|mae|mape|r2|r2_score"
    r"|scores?|metrics?|loss|precision|recall"
    r"|perf|performance|ndcg|bleu|rouge|wer|iou|map50|logloss|log_loss|error_rate|brier"
    r"|ks|gini|kappa|silhouette"
    r"|quality|validation_results?|evaluation)(?![a-z])",
    re.I,
)
# The same for text in lower case, which is four times as quick.
LOWER_METRIC = re.compile(METRIC.pattern)
RIVAL = re.compile(
    r"(?<![a-z])(champ(ion)?|chall(enger)?|prod|production|incumbent|deployed|previous"
    r"|prev|current_(best|model|metrics?"
    r"|score|prod\w*|rmse|mse|mae|accuracy|auc|f1)|existing|old|last_model|rivals?"
    r"|reigning|latest_model|registered|baseline_model"
    r"|best_(deployed|registered)\w*|best_model_(f1|rmse|mse|mae|accuracy|auc|r2"
    r"|metric)\w*|live_model|benchmark_model)(?![a-z])",
    re.I,
)
ACTS = re.compile(
    r"((?<![a-z])(un)?regist(er|ry)(?!_(buffer|hook|forward|parameter|module|full"
    r"|backward|blueprint"
    r"|callback|handler|signal))|promot|deploy|push_to_hub|transition_model"
    r"|set_registered_model_alias"
    r"|add_version_aliases|create_model_version|approv|publish|release_(model|version)"
    r"|save_to_(prod|registry)|set_as_default|update_model_package|upload_model"
    r"|copy_to_prod|push_model)",
    re.I,
)
# Loops of training compare too: the best epoch so far is no gate.
LOOP = re.compile(
    r"(epoch|early_?stop|patience|checkpoint|best_(val_|valid_)?(loss|acc|score|epoch)"
    r"|min_(val_)?loss|callback)",
    re.I,
)
PLACE = re.compile(
    r"(train|eval|valid|model|metric|gate|promot|regist|deploy|quality|check|perform"
    r"|compar|accept|bless|champion|score|verdict)",
    re.I,
)
# A side that is a number or a setting: a floor, and no other model.
FIXED = re.compile(
    r"^\S+( \S+)? (<|>)=? -?(?!0\b)[\d.]+\b|^-?[\d.]+ (<|>)=?|threshold|floor|min_acc\w*",
    re.I,
)
# The two sides of a comparison, as they are written.
SIDES = re.compile(r"\S+ [<>]=? \S+")
# Words that speak of a judged model wherever they stand.
PLAIN = re.compile(
    r"(?<![a-z])(accuracy|acc|auc|roc_auc|f1(_score)?|rmse|mse|mae|mape|r2(_score)?"
    r"|metrics?)(?![a-z])",
    re.I,
)
DECIDES = re.compile(
    r"(^|_)(deploy\w*|promot\w*|accept\w*|approv\w*|(quality_)?gate|regist\w*)(_\w+)?$",
    re.I,
)
FLAG = re.compile(
    r"(accepted|approved|is_better|(gate|floor)_passed|passed_(gate|floor)|should_(promote|deploy"
    r"|register)|challenger_wins|promoted|promotion_decision)",
    re.I,
)


def speaks_of_metrics(text: str) -> bool:
    """Whether a text names a metric."""
    return bool(LOWER_METRIC.search(text.lower()))


def with_rival(said: str) -> bool:
    """Whether the text of a comparison sets two models against each other."""
    sides = SIDES.search(said)
    if sides and RIVAL.search(sides[0]) and not FIXED.search(sides[0]):
        return True  # whatever a threshold had to do with the predictions of either
    difference = re.search(r"\w \- [a-z]\w+", said)
    return bool(RIVAL.search(said)) and (not FIXED.search(said) or bool(difference))
