"""Say what an operator should do next, the most urgent first."""

from collections.abc import Iterator

from ..history import Line
from .page import BAD, GOOD, WARN, Todo
from .situation import Situation

DAY = 86_400.0
# The same limits as monitoring/rules.yml.
ERRORS, WORSE, BELOW = 0.01, 0.05, "docs/runbooks"


def advise(known: Situation) -> list[Todo]:
    """Give everything that asks for somebody; one good word when nothing does."""
    found = [
        *_ask_service(known),
        *_ask_log(known),
        *_ask_performance(known),
        *_ask_drift(known),
        *_ask_decisions(known),
    ]
    ranked = sorted(found, key=lambda item: (BAD, WARN, GOOD).index(item.tone))
    return ranked or [Todo(GOOD, "Nothing.", "All that is measured is as it should be.")]


def _todo(tone: str, title: str, text: str, alert: str = "") -> Todo:
    return Todo(tone, title, text, f"{BELOW}/{alert}.md" if alert else "")


def _ask_service(known: Situation) -> Iterator[Todo]:
    found = known.measured
    if found is None:
        yield _todo(
            WARN, "No service answers", "on this machine's port; start it with "
            "`make serve`, or say PORT=8001.", "ServiceDown",
        )
        return
    asked = sum(found.get(f"ml_requests_total {code}xx", 0) for code in range(1, 6))
    failed = found.get("ml_requests_total 5xx", 0)
    if asked and failed / asked > ERRORS:
        yield _todo(
            BAD, "Requests fail:", f"{failed:,.0f} of {asked:,.0f} since the service "
            "was started.", "RequestsFail",
        )
    lost = found.get("ml_events_lost_total", 0)
    if lost:
        yield _todo(
            BAD, "Events are lost:", f"{lost:,.0f} answers could not be recorded.",
            "EventsLost",
        )


def _ask_log(known: Situation) -> Iterator[Todo]:
    if known.rows.empty:
        yield _todo(
            WARN, "Nothing was predicted yet.", "Send the service some rows; "
            "http://127.0.0.1:8000/docs shows how.",
        )
    elif known.performance is None:
        yield _todo(
            WARN, "Performance was never measured.", "Run `make performance`; labels "
            "come in with `make labels DATA=labels.csv`.",
        )
    elif not known.performance.labelled:
        yield _todo(
            WARN, "No label has come yet,", "so nothing but the estimate speaks of "
            "performance. Take them in with `make labels DATA=labels.csv`.", "LabelsLate",
        )
    elif known.lag and known.lag > 2 * known.performance.delays.get("p90", 0) + DAY:
        yield _todo(
            WARN, "Labels are overdue:", f"none for the last {known.lag / DAY:.0f} days.",
            "LabelsLate",
        )


def _ask_performance(known: Situation) -> Iterator[Todo]:
    newest = known.performance.newest if known.performance else None
    metric, more_is_better = known.table.headline
    last = known.looks[-1] if known.looks else None
    for value, version, title, alert in (
        (newest and newest.value, newest and newest.model, "The model is worse than it was:", "PerformanceFalls"),
        (last and last.estimated, known.version, "The model is probably worse than it was:", "EstimateFalls"),
    ):
        promise = known.promise.get(version or "")
        if value is None or promise is None:
            continue
        loss = (promise - value if more_is_better else value - promise) / abs(promise)
        if loss > WORSE:
            text = f"{metric} {value:.3f}, and {promise:.3f} before its release."
            yield _todo(WARN, title, text, alert)


def _ask_drift(known: Situation) -> Iterator[Todo]:
    verdict = known.looks[-1].verdict if known.looks else None
    if verdict and verdict.alarm:
        name, more = known.looks[-1].period.name, len(verdict.reasons) - 2
        text = "; ".join(verdict.reasons[:2]) + (f"; and {more} more" if more > 0 else "")
        yield _todo(WARN, f"Drift in {name}:", f"{text}.", "DriftFound")
    elif known.looks and verdict is None:
        yield _todo(WARN, "Drift is not known:", "there is no profile; run `make profile`.")


def _ask_decisions(known: Situation) -> Iterator[Todo]:
    last: Line = next(
        (x for x in reversed(known.trail) if x.get("decision") not in {"hold", "alarm"}), {}
    )
    if last.get("decision") == "failure":
        yield _todo(BAD, "The loop failed:", str(last.get("reason", "")), "RetrainingFails")
    if known.challenger and known.challenger != known.version:
        yield _todo(
            GOOD, f"Version {known.challenger} is being tried", "unseen, until labels for "
            "what both answered decide. Where approval is required: `make approve "
            f"VERSION={known.challenger}`.",
        )
