"""Check a table, or the logged predictions, against what the model learned from."""

from .profile import Counts, Profile, count, merge, read, write
from .settings import Rules, read_rules
from .verdict import Verdict, check, judge

__all__ = [
    "Counts",
    "Profile",
    "Rules",
    "Verdict",
    "check",
    "count",
    "judge",
    "merge",
    "read",
    "read_rules",
    "write",
]
