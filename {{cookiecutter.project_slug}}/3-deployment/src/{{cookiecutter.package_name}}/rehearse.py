"""Test the champion as a deployment does, and let nothing take over."""

from .deploy import local
from .progress import say


def main(_arguments: list[str]) -> None:
    """Run the package on a private port against the smoke and the load test."""
    say(f"  version {local.rehearse()} could take over: make deploy")
