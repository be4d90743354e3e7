"""The parameters to try, as conf/training.yaml describes them."""

from typing import Any

import optuna

from ..refusal import Refusal
from ..training import PATH

Parameters = dict[str, Any]


def check(space: dict[str, Any]) -> None:
    """Refuse a description that could only fail later."""
    if not space:
        raise Refusal(f"`tuning.space` in {PATH} names no parameter; add one.")
    for name, item in space.items():
        if not isinstance(item, dict) or not (_is_range(item) or _is_choice(item)):
            raise Refusal(
                f"`tuning.space.{name}` in {PATH} must be {{low: 1, high: 9}}, with "
                "`log: true` if you like, or {choices: [a, b]}."
            )


def _is_choice(item: dict[str, Any]) -> bool:
    choices = item.get("choices")
    return set(item) == {"choices"} and isinstance(choices, list) and bool(choices)


def _is_range(item: dict[str, Any]) -> bool:
    """Two numbers in order; the logarithm of the lower one must exist."""
    low, high = item.get("low"), item.get("high")
    if (
        isinstance(low, bool)
        or isinstance(high, bool)
        or set(item) - {"low", "high", "log"}
    ):
        return False
    if not isinstance(low, (int, float)) or not isinstance(high, (int, float)):
        return False
    return low < high and (low > 0 or not item.get("log"))


def suggest(trial: optuna.Trial, space: dict[str, Any]) -> Parameters:
    """Let the trial choose a value for each parameter."""
    return {name: _suggest(trial, name, item) for name, item in space.items()}


def _suggest(trial: optuna.Trial, name: str, item: dict[str, Any]) -> Any:
    if "choices" in item:
        return trial.suggest_categorical(name, item["choices"])
    low, high, log = item["low"], item["high"], bool(item.get("log"))
    if isinstance(low, int) and isinstance(high, int):
        return trial.suggest_int(name, low, high, log=log)
    # What is tried is what a person will read in the settings: four digits.
    return float(f"{trial.suggest_float(name, low, high, log=log):.4g}")
