"""Keep a running service's trial in step with the registry's alias."""

import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from .. import aliases
from ..events import EventLog
from ..scoring import Scorer
from .settings import read_release
from .strategy import Release

LOG = logging.getLogger(__name__)

PACKAGES = Path("packages")
EVERY_SECONDS = 1.0
PATIENCE_SECONDS = 3.0
# After a failure the same version is tried again only after a while.
ROUNDS_TO_REST = 30


class Serves(Protocol):
    """What is needed of a service; see `live.state.Service`."""

    strategy: Any
    panel: Any
    log: EventLog | None
    observers: list[Callable[[list[dict[str, Any]]], None]]

    @property
    def champion(self) -> Scorer:
        """The model that answers unless a strategy says otherwise."""


def find_challenger(alias: str) -> str | None:
    """Give the version to try; an image has no registry and names it in a file."""
    version = aliases.find(alias)
    named = PACKAGES / f"{alias}.json"
    if version is None and named.is_file():
        return str(json.loads(named.read_text("utf-8"))["version"])
    return version


class Follower:
    """Tries the model that the alias names, in a thread of its own, until it is closed."""

    def __init__(
        self, service: Serves, release: Release, make: Callable[[str], object]
    ):
        self.release = release
        self._service, self._make = service, make
        self._failed: str | None = None
        self._rest = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="follow", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Follow no more and try nothing any more; a package in the making is not waited for."""
        self._stopped.set()
        self._thread.join(PATIENCE_SECONDS)
        self.release.close()

    def look(self) -> None:
        """Try the version that the alias names now; the champion itself is no trial."""
        champion = self._service.champion
        version = find_challenger(self.release.settings.strategy.challenger)
        if version == champion.version:
            version = None
        if version == self.release.version:
            return
        if version == self._failed and self._rest:
            self._rest -= 1
            return
        self._failed, self._rest = version, ROUNDS_TO_REST
        if version is not None and not (PACKAGES / version).is_dir():
            self._make(version)
        place = None if version is None else PACKAGES / version
        self.release.replace(place, champion)
        self._failed, self._rest = None, 0

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self.look()
            except Exception as error:  # pylint: disable=broad-except
                # A challenger that cannot be tried is no reason to stop the champion.
                LOG.error("no challenger is tried: %s", error)
            self._stopped.wait(EVERY_SECONDS)


def attach(service: Serves, make: Callable[[str], object]) -> Follower | None:
    """Put conf/release.yaml into force in a service, once; None where there is nothing to do.

    `make` makes the package of a version that has none yet.
    """
    if service.strategy is not None:
        return None
    release = Release(read_release(), service.log)
    if release.settings.strategy.mode == "champion":
        return None
    service.strategy = release
    if release.settings.strategy.mode != "shadow":
        service.panel = release.meet
    service.observers.append(release.observe)
    return Follower(service, release, make)
