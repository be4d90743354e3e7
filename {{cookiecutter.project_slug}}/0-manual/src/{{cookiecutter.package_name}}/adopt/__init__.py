"""Work on another table from now on: describe it in conf/table.yaml and keep a copy."""

import argparse
import os
import re
import shutil
from pathlib import Path
from textwrap import shorten

import pandas as pd

from .. import settings, source
from ..files import METRICS, MODEL, PREDICTIONS, PREPARED, replace
from ..progress import say, step
from ..refusal import Refusal
from ..table import KINDS, PARTS, Table
from . import draft
from .draft import Wish
from .table_file import write_table

RAW = Path("data/raw")
MADE = (PREPARED, PREDICTIONS, MODEL.parent, METRICS.parent)
MOST_NOTES = 8
LEAF = "min_samples_leaf"


def read_wish(arguments: list[str]) -> tuple[Path, Wish]:
    """Read what to adopt; `make adopt` hands its words over in the environment."""
    parser = argparse.ArgumentParser(prog="adopt", description=__doc__)
    for name in ("data", "target", "time", "id", "task"):
        parser.add_argument(f"--{name}", default=os.environ.get(name.upper()))
    chosen = parser.parse_args(arguments)
    if not chosen.data or not chosen.target:
        missing = "DATA" if not chosen.data else "TARGET"
        raise Refusal(
            f"{missing} is missing; `make adopt DATA=table.csv TARGET=column` has both."
        )
    roles = (chosen.time or None, chosen.id or None, chosen.task or None)
    return Path(chosen.data), Wish(chosen.target, *roles)


def read_as_written(path: Path, wish: Wish) -> pd.DataFrame:
    """Read the file without guessing: 007 stays 007."""
    names = source.list_columns(path)
    draft.check_wish(wish, names)
    return source.read_file(path, text=names)


def place_copy(path: Path) -> Path:
    """Where the copy lies; a name that is no text (bytes of old disks) becomes some."""
    return RAW / path.name.encode("utf-8", "replace").decode("utf-8")


def keep_copy(path: Path, place: Path) -> None:
    """Copy the file to where the table is read from, unless it lies there."""
    if not place.exists() or not place.samefile(path):
        replace(place, lambda copy: shutil.copyfile(path, copy))


def forget_former_table() -> None:
    """Remove what was made of the former table, so that nothing of the two is mixed."""
    for path in MADE:
        for old in path.iterdir() if path.is_dir() else [path]:
            if old.is_dir() and not old.is_symlink():
                shutil.rmtree(old)
            else:
                old.unlink(missing_ok=True)


def suit_settings(rows: int) -> list[str]:
    """Let leaves be small where rows are few: flights have 50,000, iris has 150.

    Only the number changes; the rest of the file is its owner's.
    """
    text = settings.PATH.read_text("utf-8")
    least = max(2, min(100, rows // 10))
    changed = re.sub(rf"(?m)^( +{LEAF}: *)\d+", rf"\g<1>{least}", text)
    if changed == text:
        return []
    replace(settings.PATH, lambda copy: copy.write_text(changed, "utf-8"))
    return [
        f"{LEAF} in {settings.PATH} is now {least}, for {rows:,} rows to learn from"
    ]


def main(arguments: list[str]) -> None:
    """Read, judge, and only then change anything."""
    path, wish = read_wish(arguments)
    seed = settings.read_settings().seed
    place = place_copy(path)
    with step(f"adopt: reading {path}"):
        frame = read_as_written(path, wish)
    with step(f"adopt: looking at {len(frame):,} rows x {len(frame.columns)} columns"):
        table, notes = draft.draft_table(frame, wish, place.as_posix(), seed)
    with step(f"adopt: copying to {place}"):
        keep_copy(path, place)
        forget_former_table()
        write_table(table)
        notes += suit_settings(int(len(frame) * draft.SHARES["train"]))
    report(table, notes)


def report(table: Table, notes: list[str]) -> None:
    """Say what was found and what to type next."""
    counts = [
        f"{len(table.of_kind(kind))} {kind}" for kind in KINDS if table.of_kind(kind)
    ]
    found = shorten(", ".join(table.classes), 70, placeholder=" ...")
    say(f"  target     {table.target!r}: {table.task} {found}".rstrip())
    say(f"  inputs     {len(table.columns)}: {', '.join(counts)}")
    how = "by time" if table.time else "at random, for no TIME is given"
    parts = "; ".join(f"{part} {table.show_part(part)}" for part in PARTS)
    say(f"  split      {how}: {parts}")
    for note in notes[:MOST_NOTES]:
        say(f"  note       {note}")
    if len(notes) > MOST_NOTES:
        say(f"  note       and {len(notes) - MOST_NOTES} more of the kind")
    say(
        "  next       read conf/table.yaml and remove what is not known in time; then: make"
    )
