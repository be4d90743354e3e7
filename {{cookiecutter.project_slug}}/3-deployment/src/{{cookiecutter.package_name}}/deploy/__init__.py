"""Release the champion here, as an image or in Kubernetes; what fails its tests is not released."""

import os

from ..refusal import Refusal
from . import cluster, image, local

TARGETS = {"local": local.deploy, "image": image.deploy, "kubernetes": cluster.deploy}


def main(_arguments: list[str]) -> None:
    """Release to TARGET of the environment; this machine is the default."""
    target = os.environ.get("TARGET") or local.NAME
    if target not in TARGETS:
        raise Refusal(f"TARGET is {target!r}; choose one of {', '.join(TARGETS)}.")
    TARGETS[target]()
