"""The figures as Markdown, and whether they meet the goals."""

from .bodies import SIZES
from .subject import Subject

ONE, MANY = SIZES
HEAD = [
    "| server | rows | CPU us a request | x limit | requests/s | p50 ms | p99 ms "
    "| MB | first answer s |",
    "|---|---|---|---|---|---|---|---|---|",
]


def write_table(subjects: list[Subject]) -> list[str]:
    """Write the medians of the rounds, each beside the limit, which comes first."""
    return HEAD + [
        write_row(one, size, subjects[0]) for size in SIZES for one in subjects
    ]


def write_row(subject: Subject, rows: int, limit: Subject) -> str:
    """Write what one server needed for requests of one size."""
    cost, rate, load = subject.find(rows)
    times = cost / limit.find(rows).cost
    return (
        f"| {subject.name} | {rows} | {cost:,.0f} | {times:.2f} "
        f"| {rate:,.0f} | {load.p50:.2f} | {load.p99:.2f} "
        f"| {subject.memory:.0f} | {subject.first:.1f} |"
    )


def judge(subjects: list[Subject]) -> list[str]:
    """Hold our figures against the goals; each line says what was measured."""
    named = {one.name: one for one in subjects}
    ours, limit = named["ours"], named["limit"]
    one = ours.find(ONE)
    goals = [
        (
            named["mlflow models serve"].find(ONE).cost / one.cost,
            "x less CPU than mlflow",
            100,
            1,
        ),
        (one.cost / limit.find(ONE).cost, "x the limit, 1 row", 2, -1),
        (
            ours.find(MANY).cost / limit.find(MANY).cost,
            "x the limit, 100 rows",
            1.5,
            -1,
        ),
        (one.load.p99, "ms p99 at 16 connections", 5, -1),
        (ours.memory, "MB", 100, -1),
        (ours.first, "s to the first answer", 2, -1),
    ]
    return [*(say(*goal) for goal in goals), describe_shadow(named)]


def say(value: float, what: str, goal: float, way: int) -> str:
    """Say whether a goal is met; `way` is 1 where more is better."""
    verdict = "met" if (value - goal) * way >= 0 else "missed"
    return f"- {value:.2f} {what} (goal: {'>=' if way > 0 else '<='} {goal}): {verdict}"


def describe_shadow(named: dict[str, Subject]) -> str:
    """Say what it costs the champion to be watched."""
    kept = named["ours, every prediction kept"].find(ONE).load.p50
    watched = named["ours, kept, a shadow looks on"].find(ONE).load.p50
    return (
        "- A shadow, itself as busy as the champion, on the same cores: "
        f"the median answer takes {watched / kept:.2f} times as long."
    )
