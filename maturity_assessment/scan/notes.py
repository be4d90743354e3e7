"""What was not read, or not wholly: collected while the scan goes on."""

from maturity_assessment.evidence import Note


class Notes:
    """A list of notes in which no note stands twice."""

    def __init__(self) -> None:
        self._notes: dict[Note, None] = {}

    def add(self, path: str, why: str) -> None:
        """Note that a file was not read, and why."""
        self._notes[Note(path, " ".join(why.split())[:200])] = None

    def all(self) -> tuple[Note, ...]:
        """Give every note, in the order of the paths."""
        return tuple(sorted(self._notes, key=lambda note: (note.path, note.why)))
