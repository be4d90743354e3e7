"""A model that answers nothing: it keeps the inputs exactly as the others saw them."""

import json
import threading
from pathlib import Path

from ..events import FOLDER
from ..events.journal import Journal, adopt, list_sealed
from ..streams.bus import Bus, Message
from .policy import Decoy as Settings
from .runner import INPUT

INPUTS = FOLDER / "inputs"


class Decoy:
    """Writes each input as a line of JSON, before anybody answers it; the oldest file goes."""

    def __init__(self, bus: Bus, settings: Settings, folder: Path = INPUTS) -> None:
        self._folder, self._settings = folder, settings
        self._journal = Journal(folder)
        self._lock = threading.Lock()
        self._size = 0
        self._tidy()
        self._stop = bus.consume(INPUT, self._keep)

    @property
    def lost(self) -> int:
        """Inputs that found no room on the disk."""
        return self._journal.lost

    def close(self) -> None:
        """Keep nothing any more."""
        self._stop()
        self._journal.close()

    def _keep(self, message: Message) -> None:
        text = json.dumps(message, default=str, separators=(",", ":"))
        line = text.encode() + b"\n"
        with self._lock:
            self._journal.write(line)
            self._size += len(line)
            if self._size > self._settings.megabytes * 1e6:
                self._size = 0
                self._journal.seal()
                self._tidy()

    def _tidy(self) -> None:
        """Take over what killed processes left, and let the oldest files go."""
        adopt(self._folder)
        for old in list_sealed(self._folder)[: -self._settings.files]:
            old.unlink(missing_ok=True)
