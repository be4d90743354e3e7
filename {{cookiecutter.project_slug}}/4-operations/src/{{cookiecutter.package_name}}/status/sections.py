"""The sections of the status page, each from what is known; what is not, is said in words."""

from collections.abc import Iterable
from datetime import UTC, datetime

from ..card.markdown import name as name_metric
from ..card.markdown import number
from ..history import Line, show_time
from . import charts, traffic
from .page import Grid, Heat, Section
from .situation import Situation

MOST_COLUMNS, MOST_PERIODS, MOST_LINES = 14, 12, 15
NO_ROWS = "Nothing was predicted yet."


def show_traffic(known: Situation) -> Section:
    """How many rows were asked for."""
    if known.rows.empty:
        return Section("Traffic", [NO_ROWS], third=True)
    days = traffic.summarise(known.rows)
    total = f"{days['rows'].sum():,} rows in {days['requests'].sum():,} requests."
    drawn = charts.draw_bars("traffic", days["rows"], "rows")
    return Section("Traffic", [total], [drawn], third=True)


def show_latency(known: Situation) -> Section:
    """How long the service took; the log holds answers only, so errors come from /metrics."""
    if known.rows.empty:
        return Section("Time of an answer", [NO_ROWS], third=True)
    days = traffic.smooth(traffic.summarise(known.rows)[["p50", "p99"]])
    named = days.rename(columns={"p50": "half within", "p99": "99 of 100 within"})
    text = ["From the request's arrival until its answer was ready, in milliseconds."]
    return Section(
        "Time of an answer", text, [charts.draw_lines("latency", named, "ms")], third=True
    )


def show_answers(known: Situation) -> Section:
    """What the model says, over time."""
    title = "What the model answers"
    if known.rows.empty:
        return Section(title, [NO_ROWS], third=True)
    mixed = traffic.smooth(traffic.mix(known.rows, known.table))
    floor = None if known.table.task == "regression" else 0
    label = "chance" if known.table.binary else "share"
    if known.table.task == "regression":
        label = known.table.target
    drawn = charts.draw_lines("answers", mixed, label[:24], floor)
    return Section(title, ["A sudden step is a change of the inputs, or of the model."], [drawn], third=True)


def show_performance(known: Situation) -> Section:
    """The headline metric by period, realised beside estimated."""
    metric, more = known.table.headline
    title = f"Performance: {name_metric(metric)}, {'more' if more else 'less'} is better"
    found = known.performance
    realised = {period.name: period for period in found.periods} if found else {}
    estimated = {look.period.name: look.estimated for look in known.looks}
    names = sorted(realised | estimated)[-traffic.MOST_PERIODS :]
    if not names:
        return Section(title, ["Neither measured nor estimated yet; run `make performance`."])
    values = [realised[name].value if name in realised else None for name in names]
    guesses = [estimated.get(name) for name in names]
    models = _name_models(known, names)
    promised = [known.promise.get(model or "") for model in models]
    marks = {
        name: f"version {model}"
        for place, (name, model) in enumerate(zip(names, models, strict=True))
        if model and place and models[place - 1] not in (None, model)
    }
    series = {"realised": values, "estimated": guesses}
    shown = {name: line for name, line in series.items() if any(v is not None for v in line)}
    lines = charts.Lines(names, shown, promised, marks)
    rows = [
        [name, model or "–", number(realised[name].rows) if name in realised else "–",
         number(value, 3), number(guess, 3), number(promise, 3)]
        for name, model, value, guess, promise in zip(
            names, models, values, guesses, promised, strict=True)
    ]
    header = ["Period", "Version", "Rows with a label", "Realised", "Estimated", "Before release"]
    grid = Grid(header, rows[::-1], frozenset(range(2, 6)))
    drawn = [charts.draw_periods("performance", lines, name_metric(metric))] if shown else []
    return Section(title, _explain_performance(known, guesses), drawn, [grid])


