"""Say what an operator should do next, the most urgent first."""

from collections.abc import Iterator

from .page import BAD, GOOD, WARN, Todo
from .situation import Situation

DAY = 86_400.0
# The limits of monitoring/rules.yml; a test holds them together.
ERRORS, WORSE = 0.01, 0.05
RUNBOOKS = "docs/runbooks"
NO_SERVICE = "on this machine's port; start it with `make serve`, or say PORT=8001."
NO_ROWS = "Send the service some; http://127.0.0.1:8000/docs shows how."
NO_MEASURE = (
    "Run `make performance`; labels come in with `make labels DATA=labels.csv`."
)
NO_LABELS = "so only the estimate speaks of performance: `make labels DATA=labels.csv`."
TRIED = (
    "unseen, until the labels of what both answered decide. Where approval is required: "
    "`make approve VERSION={}`."
)


def advise(known: Situation) -> list[Todo]:
    """Give everything that asks for somebody; one good word when nothing does."""
    found = [
        *_ask_service(known),
        *_ask_labels(known),
        *_ask_performance(known),
        *_ask_drift(known),
        *_ask_decisions(known),
    ]
    ranked = sorted(found, key=lambda item: (BAD, WARN, GOOD).index(item.tone))
    well = Todo(GOOD, "Nothing.", "All that is measured is as it should be.")
    return ranked or [well]


def _todo(tone: str, title: str, text: str, alert: str = "") -> Todo:
    return Todo(tone, title, text, f"{RUNBOOKS}/{alert}.md" if alert else "")


def _ask_service(known: Situation) -> Iterator[Todo]:
    found = known.measured
    if found is None:
        yield _todo(WARN, "No service answers", NO_SERVICE, "ServiceDown")
        return
    asked = sum(found.get(f"ml_requests_total {code}xx", 0) for code in range(1, 6))
    failed = found.get("ml_requests_total 5xx", 0)
    if asked and failed / asked > ERRORS:
        text = f"{failed:,.0f} of {asked:,.0f} since the service was started."
        yield _todo(BAD, "Requests fail:", text, "RequestsFail")
    lost = found.get("ml_events_lost_total", 0)
    if lost:
        text = f"{lost:,.0f} answers could not be recorded."
        yield _todo(BAD, "Events are lost:", text, "EventsLost")


def _ask_labels(known: Situation) -> Iterator[Todo]:
    found = known.performance
    if known.rows.empty:
        yield _todo(WARN, "Nothing was predicted yet.", NO_ROWS)
    elif found is None:
        yield _todo(WARN, "Performance was never measured.", NO_MEASURE)
    elif not found.labelled:
        yield _todo(WARN, "No label has come yet,", NO_LABELS, "LabelsLate")
    elif known.lag and known.lag > 2 * found.delays.get("p90", 0) + DAY:
        text = f"none for the last {known.lag / DAY:.0f} days."
        yield _todo(WARN, "Labels are overdue:", text, "LabelsLate")


def _ask_performance(known: Situation) -> Iterator[Todo]:
    """Compare the version that answers now with what it had before its release."""
    newest = known.performance.newest if known.performance else None
    last = known.looks[-1] if known.looks else None
    asked: dict[str, tuple[str | None, float | None]] = {}
    if newest:
        asked["PerformanceFalls"] = newest.model, newest.value
    if last:
        asked["EstimateFalls"] = last.version, last.estimated
    metric, more = known.table.headline
    for alert, (version, value) in asked.items():
        promise = known.promise.get(version or "")
        if value is None or not promise or known.version not in (None, version):
            continue
        if (promise - value if more else value - promise) / abs(promise) > WORSE:
            sure = "" if alert == "PerformanceFalls" else "probably "
            text = f"{metric} {value:.3f}, and {promise:.3f} before its release."
            yield _todo(WARN, f"The model is {sure}worse than it was:", text, alert)


def _ask_drift(known: Situation) -> Iterator[Todo]:
    last = known.looks[-1] if known.looks else None
    if last is None:
        return
    if last.verdict is None:
        yield _todo(WARN, "Drift is not known:", "there is no profile; `make profile`.")
    elif last.verdict.alarm:
        reasons = last.verdict.reasons
        more = f"; and {len(reasons) - 2} more" if len(reasons) > 2 else ""
        text = f"{'; '.join(reasons[:2])}{more}."
        yield _todo(WARN, f"Drift in {last.period.name}:", text, "DriftFound")


def _ask_decisions(known: Situation) -> Iterator[Todo]:
    quiet = {"hold", "alarm"}
    last = [line for line in known.trail if line.get("decision") not in quiet][-1:]
    if last and last[0].get("decision") == "failure":
        reason = str(last[0].get("reason", ""))
        yield _todo(BAD, "The loop failed:", reason, "RetrainingFails")
    if known.challenger and known.challenger != known.version:
        title = f"Version {known.challenger} is being tried"
        yield _todo(GOOD, title, TRIED.format(known.challenger))
