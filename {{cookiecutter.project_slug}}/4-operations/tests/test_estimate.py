"""What is estimated before the labels come is what the labels say, where it can be."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, log_loss, roc_auc_score
from sklearn.pipeline import Pipeline

from {{ cookiecutter.package_name }} import (
    data,
    estimate,
    predict,
)
from {{ cookiecutter.package_name }}.table import (
    Column,
    Table,
)

BINARY = Table(
    source="none",
    task="classification",
    target="y",
    columns=[Column("x", "number")],
    split={"train": 0.6, "validation": 0.2, "live": 0.2},
    classes=["no", "yes"],
)


def live(rows: int, seed: int, shift: float) -> tuple[np.ndarray, np.ndarray]:
    """Draw labels and the chances of a model that is much too sure of itself.

    The true chance is a logistic function of x; `shift` moves x and not its meaning.
    """
    random = np.random.default_rng(seed)
    x = random.normal(shift, 1.5, rows)
    truth = random.random(rows) < 1 / (1 + np.exp(-x))
    chance = 1 / (1 + np.exp(-3 * x))
    return np.where(truth, "yes", "no"), np.column_stack([1 - chance, chance])


@pytest.fixture(scope="module", name="calibration")
def fixture_calibration() -> dict[str, object]:
    """What the chances are worth, from rows before the shift."""
    return estimate.calibrate(*live(30_000, 0, 0.0), BINARY)


@pytest.mark.parametrize("shift", [-1.0, 0.0, 1.0])
def test_the_estimate_is_the_realised_metric_while_only_the_inputs_change(
    calibration: dict[str, object], shift: float
) -> None:
    truth, chances = live(30_000, 1, shift)
    found = estimate.estimate(chances, calibration, BINARY)
    late, guess = truth == "yes", np.where(chances[:, 1] > 0.5, "yes", "no")
    assert found["auc"] == pytest.approx(roc_auc_score(late, chances[:, 1]), abs=0.01)
    assert found["accuracy"] == pytest.approx(accuracy_score(truth, guess), abs=0.01)
    assert found["log_loss"] == pytest.approx(log_loss(late, chances), abs=0.05)
    brier = np.mean((chances[:, 1] - late) ** 2)
    assert found["brier"] == pytest.approx(brier, abs=0.01)


def test_without_calibration_the_estimate_believes_the_model() -> None:
    truth, chances = live(30_000, 1, 1.0)
    found = estimate.estimate(chances, None, BINARY)
    real = roc_auc_score(truth == "yes", chances[:, 1])
    assert abs(found["auc"] - real) > 0.05


def test_the_estimate_cannot_see_that_the_meaning_changed(
    calibration: dict[str, object],
) -> None:
    truth, chances = live(30_000, 1, 0.0)
    found = estimate.estimate(chances, calibration, BINARY)
    turned = roc_auc_score(truth == "no", chances[:, 1])
    assert found["auc"] - turned > 0.4
    assert "meaning" in found["assumption"]


def test_the_expected_auc_is_the_mean_over_labels_drawn_by_their_chances() -> None:
    random = np.random.default_rng(0)
    worth = random.random(400)
    scores = np.round(worth + random.normal(0, 0.3, 400), 1)  # with ties
    drawn = [roc_auc_score(random.random(400) < worth, scores) for _ in range(400)]
    assert estimate.expect_auc(scores, worth) == pytest.approx(
        np.mean(drawn), abs=0.005
    )
    assert estimate.expect_auc(scores, np.zeros(400)) is None


def test_of_several_classes_the_accuracy_is_estimated() -> None:
    random = np.random.default_rng(0)
    several = replace(BINARY, classes=["a", "b", "c"])
    worth = random.dirichlet([1, 1, 1], 40_000)
    truth = np.array(several.classes)[
        (random.random((40_000, 1)) > worth.cumsum(axis=1)).sum(axis=1)
    ]
    sharp = worth**3 / (worth**3).sum(axis=1, keepdims=True)  # too sure
    fitted = estimate.calibrate(truth[:20_000], sharp[:20_000], several)
    found = estimate.estimate(sharp[20_000:], fitted, several)
    guess = np.array(several.classes)[sharp[20_000:].argmax(axis=1)]
    assert found["accuracy"] == pytest.approx(
        np.mean(guess == truth[20_000:]), abs=0.01
    )
    assert "auc" not in found


def test_rows_without_chances_and_numbers_say_that_there_is_no_estimate() -> None:
    nothing = np.full((5, 2), np.nan)
    assert not estimate.estimate(nothing, None, BINARY)["available"]
    number = replace(BINARY, task="regression", classes=[])
    assert not estimate.estimate(np.empty((5, 0)), None, number)["available"]


def test_the_estimate_on_the_calibrated_rows_is_what_was_realised(
    fitted: Pipeline, parts: data.Parts, table: Table
) -> None:
    if table.task == "regression":
        pytest.skip("a regression gives no chances")
    rows = parts.validation.head(5_000)
    answers = predict.predict(fitted, rows, table)
    chances = estimate.read_chances(answers, table)
    fit = estimate.calibrate(rows[table.target], chances, table)
    found, real = estimate.estimate(chances, fit, table), estimate.realise(
        rows, answers, table
    )
    assert real is not None
    for name in {"accuracy", "auc"} & {*found}:
        assert found[name] == pytest.approx(real[name], abs=0.03)
