"""Evidence and answers combine by the published table, and gates give the level."""

from datetime import date, timedelta

import pytest
from scans import DAY, find, make, scan, step

from maturity_assessment import models
from maturity_assessment.capabilities import read_assessed
from maturity_assessment.evidence import Status
from maturity_assessment.questionnaire.answers import (
    Answer,
    Answers,
    Excuse,
    Reply,
    Waiver,
)
from maturity_assessment.scoring.assessment import Assessment, assess
from maturity_assessment.scoring.combine import combine
from maturity_assessment.scoring.gates import Points, parse, say
from maturity_assessment.scoring.levels import read_rungs
from maturity_assessment.scoring.standing import Standing, State

CI = ("tests_unit", "ci_tests")
TRAINING = (
    *("experiment_tracking", "model_registry", "data_versioning", "model_quality_gate"),
    *("pipeline_orchestration", "ci_trains_model", "auto_retraining"),
    "champion_challenger_or_ab",
)
OPERATIONS = ("drift_monitoring", "service_metrics", "retraining_triggers")
# What a project of our own template has, level by level, of what the gates ask for.
LADDER = [
    (),
    CI,
    (*CI, *TRAINING),
    (*CI, *TRAINING, "cd_deploy"),
    (*CI, *TRAINING, "cd_deploy", *OPERATIONS),
]


def say_of(capability: str, reply: str, reference: str = "") -> Answers:
    """Give a questionnaire with one answer."""
    return Answers({capability: Answer(Reply(reply), reference, "because")})


def level(assessment: Assessment) -> tuple[int, int, int]:
    """Give the three levels of the headline."""
    found = assessment.level
    return found.evidence, found.shown, found.possible


def combined(status: str, reply: str, reference: str = "") -> Standing:
    """Combine one evidence with one answer."""
    said = Answer(Reply(reply), reference, "because")
    return combine(find("iac", Status(status)), said, None, DAY)


@pytest.mark.parametrize("expected", range(5))
def test_what_our_template_has_on_a_level_is_found_at_exactly_that_level(
    expected: int,
) -> None:
    assert level(assess(scan(*LADDER[expected]), day=DAY)) == (expected,) * 3


@pytest.mark.parametrize("expected", range(2, 5))
def test_each_level_falls_without_what_it_added(expected: int) -> None:
    added = set(LADDER[expected]) - set(LADDER[expected - 1])
    left = [name for name in LADDER[-1] if name not in added]
    assert assess(scan(*left), day=DAY).level.evidence == expected - 1


@pytest.mark.parametrize(
    "status, reply, reference, expected",
    [
        ("present", "automated", "", (3, (1, 1, 1), "high")),
        ("present", "measured", "", (4, (1, 1, 1), "high")),
        ("present", "by hand", "", (2, (1, 1, 1), "high")),
        ("present", "no", "", (2, (1, 1, 1), "medium")),
        ("present", "unknown", "", (2, (1, 1, 1), "medium")),
        ("partial", "measured", "", (1, (0.5, 0.5, 1), "medium")),
        ("partial", "measured", "docs/x.md", (2, (0.5, 1, 1), "medium")),
        ("partial", "no", "", (1, (0.5, 0.5, 0.5), "medium")),
        ("absent", "measured", "", (1, (0, 0.5, 1), "low")),
        ("absent", "automated", "https://wiki/x", (2, (0, 1, 1), "low")),
        ("absent", "by hand", "https://wiki/x", (1, (0, 0.5, 0.5), "low")),
        ("absent", "no", "", (0, (0, 0, 0), "high")),
        ("absent", "planned", "", (0, (0, 0, 0), "high")),
        ("absent", "unknown", "", (0, (0, 0, 0), "medium")),
        ("not assessable", "automated", "", (3, (0, 1, 1), "declared")),
        ("not assessable", "no", "", (0, (0, 0, 0), "declared")),
        ("not assessable", "unknown", "", (None, (None,) * 3, "low")),
        ("absent", "not applicable", "", (None, (None,) * 3, "declared")),
        ("present", "not applicable", "", (2, (1, 1, 1), "medium")),
    ],
)
def test_evidence_and_answer_combine_by_the_table(
    status: str, reply: str, reference: str, expected: tuple[object, ...]
) -> None:
    standing = combined(status, reply, reference)
    points = (standing.evidence, standing.claimed, standing.shown)
    assert (standing.ladder, points, standing.confidence) == expected


