"""Say where the run, the registered model and what speaks for it can be found."""

import os
from pathlib import Path
from typing import Any

from .files import ABOUT, REPORTS, read_json
from .progress import say

# The names that tracking/ and card/ give them; importing mlflow would cost seconds.
RUN = ABOUT.with_name("run.json")
REGISTERED = ABOUT.with_name("registered.json")
CARD = REPORTS / "model_card.md"
BUNDLES = Path("bundles")


def describe_store() -> str:
    """Say how the tracked runs are looked at."""
    uri = os.environ.get("MLFLOW_TRACKING_URI", "")
    return uri if uri.startswith("http") else "make tracking-ui"


def describe_version(run: dict[str, Any]) -> str:
    """Say which version the model in models/ is; it may have been refused."""
    if not REGISTERED.is_file():
        return "none"
    made = read_json(REGISTERED, "run `make pipeline`")
    mine = (
        "" if made["run_id"] == run["run_id"] else ", which is not the model in models/"
    )
    return f"version {made['version']} of {made['name']}, the champion{mine}"


def main(_arguments: list[str]) -> None:
    """Print one line a thing."""
    if not RUN.is_file():
        return
    run = read_json(RUN, "run `make pipeline`")
    say(f"  run          {run['run_id']}, see it with {describe_store()}")
    say(f"  registered   {describe_version(run)}")
    if CARD.is_file():
        say(f"  card         {CARD}")
    for folder in sorted(BUNDLES.glob("*/"))[-1:]:
        say(f"  bundle       {folder}")
