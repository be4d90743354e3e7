"""What the scope of a repository puts out of sight: there, absent is not what it seems."""

from ..evidence import Finding, Status

MAKING = {
    *("experiment_tracking", "model_registry", "model_quality_gate", "tests_model"),
    *("data_versioning", "data_validation", "tests_data", "feature_store"),
    *("pipeline_orchestration", "ci_trains_model", "auto_retraining"),
    *("hyperparameter_search", "reproducible_run", "retraining_triggers"),
    *("champion_challenger_or_ab", "fairness", "model_card"),
}
ANSWERING = {"online_serving", "load_tests", "service_metrics"}
SERVING = ANSWERING | {"prediction_logging", "batch_scoring", "rollback", "k8s"}

# Parts of a scope's name, as in `training+batch`, and what lies elsewhere for each.
ELSEWHERE: dict[str, set[str]] = {
    "serving": MAKING,
    "training": SERVING,
    "batch": ANSWERING,
}
READY = ("library", "template")
SEVERAL = ("course", "monorepo")


def parts(scope: str) -> list[str]:
    """Give the parts of a scope's name."""
    return [part.strip().removesuffix(" only") for part in scope.split("+")]


def is_ready_for(scope: str) -> bool:
    """Tell whether a level is one that others reach with it, as with a library."""
    return any(part in READY for part in parts(scope))


def holds_several(scope: str) -> bool:
    """Tell whether the repository holds several projects, to be assessed one by one."""
    return any(part in SEVERAL for part in parts(scope))


def elsewhere(scope: str) -> set[str]:
    """Give the capabilities that a repository of this scope has no place for."""
    sets = [ELSEWHERE.get(part, set()) for part in parts(scope)]
    return set.intersection(*sets) if sets else set()


def narrow(finding: Finding, scope: str) -> Finding:
    """Turn absent into not assessable where the scope has no place for it."""
    outside = finding.capability in elsewhere(scope)
    if finding.status is not Status.ABSENT or not outside:
        return finding
    why = f"Not assessable here: a repository of scope {scope} has no place for it."
    attributes = finding.attributes
    return Finding(
        finding.capability, Status.NOT_ASSESSABLE, why, finding.evidence, attributes
    )
