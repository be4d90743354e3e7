"""Bring the model before back, in one command, with a record of who, when and why."""

import os

from .deploy import cluster, local
from .progress import say, step
from .refusal import Refusal


def main(_arguments: list[str]) -> None:
    """Go back on this machine, or in the cluster with TARGET=kubernetes; WHY is required."""
    if not os.environ.get("WHY", "").strip():
        raise Refusal("Say why, for the record: make rollback WHY='it answers late'.")
    target = os.environ.get("TARGET") or local.NAME
    if target == "kubernetes":
        with step("rollback: the revision before"):
            now = cluster.roll_back()
        say(f"  {now} answers again")
    elif target == local.NAME:
        now = local.roll_back(os.environ.get("TO") or None)
        say(f"  version {now} is the champion again; make deployments shows the record")
    else:
        raise Refusal(f"TARGET is {target!r}; choose one of {local.NAME}, kubernetes.")