def test_a_team_that_does_not_know_what_it_has_is_told() -> None:
    assert "may not know" in combined("present", "no").remarks[0]
    assert not combined("present", "unknown").remarks


def test_what_a_workflow_does_by_itself_stands_a_rung_higher() -> None:
    by_hand = find("ci_tests")
    by_itself = find("ci_tests", Status.PRESENT, (step("ci.yml", 3, "pytest"),))
    disabled = find(
        "ci_tests", Status.PRESENT, (step("ci.yml", 3, "pytest", "if: false"),)
    )
    rungs = [combine(f, None, None, DAY).ladder for f in (by_hand, by_itself, disabled)]
    assert rungs == [2, 3, 2]


def test_a_claim_opens_an_interval_and_leaves_the_evidence_alone() -> None:
    found = assess(scan(*LADDER[2]), say_of("cd_deploy", "automated"), DAY)
    assert level(found) == (2, 3, 3)
    assert found.level.claims == ("cd_deploy",)
    assert found.headline() == "Level 2 by evidence, 3 if 1 claim is shown"
    release = next(d for d in found.dimensions if d.id == "D6")
    assert (release.evidence or 0) < (release.claimed or 0)


def test_a_deployment_by_hand_is_no_automatic_one_even_if_claimed() -> None:
    by_hand = assess(scan(*LADDER[3], trigger="manual"), day=DAY)
    assert level(by_hand) == (2, 2, 2)
    assert by_hand.level.blockers == (
        "cd_deploy must be automatic or approval or tag, but is manual",
    )
    claimed = assess(scan(*LADDER[2]), say_of("cd_deploy", "by hand"), DAY)
    assert claimed.level.shown == 2


def test_the_next_level_says_what_blocks_it() -> None:
    found = assess(scan(*CI, partial=("experiment_tracking",)), day=DAY).level
    assert found.blockers == (
        "experiment_tracking, model_registry and data_versioning together count "
        "0.5 of the 1.5 asked",
        "one of pipeline_orchestration, ci_trains_model, auto_retraining is needed",
    )
    assert "experiment_tracking" in found.blocking
    assert assess(scan(*LADDER[4]), day=DAY).level.blockers == ()


def test_what_is_not_there_is_named_once_and_not_asked_how() -> None:
    found = assess(scan(*LADDER[2], trigger=""), day=DAY)
    assert found.level.blockers == ("cd_deploy is missing",)


def test_two_halves_of_different_things_are_no_whole() -> None:
    halves = ("pipeline_orchestration", "ci_trains_model")
    rest = [name for name in LADDER[2] if name not in (*halves, "auto_retraining")]
    assert assess(scan(*rest, partial=halves), day=DAY).level.evidence == 1


def test_a_declared_pipeline_with_versions_needs_no_tests_for_level_2() -> None:
    names = ("experiment_tracking", "data_versioning", "pipeline_orchestration")
    assert assess(scan(*names), day=DAY).level.evidence == 2
    assert assess(scan("pipeline_orchestration"), day=DAY).level.evidence == 0


@pytest.mark.parametrize(
    "made, expected",
    [
        ((), 2),
        (("ci_trains_model",), 3),
        (("auto_retraining",), 3),
        (("model_quality_gate",), 3),
        (("champion_challenger_or_ab",), 3),
    ],
)
def test_the_release_of_a_model_that_hands_make_and_nothing_judges_is_level_2(
    made: tuple[str, ...], expected: int
) -> None:
    records = ("experiment_tracking", "model_registry", "pipeline_orchestration")
    released = scan(*CI, *records, "cd_deploy", *made)
    assert assess(released, day=DAY).level.evidence == expected


def test_drift_that_trains_is_level_4_and_drift_beside_a_calendar_is_not() -> None:
    calendar = scan(*LADDER[3], "drift_monitoring")
    signal = scan(*LADDER[3], "drift_monitoring", "retraining_triggers")
    found = [assess(one, day=DAY).level.evidence for one in (calendar, signal)]
    assert found == [3, 4]


