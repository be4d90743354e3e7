"""Comparisons say what is so, and chance decides as seldom as was promised."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from {{ cookiecutter.package_name }} import (
    ab,
    ab_plan,
    aliases,
    compare,
    events,
    refusal,
)
from {{ cookiecutter.package_name }}.release.ab import (
    plan,
    sequential,
    verdict,
)
from {{ cookiecutter.package_name }}.release.compare import (
    compare as judge,
)
from {{ cookiecutter.package_name }}.release.compare import (
    intervals,
    mcnemar,
)
from {{ cookiecutter.package_name }}.release.settings import (
    Comparison,
    Trial,
)
from {{ cookiecutter.package_name }}.table import (
    Table,
)

HOW = Comparison(resamples=300)
TRIAL = Trial(baseline=0.5, effect=0.1, looks=5)


def make_pairs(
    table: Table, noise: float, rows: int = 2_000, seed: int = 0
) -> pd.DataFrame:
    """Make answers of a champion, and of a challenger that is off by more noise, or less."""
    draw = np.random.default_rng(seed)
    truth, off = draw.normal(size=rows), draw.normal(size=(2, rows))
    guesses = {
        "champion": truth + off[0],
        "challenger": truth + off[0] + noise * off[1],
    }
    if table.task == "regression":
        return pd.DataFrame(
            {"label": truth * 10} | {n: g * 10 for n, g in guesses.items()}
        )
    classes = np.array(table.classes)
    cuts = stats.norm.ppf(np.arange(1, len(classes)) / len(classes))
    pairs: dict[str, Any] = {"label": classes[np.searchsorted(cuts, truth)]}
    edges = np.array([-np.inf, *cuts, np.inf])
    for name, guess in guesses.items():
        chances = np.diff(stats.norm.cdf(edges - guess[:, None]), axis=1)
        pairs[name] = classes[chances.argmax(axis=1)]
        pairs[f"{name}_chances"] = [
            dict(zip(table.classes, row, strict=True)) for row in chances.tolist()
        ]
    return pd.DataFrame(pairs)


def swap(pairs: pd.DataFrame) -> pd.DataFrame:
    """Let champion and challenger change their places."""
    other = {"champion": "challenger", "challenger": "champion"}
    names = {
        name: name.replace(one, two)
        for name in map(str, pairs)
        for one, two in other.items()
        if name.startswith(one)
    }
    return pairs.rename(columns=names)


def test_a_worse_challenger_is_worse_and_the_other_way_round_better(
    table: Table,
) -> None:
    pairs = make_pairs(table, noise=1.5)
    worse, better = judge(pairs, table, HOW), judge(swap(pairs), table, HOW)
    assert (worse.verdict, better.verdict) == ("worse", "better")
    assert worse.found[0].metric == table.headline[0]
    assert worse.found[0].high < 0 < better.found[0].low
    if table.task == "classification":
        assert worse.p_value is not None and worse.p_value < 0.001
        assert worse.only_champion == better.only_challenger > worse.only_challenger


def test_the_same_model_twice_is_not_worse(table: Table) -> None:
    found = judge(make_pairs(table, noise=0), table, HOW)
    assert (found.verdict, found.p_value) in (("not worse", 1.0), ("not worse", None))
    assert "margin" in found.reason
    json.dumps(found.to_json(), allow_nan=False)


def test_without_a_margin_equal_is_not_enough(table: Table) -> None:
    pairs = make_pairs(table, noise=0)
    assert judge(pairs, table, replace(HOW, margin=0.0)).verdict == "undecided"


def test_too_few_labels_decide_nothing(table: Table) -> None:
    pairs = make_pairs(table, noise=1.5)
    pairs.loc[pairs.index[100:], "label"] = None
    found = judge(pairs, table, HOW)
    assert (found.verdict, found.rows) == ("undecided", 100)
    assert "are needed" in found.reason


def test_labels_of_one_class_cannot_tell_an_area(table: Table) -> None:
    if not table.binary:
        pytest.skip("the headline metric needs no second class")
    pairs = make_pairs(table, noise=1.5)
    found = judge(pairs[pairs["label"] == table.positive], table, HOW)
    assert found.verdict == "undecided"
    assert "one class" in found.reason


def mix(table: Table, noise: float, seed: int = 0) -> pd.DataFrame:
    """Make answers of two models that are equally good, and differ only by chance."""
    pairs = make_pairs(table, noise, rows=300, seed=seed)
    flip = np.random.default_rng(seed).random(300) < 0.5
    return pd.concat([pairs[flip], swap(pairs)[~flip]])


def test_what_may_be_worse_than_the_margin_is_undecided(table: Table) -> None:
    found = judge(mix(table, noise=1), table, replace(HOW, margin=0.0001))
    assert found.found[0].low < -found.margin < found.found[0].high
    assert found.verdict == "undecided"
    assert (
        judge(mix(table, noise=1), table, replace(HOW, margin=1)).verdict == "not worse"
    )


def test_chance_alone_seldom_decides(table: Table) -> None:
    words = []
    for seed in range(100):
        mixed = mix(table, noise=0.3, seed=seed)
        words.append(judge(mixed, table, replace(HOW, resamples=100)).verdict)
    assert words.count("better") + words.count("worse") <= 0.05 * 100 + 7


def test_delong_gives_scikit_learns_areas_and_the_spread_of_the_bootstrap() -> None:
    draw = np.random.default_rng(0)
    positive = draw.random(1_000) < 0.3
    ours = np.round(positive + draw.normal(size=1_000), 1)  # ties, too
    theirs = ours + draw.normal(size=1_000)
    areas = intervals.of_auc(ours, theirs, positive, 0.05)
    assert areas[:2] == pytest.approx(
        (roc_auc_score(positive, ours), roc_auc_score(positive, theirs))
    )
    drawn = []
    for _ in range(200):
        at = draw.integers(0, 1_000, 1_000)
        both = (roc_auc_score(positive[at], score[at]) for score in (ours, theirs))
        drawn.append(-np.subtract(*both))
    width = np.subtract(*np.quantile(drawn, [0.975, 0.025]))
    assert areas[2][1] - areas[2][0] == pytest.approx(width, rel=0.25)


def test_the_bootstrap_of_a_mean_agrees_with_the_formula() -> None:
    values = np.random.default_rng(0).normal(1, 2, 5_000)
    low, high = intervals.of_mean(values, 2_000, 0.05, 0)
    half = 1.96 * values.std() / np.sqrt(5_000)
    assert (low, high) == pytest.approx(
        (values.mean() - half, values.mean() + half), abs=0.006
    )
    assert intervals.of_mean(values, 2_000, 0.05, 0) == (low, high)


@pytest.mark.parametrize(
    "counts, expected",
    [((0, 0), 1.0), ((3, 3), 1.0), ((1, 9), 22 / 1024), ((9, 1), 22 / 1024)],
)
def test_mcnemar_is_exact_where_rows_are_few(
    counts: tuple[int, int], expected: float
) -> None:
    assert mcnemar.test(*counts) == pytest.approx(expected)


def test_mcnemar_keeps_its_level_without_being_timid() -> None:
    levels = []
    for rows in range(30, 150, 7):
        share = stats.binom.pmf(range(rows + 1), rows, 0.5)
        p_values = [mcnemar.test(hits, rows - hits) for hits in range(rows + 1)]
        levels.append(share[np.array(p_values) <= 0.05].sum())
    assert np.mean(levels) == pytest.approx(0.048, abs=0.004)


def test_the_plan_is_that_of_the_textbook() -> None:
    # Fleiss, Levin and Paik (2003), table A.4 for 0.60 against 0.70 without correction: 356.
    trial = Trial(baseline=0.6, effect=0.1, alpha=0.05, power=0.8)
    assert plan.count_requests(trial) == (356, 356)
    ours, theirs = plan.count_requests(trial, 0.1)
    assert ours == pytest.approx(9 * theirs, rel=0.01)
    assert ours + theirs > 2 * 712


def test_the_boundaries_are_those_of_the_literature() -> None:
    # Jennison and Turnbull, Group Sequential Methods (1999), table 2.3 for alpha = 0.05.
    known = {1: 1.960, 2: 1.977, 5: 2.040, 10: 2.087}
    for looks, expected in known.items():
        assert sequential.find_boundary(looks, 0.05) == pytest.approx(
            expected, abs=6e-4
        )


def simulate(effect: float, tests: int = 2_000) -> np.ndarray:
    """Draw the z-scores of all looks of many tests, of shape (tests, looks)."""
    draw = np.random.default_rng(1)
    size = plan.count_requests(TRIAL)[0] // TRIAL.looks
    good = draw.binomial(
        size, [[[0.5]], [[0.5 + effect]]], (2, tests, TRIAL.looks)
    ).cumsum(axis=2)
    total = size * np.arange(1, TRIAL.looks + 1)
    pooled = good.sum(axis=0) / (2 * total)
    found: np.ndarray = (good[1] - good[0]) / np.sqrt(2 * total * pooled * (1 - pooled))
    return found


def test_looking_often_raises_false_alarms_unless_the_bounds_are_kept() -> None:
    bounds = sequential.list_bounds(
        sequential.find_boundary(TRIAL.looks, TRIAL.alpha), TRIAL.looks
    )
    nothing = np.abs(simulate(effect=0.0))
    kept = (nothing >= bounds).any(axis=1).mean()
    peeked = (nothing >= 1.96).any(axis=1).mean()
    assert kept <= TRIAL.alpha + 0.015
    assert peeked > 2 * TRIAL.alpha
    found = (simulate(effect=TRIAL.effect) >= bounds).any(axis=1).mean()
    assert found > TRIAL.power - 0.05


def make_outcomes(
    effect: float, rows: int, share: float = 0.5
) -> tuple[np.ndarray, np.ndarray]:
    """Draw who answered and how it ended."""
    draw = np.random.default_rng(2)
    challenger = draw.random(rows) < share
    return challenger, draw.random(rows) < 0.5 + effect * challenger


def test_a_running_test_goes_on_until_a_look_is_due() -> None:
    planned = sum(plan.count_requests(TRIAL))
    early = verdict.judge(*make_outcomes(0.4, planned // 5 - 2), TRIAL, 0.5)
    assert (early.verdict, early.look, early.planned) == ("go on", 0, planned)
    found = verdict.judge(*make_outcomes(0.4, planned), TRIAL, 0.5)
    assert (found.verdict, found.look) == ("better", 1)
    assert verdict.judge(*make_outcomes(-0.4, planned), TRIAL, 0.5).verdict == "worse"
    last = verdict.judge(*make_outcomes(0.0, planned), TRIAL, 0.5)
    assert (last.verdict, last.look) == ("no difference", 5)


def test_an_earlier_look_counts_however_often_one_asks() -> None:
    challenger, good = make_outcomes(0.4, sum(plan.count_requests(TRIAL)))
    good[len(good) // 2 :] = ~challenger[len(good) // 2 :]
    assert verdict.judge(challenger, good, TRIAL, 0.5).verdict == "better"


def test_a_split_that_is_not_the_planned_one_stops_the_test() -> None:
    found = verdict.judge(*make_outcomes(0.4, 3_000, share=0.45), TRIAL, 0.5)
    assert found.verdict == "broken"
    assert "instead of 50.00%" in found.reason
    fair = [
        verdict.find_mismatch(np.random.default_rng(seed).random(3_000) < 0.2, 0.2)
        for seed in range(200)
    ]
    assert min(fair) > verdict.FAULT / 10
    assert np.mean(np.array(fair) < 0.05) == pytest.approx(0.05, abs=0.04)


def append(log: events.EventLog, number: int, row: Any) -> None:
    """Log a request that both have answered, and one of an A/B test with its label."""
    told = {
        arm: {"prediction": row[arm], "chances": row.get(f"{arm}_chances")}
        for arm in ("champion", "challenger")
    }
    same = {"id": f"{number}-0", "request": str(number), "time": number}
    mine = {"model": "1", "arm": "champion", **told["champion"]}
    log.append("prediction", same | mine)
    log.append("shadow", same | {"model": "2", **told["challenger"]})
    if number % 2:
        mine = {"model": "2", "arm": "challenger", **told["challenger"]}
    log.append("prediction", {"id": f"ab {number}", "time": number, **mine})
    log.append("label", {"id": f"ab {number}", "time": number, "label": row["label"]})


@pytest.fixture(name="place")
def fixture_place(
    table: Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A project whose log holds both models' answers and whose registry knows both."""
    (tmp_path / "conf").mkdir()
    for name in ("table.yaml", "release.yaml"):
        (tmp_path / "conf" / name).write_bytes(Path("conf", name).read_bytes())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(aliases, "find", {"champion": "1", "challenger": "2"}.get)
    pairs = make_pairs(table, noise=5, rows=600)
    log = events.EventLog(period=600)
    for number, row in enumerate(pairs.to_dict("records")):
        append(log, number, row)
    log.append("shadow", {"id": "none", "model": "2", "error": "it sleeps"})
    log.close()
    names = [f"{number}-0" for number in range(600)]
    labels = pd.DataFrame({table.id or "id": names, table.target: pairs["label"]})
    labels.to_csv(tmp_path / "labels.csv", index=False)
    return tmp_path


