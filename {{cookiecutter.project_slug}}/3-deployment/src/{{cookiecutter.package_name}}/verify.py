"""Smoke and load test a service wherever it runs."""

import os

from .deploy import load, smoke
from .deploy.deployment import read_deployment
from .progress import say, step
from .refusal import Refusal


def main(_arguments: list[str]) -> None:
    """Test the service at URL of the environment; the settings are those of a deployment."""
    url, settings = os.environ.get("URL", ""), read_deployment()
    if not url.startswith(("http://", "https://")):
        raise Refusal(f"URL is {url!r}; name a service: make verify URL=https://...")
    try:
        with step(f"verify: {url}"), smoke.connect(url) as client:
            smoke.wait(client, settings.service.start_seconds)
            measured = load.check(url, smoke.check(client, None), settings.load)
    except Refusal as error:
        raise Refusal(f"{url} fails: {error}.") from error
    say(f"  {measured.describe()}")
