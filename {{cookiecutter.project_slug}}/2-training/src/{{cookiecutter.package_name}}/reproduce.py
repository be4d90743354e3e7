"""Rebuild a run from its code, its settings and its data, and prove the same metrics."""

import argparse
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import data, sandbox, tracking
from .files import METRICS, PREPARED, read_json
from .progress import say, step
from .refusal import Refusal
from .settings import PATH as SETTINGS_FILE
from .settings import read_settings
from .table import PATH, read_table
from .tracking import runs
from .tracking.runs import Record

# The same machine gives the same bits; another processor may differ in the last ones.
TOLERANCE = 1e-9
NOT_KEPT = "its run was not finished by `make pipeline`"


@dataclass(frozen=True)
class Pair:
    """One metric, as the run had it and as it was rebuilt."""

    name: str
    before: float | None
    after: float | None

    @property
    def same(self) -> bool:
        """Whether the two agree; a metric that cannot be told must be so in both."""
        if self.before is None or self.after is None:
            return self.before is self.after
        return abs(self.before - self.after) <= TOLERANCE


def flatten(found: dict[str, Any]) -> dict[str, float | None]:
    """Give every number of reports/metrics.json a name such as `validation auc`."""
    periods = [("validation", found["validation"])]
    periods += [(period["period"], period) for period in found["live"]]
    return {
        f"{title} {name}": value
        for title, score in periods
        for name, value in score.items()
        if name != "period"
    }


def link_source(folder: Path) -> None:
    """Let the rebuilt project see the user's table, which is in no commit; it is only read."""
    source = Path(read_table(folder / PATH).source)
    if not source.is_absolute() and source.is_file():
        there = folder / source
        there.parent.mkdir(parents=True, exist_ok=True)
        if not there.exists():
            there.symlink_to(source.resolve())


def rebuild_data(folder: Path, record: Record) -> None:
    """Prepare the table again; another version of the data cannot give the same model."""
    link_source(folder)
    command(folder, "data")
    now, then = data.fingerprint(folder / PREPARED), record.tags["data_sha256"]
    if now != then:
        raise Refusal(
            f"Run {record.run_id} is NOT reproduced: its data has the SHA-256 {then[:12]}…, "
            f"what can be read now has {now[:12]}…; put the old data back in its place."
        )


def command(folder: Path, name: str) -> None:
    """Run one command of the rebuilt project in its own folder."""
    sandbox.run(folder, folder / "src", "-m", tracking.NAME, name)


def check_settings(folder: Path, record: Record) -> None:
    """The parameters in the tracking store must be those that the model is built with."""
    settings = read_settings(folder / SETTINGS_FILE)
    for name, value in {"seed": settings.seed, **settings.model}.items():
        tracked = record.parameters.get(name)
        if tracked != str(value):
            raise Refusal(
                f"Run {record.run_id} is NOT reproduced: the tracking store says "
                f"{name} {tracked}, its settings say {value}."
            )


def compare(folder: Path, record: Record) -> list[Pair]:
    """Pair each metric of the run, from its report and from the tracking store."""
    with tempfile.TemporaryDirectory() as kept:
        report = runs.fetch(record, METRICS.as_posix(), Path(kept))
        before = flatten(read_json(report, NOT_KEPT))
    after = flatten(read_json(folder / METRICS, "evaluate first"))
    pairs = [
        Pair(name, before.get(name), after.get(name))
        for name in dict.fromkeys([*before, *after])
    ]
    tracked = {
        name.replace("validation_", "validation ", 1): value
        for name, value in record.metrics.items()
        if name.startswith("validation_")
    }
    return pairs + [
        Pair(f"{name} (tracked)", value, after.get(name))
        for name, value in tracked.items()
        if not Pair(name, value, after.get(name)).same
    ]


def show(pairs: list[Pair]) -> None:
    """Print the validation part, what differs, and how many more agree."""
    shown = [p for p in pairs if p.name.startswith("validation ") or not p.same][:30]
    say(f"  {'':<34} {'original':>14} {'rebuilt':>14}")
    for pair in shown:
        mark = "" if pair.same else "  differs"
        values = [
            "none" if v is None else f"{v:.10g}" for v in (pair.before, pair.after)
        ]
        say(f"  {pair.name:<34} {values[0]:>14} {values[1]:>14}{mark}")
    if len(shown) < len(pairs):
        say(f"  and {len(pairs) - len(shown)} metrics of the later periods")


def main(arguments: list[str]) -> None:
    """Rebuild in a temporary folder; data/, models/ and reports/ here stay as they are."""
    parser = argparse.ArgumentParser(prog="reproduce", description=__doc__)
    parser.add_argument("run", nargs="?", default=os.environ.get("RUN"))
    named = parser.parse_args(arguments).run
    client = tracking.connect()
    record = runs.find(client, named or tracking.read_run().run_id)
    with tempfile.TemporaryDirectory(prefix="reproduce-") as name:
        folder = Path(name)
        with step(f"reproduce: bringing back the code of run {record.short}"):
            origin = runs.restore_code(record, folder)
        say(f"  {origin}")
        check_settings(folder, record)
        with step("reproduce: rebuilding the data"):
            rebuild_data(folder, record)
        with step("reproduce: training and judging again"):
            command(folder, "train")
            command(folder, "evaluate")
        pairs = compare(folder, record)
    show(pairs)
    conclude(record, pairs)


def conclude(record: Record, pairs: list[Pair]) -> None:
    """Say in one sentence whether the run was reproduced."""
    different = [pair for pair in pairs if not pair.same]
    if different:
        raise Refusal(
            f"Run {record.run_id} is NOT reproduced: {len(different)} of {len(pairs)} "
            f"metrics differ by more than {TOLERANCE:g}."
        )
    say(
        f"Run {record.run_id} is reproduced: all {len(pairs)} metrics agree "
        f"within {TOLERANCE:g}, on data with the same SHA-256."
    )
