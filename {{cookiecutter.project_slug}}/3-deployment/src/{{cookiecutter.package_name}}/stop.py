"""End the deployment of this machine."""

from .deploy import local
from .progress import say


def main(_arguments: list[str]) -> None:
    """Let the service answer what it has taken on, and end it."""
    say(f"stop: version {local.stop()} has ended")
