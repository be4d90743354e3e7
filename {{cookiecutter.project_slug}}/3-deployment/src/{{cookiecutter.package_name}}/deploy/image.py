"""Prove the image that `make serving-image` built: it starts, answers and stands the load."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from .. import files
from ..progress import say, step
from ..refusal import Refusal
from . import history, load, smoke, tool
from .deployment import Deployment, read_deployment
from .local import PACKAGES

NAME = "image"
ADVICE = "install docker, podman or buildah, or name it with ENGINE=podman"


def deploy() -> None:
    """Run the image, smoke and load test it, and end it; a failure shows its last line."""
    settings, version = read_deployment(), find_version()
    try:
        with step(f"deploy: trying the image with version {version}"):
            measured = try_out(version, settings)
    except Refusal as error:
        history.record(NAME, None, version, history.FAILED, str(error))
        raise Refusal(f"The image of version {version} fails: {error}.") from error
    history.record(NAME, None, version, history.PROVEN)
    say(f"  {measured.describe()}")


def find_version() -> str:
    """Give the version that the image was built with."""
    named = files.read_json(PACKAGES / "champion.json", "run `make package`")
    return str(named["version"])


def try_out(version: str, settings: Deployment) -> load.Measured:
    """Hold the running image against both tests."""
    port = find_port()
    url = f"http://127.0.0.1:{port}"
    with run(port) as name, smoke.connect(url) as client:
        try:
            smoke.wait(client, settings.service.start_seconds)
        except Refusal as error:
            last = tool.read_log(find_engine(), "logs", name)
            raise Refusal(f"{error}; the container said: {last.rstrip('.')}") from error
        return load.check(url, smoke.check(client, version), settings.load)


def find_port() -> int:
    """Find a port that is free now: PORT, or any."""
    if os.environ.get("PORT"):
        return read_deployment().service.port
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def find_engine() -> str:
    """Give the container tool, as the Makefile found it."""
    engine = os.environ.get("ENGINE")
    if not engine:
        raise Refusal(f"there is no container tool here; {ADVICE}")
    return engine


@contextmanager
def run(port: int) -> Iterator[str]:
    """Run the image as Kubernetes does, with a read-only file system; gives its name."""
    engine, tag = find_engine(), os.environ.get("TAG", "")
    words = ["--publish", f"127.0.0.1:{port}:{port}", "--env", f"PORT={port}"]
    words += ["--read-only"]  # except for the volumes that the image names
    name = tool.run(engine, "run", "--detach", *words, tag, advice=ADVICE)
    try:
        yield name
    finally:
        tool.run(engine, "rm", "--force", "--volumes", name, advice=ADVICE)
