"""How much more is followed: what refers to itself many times over would never end."""

from .notes import Notes


class Budget:  # pylint: disable=too-few-public-methods
    """A number that is spent one by one; where it is used up, a note says of what."""

    def __init__(self, left: int, what: str, notes: Notes) -> None:
        self.left = left
        self._why = f"only the first {left:,} {what} were followed"
        self._notes = notes

    def spend(self) -> bool:
        """Take one; false where none is left."""
        if self.left <= 0:
            self._notes.add("", self._why)
            return False
        self.left -= 1
        return True