def _explain_performance(known: Situation, guesses: list[float | None]) -> list[str]:
    said = []
    found = known.performance
    if found is None:
        said.append("Realised: not measured yet; run `make performance`.")
    elif not found.labelled:
        said.append(f"Realised: none of {found.predictions:,} predictions has a label yet.")
    else:
        delay = found.delays.get("p50", 0) / 86_400
        late = found.delays.get("p90", 0) / 86_400
        said.append(
            f"{found.labelled:,} of {found.predictions:,} predictions have a label; half of "
            f"them came within {delay:.1f} days, nine of ten within {late:.1f}."
        )
    if known.table.task == "regression":
        said.append("An estimate needs chances: of numbers there is none.")
    elif all(guess is None for guess in guesses):
        said.append("Not estimated: no calibration belongs to this version; run `make profile`.")
    else:
        said.append(
            "The estimate is right while the inputs change and their meaning does not."
        )
    return said


def _name_models(known: Situation, names: Iterable[str]) -> list[str | None]:
    """Give the version that answered most rows of each period."""
    of_period = {}
    for look in known.looks:
        inside = known.rows["time"].between(look.period.begin, look.period.end, "left")
        answered = known.rows.loc[inside, "model"]
        of_period[look.period.name] = str(answered.mode()[0]) if len(answered) else None
    return [of_period.get(name) for name in names]


def show_drift(known: Situation) -> Section:
    """How far each column moved in each period; the columns that moved most come first."""
    looks = [look for look in known.looks if look.verdict][-MOST_PERIODS:]
    if not looks:
        why = "run `make profile`" if known.looks else NO_ROWS
        return Section("Drift by column", [f"Not looked at yet: {why}"])
    moved = [
        {item.name: item for item in look.verdict.columns} for look in looks if look.verdict
    ]
    names = sorted(
        {name for period in moved for name in period},
        key=lambda name: (
            -sum(name in period and period[name].drifted for period in moved),
            -max(period[name].size for period in moved if name in period),
        ),
    )[:MOST_COLUMNS]
    cells = [
        [period[name].size if name in period else None for period in moved] for name in names
    ]
    marked = {
        (place, at)
        for place, name in enumerate(names)
        for at, period in enumerate(moved)
        if name in period and period[name].drifted
    }
    heat = Heat([_shorten(look.period.name) for look in looks], names, cells, marked)
    alarms = sum(bool(look.verdict and look.verdict.alarm) for look in looks)
    text = [
        "Share of the rows that moved, against what the model learned from. Bold: more than "
        f"matters and more than chance. {alarms} of {len(looks)} periods are an alarm."
    ]
    return Section("Drift by column", text, heat=heat)


def _shorten(period: str) -> str:
    """Write 2013-04 as Apr 13; a day without its year."""
    if len(period) != 7:
        return period[5:]
    return datetime.strptime(period, "%Y-%m").replace(tzinfo=UTC).strftime("%b %y")


def show_decisions(trail: list[Line]) -> Section:
    """The audit trail, the newest line first."""
    if not trail:
        text = "No decision yet: operations/trail.jsonl is empty. `make operate` takes a turn."
        return Section("Decisions", [text])
    rows = [
        [
            show_time(line["time"]),
            str(line.get("decision", "")),
            str(line.get("version") or "–"),
            str(line.get("reason", "")),
            str(line.get("by", "")),
        ]
        for line in trail[::-1][:MOST_LINES]
    ]
    header = ["When (UTC)", "Decision", "Version", "Why", "By"]
    more = [f"{len(trail):,} in all, with their evidence, in operations/trail.jsonl."]
    return Section("Decisions about challengers", more, grids=[Grid(header, rows, long=3)])


def show_deployments(deployed: list[Line]) -> Section:
    """What was released, the newest first."""
    if not deployed:
        text = "Nothing was deployed yet: `make deploy TARGET=local`."
        return Section("Deployments", [text])
    rows = [
        [
            show_time(line["time"]),
            f"{line.get('from') or '–'} → {line.get('to') or '–'}",
            str(line.get("outcome", "")),
            str(line.get("target", "")),
            str(line.get("why") or line.get("detail") or ""),
            str(line.get("who", "")),
        ]
        for line in deployed[::-1][:MOST_LINES]
    ]
    header = ["When (UTC)", "Version", "Outcome", "Where", "Why", "Who"]
    return Section("Deployments", grids=[Grid(header, rows, long=4)])
