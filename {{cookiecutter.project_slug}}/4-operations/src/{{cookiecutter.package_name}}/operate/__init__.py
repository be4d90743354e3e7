"""Keep the model good: look, decide, act; each decision is entered in the trail."""

import argparse
import os

from ..history import TRAIL
from ..progress import say, step
from . import approval, forgetting, trail, turn
from .settings import read_operations

SHOWN = 20


def take_turn() -> None:
    """Take one turn and say what was decided."""
    with step("operate: looking at labels, drift and challengers"):
        entries = turn.take()
    for entry in entries:
        say(f"  {trail.show(entry)}")
    if not entries:
        say("  nothing to decide")
    else:
        say(f"  {TRAIL}")
    forgotten = forgetting.forget(read_operations())
    if forgotten:
        say(f"  {forgotten}")


def show_trail() -> None:
    """Show the last decisions."""
    entries = trail.read()
    for entry in entries[-SHOWN:]:
        say(trail.show(entry))
    if not entries:
        say("No decision yet; run `make operate`.")
    elif len(entries) > SHOWN:
        say(f"{len(entries) - SHOWN} earlier ones, and all evidence: {TRAIL}")


def main(arguments: list[str]) -> None:
    """Take a turn, approve a challenger, or show the decisions so far."""
    parser = argparse.ArgumentParser(prog="operate", description=__doc__)
    choices = ("turn", "approve", "trail")
    parser.add_argument("what", nargs="?", choices=choices, default="turn")
    # `make approve VERSION=...` hands its word over in the environment.
    parser.add_argument("--version", default=os.environ.get("VERSION"))
    chosen = parser.parse_args(arguments)
    if chosen.what == "approve":
        say(trail.show(approval.approve(chosen.version)))
    elif chosen.what == "trail":
        show_trail()
    else:
        take_turn()
