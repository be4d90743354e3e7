"""Find the champion, and follow it: a promotion is picked up without dropping a request."""

import importlib.util
import json
import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from .. import aliases, scoring
from ..refusal import Refusal
from ..sandbox import find_reason
from ..scoring import Scorer
from .state import Service

LOG = logging.getLogger(__name__)

PACKAGES = Path("packages")
NAMED = PACKAGES / "champion.json"


def ask_registry() -> str | None:
    """Give the champion's version; None when there is none, or the registry is away."""
    return aliases.find(aliases.CHAMPION) if aliases.store_is_reachable() else None


def read_named() -> str | None:
    """Give the version that packages/champion.json names: an image has no registry."""
    if not NAMED.is_file():
        return None
    return str(json.loads(NAMED.read_text("utf-8"))["version"])


def load(version: str) -> Scorer:
    """Load a version's package, which is made first where it is not there yet."""
    folder = PACKAGES / version
    if not folder.is_dir():
        make_package(version)
    return scoring.load(folder)


def make_package(version: str) -> None:
    """Make a package in a process of its own: this one must not load what that needs."""
    if importlib.util.find_spec("mlflow") is None:
        raise Refusal(
            f"Version {version} is not in {PACKAGES}/, and mlflow, which would fetch it, "
            "is not installed here; run `make package` where it is."
        )
    command = [sys.executable, "-m", __name__.partition(".")[0], "package"]
    done = subprocess.run(
        command,
        env={**os.environ, "VERSION": version},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        reason = find_reason(done)
        raise Refusal(f"Version {version} cannot be packaged: {reason}")


def load_champion() -> Scorer:
    """Load the champion of now, or say how to get one."""
    version = ask_registry() or read_named()
    if version is None:
        raise Refusal("There is no champion to serve yet; run `make pipeline package`.")
    return load(version)


class Watcher:
    """Looks again and again in a thread of its own, and crowns whom it finds."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._settings = service.settings.champion
        self._registered = False
        self._failed = ""
        self._again = 0.0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more; a package that is being loaded is not waited for."""
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.wait(self._settings.every):
            try:
                self.look()
            except Exception:  # pylint: disable=broad-except
                # Whatever it is, the champion of now goes on and the next look comes.
                LOG.exception("the champion cannot be found out")

    def look(self) -> None:
        """Crown another version where there is one; a broken one changes nothing."""
        version = self._find_version()
        if version is None or version == self._service.champion.version:
            self._failed = ""
            return
        if version == self._failed and time.monotonic() < self._again:
            return
        try:
            self._service.crown(load(version))
        except Exception as error:  # pylint: disable=broad-except
            self._failed = version
            self._again = time.monotonic() + self._settings.again
            stays = self._service.champion.version
            LOG.error("version %s fails, %s stays: %s", version, stays, error)
            return
        self._failed = ""
        LOG.info("version %s answers from now on", version)

    def _find_version(self) -> str | None:
        """Ask the registry; once it answered nobody else decides, not even while it is away."""
        version = ask_registry()
        self._registered = self._registered or version is not None
        return version if self._registered else read_named()
