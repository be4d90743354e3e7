"""Keep the papers: which models there are, where each comes from, what may go wrong with it."""

import argparse
import os

from ..progress import say, step
from . import inventory, lineage, risk
from .promotion import file_promotion

__all__ = ["file_promotion"]

COMMANDS = {
    "inventory": inventory.write,
    "lineage": lineage.write,
    "risk": risk.write,
}


def main(arguments: list[str]) -> None:
    """Write the inventory, the lineage of a version, or the risk sheet."""
    parser = argparse.ArgumentParser(prog="governance", description=__doc__)
    parser.add_argument("what", choices=COMMANDS)
    # `make lineage VERSION=...` hands its word over in the environment.
    parser.add_argument("--version", default=os.environ.get("VERSION") or None)
    chosen = parser.parse_args(arguments)
    with step(f"{chosen.what}: reading the registry, the log and the records"):
        told, paths = COMMANDS[chosen.what](chosen.version)
    for line in told:
        say(f"  {line}")
    say(f"  {'  '.join(map(str, paths))}")