def test_make_compare_joins_labels_of_a_file_and_writes_its_verdict(
    place: Path, table: Table, capsys: pytest.CaptureFixture[str]
) -> None:
    compare.main([])
    assert "0 rows have a label" in capsys.readouterr().out
    compare.main(["--labels", str(place / "labels.csv")])
    assert "worse: " in capsys.readouterr().out
    found = json.loads((place / "reports/comparison.json").read_text("utf-8"))
    assert (found["verdict"], found["rows"]) == ("worse", 600)
    assert (found["champion"], found["challenger"]) == ("1", "2")
    assert found["found"][0]["metric"] == table.headline[0]


def test_make_ab_says_how_the_test_stands(
    place: Path, table: Table, capsys: pytest.CaptureFixture[str]
) -> None:
    path = place / "conf/release.yaml"
    text = path.read_text("utf-8").replace("share: 5.0", "share: 50.0")
    path.write_text(text.replace("effect: 0.01", "effect: 0.1"), "utf-8")
    if table.task == "regression":
        with pytest.raises(refusal.Refusal, match="ab.near"):
            ab.main([])
        path.write_text(
            path.read_text("utf-8").replace("near: 0.0", "near: 8"), "utf-8"
        )
    ab_plan.main([])
    assert "5 looks" in capsys.readouterr().out
    ab.main([])
    said = capsys.readouterr().out
    assert "of 300 requests" in said
    found = json.loads((place / "reports/ab.json").read_text("utf-8"))
    assert found["verdict"] == "worse"


def test_a_challenger_that_nobody_registered_is_said(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aliases, "find", {"champion": "1"}.get)
    for command in (compare, ab):
        with pytest.raises(refusal.Refusal, match="no alias 'challenger'"):
            command.main([])
    assert not (place / "reports").exists()
