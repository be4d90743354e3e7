"""Make the registered model deployable: a graph, its schema and card, and their checksums."""

import argparse
import os
from pathlib import Path
from typing import Any

import pandas as pd
from sklearn.pipeline import Pipeline

from .. import aliases
from ..files import read_json, write_json
from ..progress import say, step
from ..refusal import Refusal
from ..scoring import manifest
from ..table import Table
from . import shelf
from .assembly import Model, build, hold_out

PACKAGES = Path("packages")
# Names the version to serve where no registry is in reach: in an image.
CHAMPION = PACKAGES / "champion.json"


def make(version: str) -> Path:
    """Make the package of a registered version, once, and give its folder.

    A package that is there already, whole and of the same run, stays as it is.
    """
    # Importing mlflow takes seconds, and `make_from` needs none of it.
    from . import registered  # pylint: disable=import-outside-toplevel

    place = PACKAGES / version
    with shelf.take_turns(PACKAGES):
        found = registered.find(version)
        if not is_made(place, str(found.run_id)):
            model = registered.fetch(found)
            build(model, place, hold_out(model.table, model.about))
    return place


def make_from(
    fitted: Pipeline,
    table: Table,
    about: dict[str, Any],
    folder: Path,
    rows: pd.DataFrame | None = None,
) -> Path:
    """Make a package of a fitted pipeline in `folder`, whose name is the version.

    `rows` prove the parity; by default they are drawn from the validation part.
    """
    sample = hold_out(table, about) if rows is None else rows
    build(Model(fitted, table, about), folder, sample)
    return folder


def is_made(place: Path, run_id: str) -> bool:
    """Tell whether a whole package of this run is there."""
    try:
        return bool(manifest.read(place)["run_id"] == run_id)
    except Refusal:
        return False


def name_champion(version: str) -> None:
    """Note which package to serve where no registry is in reach."""
    write_json(CHAMPION, {"version": version})


def describe(place: Path) -> str:
    """Say in one line how the package is run."""
    said = manifest.read(place)
    if said["kind"] == "sklearn":
        return f"is run by scikit-learn, not as a graph: {said['reason']}"
    found = read_json(place / manifest.PARITY, manifest.ADVICE)
    return (
        f"a graph; on {found['rows']:,} rows it differs from scikit-learn by at most "
        f"{found['largest']:.1g}, where {found['tolerance']:.1g} is allowed"
    )


def main(arguments: list[str]) -> None:
    """Package the champion, or the version that is named."""
    parser = argparse.ArgumentParser(prog="package", description=__doc__)
    parser.add_argument("--version", default=os.environ.get("VERSION") or None)
    named = parser.parse_args(arguments).version
    champion = aliases.find(aliases.CHAMPION)
    version = named or champion
    if version is None:
        raise Refusal("No model is registered yet; run `make pipeline`.")
    with step(f"package: version {version}"):
        place = make(version)
    if version == champion:
        name_champion(version)
    say(f"  {place}  {describe(place)}")
