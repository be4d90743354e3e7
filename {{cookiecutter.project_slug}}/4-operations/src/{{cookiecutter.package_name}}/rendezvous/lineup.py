"""Keep the models that run in step with the policy, while it is edited."""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from ..refusal import Refusal
from ..release import follow
from ..release.challenger import PAUSE_SECONDS
from ..release.settings import Shadow
from ..release.strategy import check_table
from ..scoring import Scorer
from ..streams.bus import Bus
from .decoy import Decoy
from .policy import CHAMPION, PATH, Policy, read_policy
from .runner import Runner

LOG = logging.getLogger(__name__)

EVERY_SECONDS = 1.0
# After a failure the same version is tried again only after a while.
REST_SECONDS = 30.0
PATIENCE_SECONDS = 5.0


class Lineup:
    """Reads the policy again and again in a thread; rolls models in and out as it says.

    Without `make`, which makes the package of a version, nothing runs here: the models
    are elsewhere. Without `archive` there is no decoy.
    """

    def __init__(
        self,
        bus: Bus,
        find_champion: Callable[[], Scorer],
        make: Callable[[str], object] | None,
        archive: bool = True,
    ) -> None:
        self.policy: Policy = read_policy()
        self.runners: dict[str, Runner] = {}
        self.wanted: dict[str, str] = {}
        self.decoy: Decoy | None = None
        self._text = PATH.read_text("utf-8")
        self._bus, self._find_champion, self._make = bus, find_champion, make
        self._archive = archive and make is not None
        self._resting: dict[tuple[str, str], float] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lineup", daemon=True)
        self._set_decoy()

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def close(self) -> None:
        """Look no more and end every model; a package in the making is not waited for."""
        self._stopped.set()
        if self._thread.ident:
            self._thread.join(PATIENCE_SECONDS)
        for name in list(self.runners):
            self.runners.pop(name).close()
        if self.decoy:
            self.decoy.close()

    def look(self) -> None:
        """Read the policy where it was changed, and let run whom it names."""
        self._read()
        wanted = self.wanted = self._find_wanted()
        if self._make is None:
            return
        for name, runner in list(self.runners.items()):
            if wanted.get(name) != runner.version:
                LOG.info("%s: version %s is rolled out", name, runner.version)
                del self.runners[name]
                runner.close()
        for name, version in wanted.items():
            if name not in self.runners and not self._rests(name, version):
                self._roll_in(name, version)
        for name, runner in self.runners.items():
            waited_for = any(name in step.accept for step in self.policy.schedule)
            runner.challenger.pause = 0.0 if waited_for else PAUSE_SECONDS

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self.look()
            except Exception:  # pylint: disable=broad-except
                # Whoever runs goes on, and the next look comes.
                LOG.exception("the models cannot be looked after")
            self._stopped.wait(EVERY_SECONDS)

    def _read(self) -> None:
        """Take a new policy over; one with a mistake changes nothing and is said once."""
        try:
            text = PATH.read_text("utf-8")
            if text == self._text:
                return
            self._text = text
            policy = read_policy()
        except (Refusal, OSError) as error:
            LOG.error("the policy of before stays: %s", error)
            return
        old, self.policy = self.policy, policy
        LOG.info("a new policy is in force")
        if old.process != policy.process:
            for name in list(self.runners):
                self.runners.pop(name).close()
        if old.decoy != policy.decoy:
            self._set_decoy()

    def _find_wanted(self) -> dict[str, str]:
        """Give the version of each model; an alias that names none is left out."""
        champion = self._find_champion().version
        wanted = {}
        for name, model in self.policy.remote.items():
            version = model.version or follow.find_challenger(str(model.alias))
            if name == CHAMPION:
                version = champion
            elif version == champion and name != self.policy.canary:
                version = None  # it answers already
            if version is not None:
                wanted[name] = version
        return wanted

    def _roll_in(self, name: str, version: str) -> None:
        """Start a model; one that cannot run is no reason to stop the others."""
        place = follow.PACKAGES / version
        try:
            if self._make and not Path(place).is_dir():
                self._make(version)
            check_table(place, self._find_champion())
            settings = Shadow(**vars(self.policy.process))
            self.runners[name] = Runner(self._bus, name, place, settings)
        except Exception as error:  # pylint: disable=broad-except
            self._resting[name, version] = time.monotonic() + REST_SECONDS
            LOG.error("%s: version %s cannot run: %s", name, version, error)
            return
        LOG.info("%s: version %s is rolled in", name, version)

    def _rests(self, name: str, version: str) -> bool:
        return time.monotonic() < self._resting.get((name, version), 0.0)

    def _set_decoy(self) -> None:
        if self.decoy:
            self.decoy.close()
        if self._archive:
            self.decoy = Decoy(self._bus, self.policy.decoy)