def test_a_library_is_ready_for_a_level_and_not_at_it() -> None:
    found = assess(scan(*CI, scope="library"), day=DAY)
    assert found.headline() == "Ready for level 1 by evidence"


def test_a_service_is_not_blamed_for_training_elsewhere() -> None:
    names = (*CI, "cd_deploy", "online_serving")
    found = assess(scan(*names, scope="serving", unseen=TRAINING), day=DAY)
    assert found.standings["experiment_tracking"].state is State.OPEN
    assert level(found) == (1, 1, 3)
    assert "if what cannot be seen here is shown" in found.headline()
    same = assess(scan(*names), day=DAY)
    assert same.standings["experiment_tracking"].state is State.ABSENT


def test_what_is_not_assessable_is_not_counted_as_absent() -> None:
    people = next(d for d in assess(scan(), day=DAY).dimensions if d.id == "D10")
    assert (people.evidence, people.claimed, people.open) == (None, None, 4)
    asked = assess(scan(), say_of("roles", "by hand"), DAY).dimensions[-1]
    assert (asked.evidence, asked.claimed, asked.open) == (0, 0.5, 3)


def waived(reason: Excuse, expires: date = DAY, **present: bool) -> Assessment:
    """Assess level 1 with the data versions waived."""
    waiver = Waiver(reason, "Ada", expires, "A lake keeps them.")
    names = (*CI, "experiment_tracking", "pipeline_orchestration", *present)
    return assess(scan(*names), Answers(waivers={"data_versioning": waiver}), DAY)


def test_a_waiver_counts_only_as_a_claim_and_is_named() -> None:
    found = waived(Excuse.NOT_DETECTED)
    assert level(found) == (1, 2, 2)
    standing = found.standings["data_versioning"]
    assert (standing.state, standing.claimed) == (State.WAIVED, 0.5)
    assert standing.remarks == (
        f"Waived (not-detected) by Ada until {DAY}. A lake keeps them.",
    )


def test_a_waiver_of_what_does_not_apply_leaves_the_denominator() -> None:
    assert not waived(Excuse.NOT_APPLICABLE).standings["data_versioning"].counts


def test_an_expired_waiver_only_leaves_a_remark() -> None:
    found = waived(Excuse.NOT_DETECTED, DAY - timedelta(days=1))
    assert level(found) == (1, 1, 1)
    assert "expired" in found.standings["data_versioning"].remarks[0]


def test_a_waiver_never_lowers_what_was_seen() -> None:
    found = waived(Excuse.NOT_APPLICABLE, data_versioning=True)
    assert found.standings["data_versioning"].state is State.EVIDENCED


def test_the_evidenced_share_falls_with_every_claim() -> None:
    sure = assess(scan(*LADDER[3]), day=DAY)
    less = assess(scan(*LADDER[3]), say_of("iac", "automated"), DAY)
    assert sure.share == 1.0
    assert (less.share or 0) < 1.0
    assert assess(scan(), day=DAY).share is None


def test_the_same_scan_gives_the_same_assessment() -> None:
    assert assess(scan(*CI), day=DAY) == assess(scan(*CI), day=DAY)


def test_a_scan_that_looks_for_nothing_leaves_everything_open() -> None:
    found = assess(make({}), day=DAY)
    assert {s.state for s in found.standings.values()} == {State.OPEN}
    assert found.level.evidence == 0


def test_every_gate_names_capabilities_that_are_assessed_and_reads_as_words() -> None:
    for name in ("microsoft", "google", "aws"):
        for rung in read_rungs(models.read(name)):
            assert set(rung.names()) <= set(read_assessed())
            assert rung.level == 0 or rung.rule()


def test_a_gate_of_one_half_is_met_by_a_part() -> None:
    half = parse({"sum": ["model_registry"], "at_least": 0.5})
    assert say(half) == "model_registry is there in part"
    assert half.holds(Points({"model_registry": 0.5}, {}))
    assert not half.holds(Points({}, {}))
