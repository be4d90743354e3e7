"""The service's side of a model in its own process: ask it, wait for it, replace it."""

import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import messages
from .settings import Shadow

LOG = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.1, 30.0
# A process that loads a model says nothing for a while, and as it stands back for all others
# that while is long on a busy machine.
LOADING_SECONDS = 180.0
TICK_SECONDS = 0.05
# One that is only slow says something now and then; this many times `patience` is too long.
SILENT_TIMES = 10
# Each message wakes threads of the service: what comes within this time is sent as one.
PAUSE_SECONDS = 0.005

Answer = dict[str, Any]
Hear = Callable[[list[Answer]], None]


@dataclass
class Counts:
    """What became of the questions, since this side was started."""

    asked: int = 0
    answered: int = 0
    failed: int = 0
    shed: int = 0
    late: int = 0
    started: int = 0


@dataclass
class _Pending:
    """A question that is not answered yet."""

    since: float
    given_up: bool = False


@dataclass
class _Box:
    """What is shared between the threads, under one lock."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    waiting: deque[tuple[str, Mapping[str, Any]]] = field(default_factory=deque)
    pending: dict[str, _Pending] = field(default_factory=dict)


class Challenger:
    """Asks a model in its own process; asking costs microseconds and never waits.

    `hear` is called, from a thread, with answers: dictionaries with `key`, `latency` in ms,
    and `prediction` with `chances`, or `error`. An answer that comes after its error was
    heard is heard as well. At most `queue` rows are under way: later ones are shed and
    counted. A process that ends, or says nothing for long, is replaced. Rows that come within
    `pause` seconds are sent together: 0 where somebody waits for the answer.
    """

    def __init__(
        self,
        package: Path,
        hear: Hear,
        settings: Shadow,
        command: Sequence[str] = (sys.executable, "-m", f"{__package__}.worker"),
    ) -> None:
        self.counts = Counts()
        self.ready = threading.Event()
        self.pause = PAUSE_SECONDS
        self.process: subprocess.Popen[bytes] | None = None
        self._package, self._hear, self._settings = package, hear, settings
        self._command = command
        self._box = _Box()
        self._something = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(
            target=self._run, name="challenger", daemon=True
        )
        self._thread.start()

    def ask(self, key: str, row: Mapping[str, Any]) -> bool:
        """Put a row into the queue; False when it is shed because too many are under way."""
        box = self._box
        with box.lock:
            if len(box.pending) >= self._settings.queue or key in box.pending:
                self.counts.shed += 1
                return False
            box.pending[key] = _Pending(time.monotonic())
            box.waiting.append((key, row))
        self.counts.asked += 1
        self._something.set()
        return True

    def close(self) -> None:
        """End the process and the threads; what is under way is heard as an error."""
        self._stopped.set()
        self._something.set()
        self._thread.join()

    def _run(self) -> None:
        """Start the process, and again when it ends: less and less often while it fails."""
        pause = FIRST_PAUSE_SECONDS
        while not self._stopped.is_set():
            answered = self.counts.answered
            why = self._run_once()
            self.ready.clear()
            self._fail_all(why)
            if self._stopped.is_set():
                return
            LOG.warning("the challenger %s is started again: %s", self._package, why)
            worked = self.counts.answered > answered
            pause = (
                FIRST_PAUSE_SECONDS if worked else min(pause * 2, LONGEST_PAUSE_SECONDS)
            )
            self._stopped.wait(pause)

    def _run_once(self) -> str:
        """Run one process until it ends; say why it did."""
        ours, theirs = socket.socketpair()
        words = ["--package", str(self._package), "--socket", str(theirs.fileno())]
        with ours, theirs:
            self.process = subprocess.Popen(  # pylint: disable=consider-using-with
                [*self._command, *words, "--nice", str(self._settings.nice)],
                pass_fds=[theirs.fileno()],
                env={"OMP_NUM_THREADS": "1", **os.environ},
            )
            theirs.close()
            self.counts.started += 1
            try:
                return self._talk(ours)
            except (EOFError, OSError):
                return "its process ended"
            finally:
                self.process.kill()
                self.process.wait()

    def _talk(self, link: socket.socket) -> str:
        """Hear until the end, a long silence or a refusal; a thread of its own asks."""
        silent_since, patience = time.monotonic(), LOADING_SECONDS
        ended = threading.Event()
        sender = threading.Thread(target=self._send, args=(link, ended), daemon=True)
        try:
            while not self._stopped.is_set():
                if messages.is_waiting(link, TICK_SECONDS):
                    said = messages.receive(link)
                    silent_since = time.monotonic()
                    if isinstance(said, list):
                        self._receive(said)
                    elif "refusal" in said:
                        return str(said["refusal"])
                    else:
                        patience = SILENT_TIMES * self._settings.patience
                        self.ready.set()
                        sender.start()
                        LOG.info("the challenger %s is up", self._package.name)
                self._give_up()
                if not self._box.pending and self.ready.is_set():
                    silent_since = time.monotonic()
                if time.monotonic() - silent_since > patience:
                    return f"it said nothing for {patience:g} s"
            return "it was stopped"
        finally:
            ended.set()
            with suppress(OSError):  # it may be gone already
                link.shutdown(socket.SHUT_RDWR)
            self._something.set()
            if sender.ident:
                sender.join()

    def _send(self, link: socket.socket, ended: threading.Event) -> None:
        """Send what waits, together; a full socket holds up this thread and nobody else."""
        try:
            while not ended.is_set():
                self._something.wait()
                time.sleep(self.pause)
                self._something.clear()
                with self._box.lock:
                    questions = list(self._box.waiting)
                    self._box.waiting.clear()
                if questions:
                    messages.send(link, questions)
        except OSError:
            pass  # the other thread notices the end, too

    def _receive(self, answers: list[Answer]) -> None:
        """Match answers to their questions; late ones are heard as well."""
        with self._box.lock:
            known = [
                (item, self._box.pending.pop(item["key"]))
                for item in answers
                if item["key"] in self._box.pending
            ]
        self.counts.answered += len(known)
        self.counts.failed += sum("error" in item for item, _ in known)
        self.counts.late += sum(pending.given_up for _, pending in known)
        self._tell([item for item, _ in known])

    def _give_up(self) -> None:
        """Say which answers are overdue; they keep their place, for they may still come."""
        oldest = time.monotonic() - self._settings.patience
        overdue = []
        with self._box.lock:
            for key, pending in self._box.pending.items():
                if pending.since > oldest:
                    break
                if not pending.given_up:
                    pending.given_up = True
                    overdue.append(key)
        self._say_error(overdue, f"no answer within {self._settings.patience:g} s")

    def _fail_all(self, why: str) -> None:
        """Say that what is under way will not be answered, and forget it."""
        with self._box.lock:
            keys = [
                key
                for key, pending in self._box.pending.items()
                if not pending.given_up
            ]
            self._box.pending.clear()
            self._box.waiting.clear()
        self._say_error(keys, why)

    def _say_error(self, keys: list[str], why: str) -> None:
        self.counts.failed += len(keys)
        self._tell([{"key": key, "error": why} for key in keys])

    def _tell(self, answers: list[Answer]) -> None:
        """Hand answers over; what fails there must not end this thread."""
        if not answers:
            return
        try:
            self._hear(answers)
        except Exception:  # pylint: disable=broad-except
            LOG.exception("answers of the challenger cannot be kept")
