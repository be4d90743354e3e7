"""The trend: past commits scored with today's ruler, without touching the repository."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from . import git
from .git import Commit
from .parallel import run_all
from .refusal import Refusal
from .scanning import scan_folder
from .scoring.assessment import Assessment, assess
from .scoring.dimensions import share


@dataclass(frozen=True)
class Point:
    """One commit by evidence alone; `share` is the part of all capabilities that is shown."""

    commit: str
    day: str
    level: int
    share: float
    dimensions: dict[str, float | None]
    left_out: int
    ruler: str


def pick(commits: Sequence[Commit], count: int) -> list[Commit]:
    """Give so many commits, evenly over the history, with the first and the last."""
    last = len(commits) - 1
    if count <= 1 or last <= 0:
        return list(commits[-1:])
    steps = min(count - 1, last)
    return [commits[round(n * last / steps)] for n in range(steps + 1)]


def trace(folder: Path, count: int, processes: int = 0) -> list[Point]:
    """Score some commits of the branch that is checked out, oldest first. Raises Refusal."""
    commits = pick(git.list_commits(folder), count)
    points = run_all(partial(score, folder), commits, processes)
    for point, commit in zip(points, commits, strict=True):
        if isinstance(point, str):
            raise Refusal(f"Commit {commit.id[:10]} cannot be scored: {point}")
    return [point for point in points if isinstance(point, Point)]


def score(folder: Path, commit: Commit) -> Point:
    """Score one commit in a folder of its own."""
    with git.unpack(folder, commit.id) as (tree, left_out):
        scan = replace(scan_folder(tree), commit=commit.id)
    day = datetime.fromtimestamp(commit.time, UTC).date()
    return describe(assess(scan, day=day), day, left_out)


def describe(assessment: Assessment, day: date, left_out: int) -> Point:
    """Make a point of an assessment."""
    shown = share(s.evidence for s in assessment.standings.values() if s.counts)
    return Point(
        assessment.scan.commit,
        day.isoformat(),
        assessment.level.evidence,
        round(shown or 0.0, 3),
        {d.id: d.evidence for d in assessment.dimensions},
        left_out,
        assessment.ruler,
    )


def tell(points: Sequence[Point]) -> list[dict[str, object]]:
    """Give the points as plain values."""
    return [asdict(point) for point in points]
